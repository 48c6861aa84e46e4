"""Finds the Postfix instances of a bundle: every folder with a main.cf or a master.cf."""

import posixpath
from collections.abc import Iterator
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
    """One site a configuration folder; a lone `postconf -n` print counts as main.cf."""
    folders = {posixpath.dirname(path) for path in bundle.files if is_configuration(path)}
    sites = tuple(site_of(bundle, folder) for folder in sorted(folders))
    return sites or tuple(printed_sites(bundle))


def is_configuration(path: str) -> bool:
    is_template = any(folder in f"/{path}" for folder in TEMPLATE_FOLDERS)
    return posixpath.basename(path) in {MAIN, MASTER} and not is_template


def site_of(bundle: Bundle, folder: str) -> Site:
    main, master = posixpath.join(folder, MAIN), posixpath.join(folder, MASTER)
    return Site(place_of(folder), main if main in bundle.files else "", master if master in bundle.files else "")


def printed_sites(bundle: Bundle) -> Iterator[Site]:
    for path in sorted(bundle.files):
        if posixpath.basename(path).startswith(PRINTED):
            yield Site(place_of(posixpath.dirname(path)), path, "")
            return


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
