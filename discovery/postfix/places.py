"""Finds in a bundle the file that an absolute path of the customer's host means."""

import posixpath
from dataclasses import dataclass

from discovery.postfix.bundle import Bundle
from discovery.postfix.tables import COMPILED_SUFFIXES

MAIN = "main.cf"
MASTER = "master.cf"
USUAL_DIRECTORY = "/etc/postfix"
SYSTEM_FOLDERS = ("/etc/", "/opt/", "/usr/local/etc/")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an instance lies: its folder in the bundle, the host's root there, and the path on the host."""

    folder: str
    root: str
    config_directory: str


def place_of(folder: str) -> Place:
    """`mx1/etc/postfix-a` lies under the root `mx1` and was `/etc/postfix-a` on its host."""
    anchored = f"/{folder}"
    for system in SYSTEM_FOLDERS:
        at = anchored.rfind(system)
        if at >= 0:
            return Place(folder, anchored[:at].strip("/"), anchored[at:])
    name = posixpath.basename(folder)
    if name.startswith("postfix"):
        return Place(folder, posixpath.dirname(folder), f"/etc/{name}")
    return Place(folder, folder, USUAL_DIRECTORY)


def find_file(bundle: Bundle, place: Place, path: str) -> str:
    """The bundle's path for a path on the host, or "" when the bundle does not hold it."""
    absolute = posixpath.normpath(path if path.startswith("/") else f"{place.config_directory}/{path}")
    candidates = [posixpath.join(place.root, absolute.lstrip("/"))]
    beside = f"{place.config_directory}/"
    if absolute.startswith(beside):
        candidates.append(posixpath.join(place.folder, absolute.removeprefix(beside)))
    if absolute.startswith("/etc/"):
        candidates.append(posixpath.join(place.root, absolute.removeprefix("/etc/")))
    return next((candidate for candidate in candidates if candidate in bundle.files), "")


def find_folder(bundle: Bundle, place: Place, path: str) -> str:
    """The bundle's folder for a configuration directory on the host, or ""."""
    found = find_file(bundle, place, posixpath.join(path, MAIN))
    return posixpath.dirname(found)


def has_compiled(bundle: Bundle, path: str) -> bool:
    """Whether a compiled table of this source was in the upload and left out as binary."""
    ends = tuple(posixpath.basename(path) + suffix for suffix in COMPILED_SUFFIXES)
    return any(posixpath.basename(skipped.path) in ends for skipped in bundle.skipped)


def reason_left_out(bundle: Bundle, place: Place, path: str) -> str:
    """Why a file that was in the upload under this path was not kept, or ""."""
    there = posixpath.join(place.root, path.lstrip("/"))
    beside = posixpath.join(place.folder, path.removeprefix(f"{place.config_directory}/"))
    found = (skipped.reason for skipped in bundle.skipped if not skipped.line and skipped.path in {there, beside})
    return next(found, "").partition(" was skipped: ")[2].rstrip(".")
