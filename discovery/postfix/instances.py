"""Finds the Postfix instances of a bundle: every folder with a main.cf or a master.cf."""

import posixpath
from dataclasses import dataclass

from discovery.postfix.bundle import Bundle
from discovery.postfix.places import MAIN, MASTER, Place, place_of

TEMPLATE_FOLDERS = ("/usr/share/", "/usr/lib/postfix", "/usr/libexec/", "/doc/", "/examples/", "/.git/")
PRINTED = ("postconf-n", "postconf_n", "postconf", "main.cf")


@dataclass(frozen=True, slots=True)
class Site:
    """The two files of one instance, "" for one that is absent, and where they lie."""

    place: Place
    main: str
    master: str


def find_sites(bundle: Bundle) -> tuple[Site, ...]:
    """One site a configuration folder; without any main.cf, `main.cf.example` or a `postconf -n` print will do."""
    folders = {posixpath.dirname(path) for path in bundle.files if is_configuration(path)}
    sites = tuple(site_of(bundle, folder) for folder in sorted(folders))
    if any(site.main for site in sites):
        return sites
    lone = lone_settings(bundle)
    masters = {site.place.folder: site.master for site in sites}
    folder = posixpath.dirname(lone)
    return (Site(place_of(folder), lone, masters.get(folder, "")),) if lone else sites


def is_configuration(path: str) -> bool:
    is_template = any(folder in f"/{path}" for folder in TEMPLATE_FOLDERS)
    return posixpath.basename(path) in {MAIN, MASTER} and not is_template


def site_of(bundle: Bundle, folder: str) -> Site:
    main, master = posixpath.join(folder, MAIN), posixpath.join(folder, MASTER)
    return Site(place_of(folder), main if main in bundle.files else "", master if master in bundle.files else "")


def lone_settings(bundle: Bundle) -> str:
    """The path of the only file that could stand for main.cf, or ""."""
    likely = [path for path in bundle.files if posixpath.basename(path).startswith(PRINTED)]
    return min(likely, default="")


def name_sites(sites: tuple[Site, ...]) -> dict[str, str]:
    """`{folder: name}`: the folder's own name, with the host's folder before it when hosts differ."""
    roots = {site.place.root for site in sites}
    names: dict[str, str] = {}
    for site in sites:
        name = posixpath.basename(site.place.config_directory)
        host = posixpath.basename(site.place.root)
        name = f"{host}/{name}" if len(roots) > 1 and host else name
        names[site.place.folder] = name if name not in names.values() else site.place.folder
    return names
