"""Finds the Postfix instances of a bundle: every folder with a main.cf or a master.cf."""

import posixpath
import re
from dataclasses import dataclass

from discovery.postfix.bundle import Bundle
from discovery.postfix.places import MAIN, MASTER, Place, place_of
from discovery.postfix.printed import ALL_AS_JSON, SERVICES, SETTINGS, prints_of

TEMPLATE_FOLDERS = ("/usr/share/", "/usr/lib/postfix", "/usr/libexec/", "/doc/", "/examples/", "/.git/")
# What `postconf -n` and `postconf -M` print, and copies of main.cf under another name; the surest names first.
PRINTED_SETTINGS = (
    re.compile(r"postconf[-_. ]?n(?![\w])"),
    re.compile(r"postconf(?![-_. ]?(M|Mf|P|nx|n?x|j|d)\b)(?!.*\.json)"),
    re.compile(r"main\.cf"),
)
PRINTED_SERVICES = (re.compile(r"postconf[-_. ]?M\b"), re.compile(r"postconf[-_. ]?Mf\b"))


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
    lone = lone_print(bundle, PRINTED_SETTINGS) or printed_path(bundle, (SETTINGS, ALL_AS_JSON))
    masters = {site.place.folder: site.master for site in sites}
    folder = posixpath.dirname(lone)
    master = (
        masters.get(folder, "") or lone_print(bundle, PRINTED_SERVICES, folder) or printed_path(bundle, (SERVICES,))
    )
    return (Site(place_of(folder), lone, master),) if lone else sites


def is_configuration(path: str) -> bool:
    is_template = any(folder in f"/{path}" for folder in TEMPLATE_FOLDERS)
    return posixpath.basename(path) in {MAIN, MASTER} and not is_template


def site_of(bundle: Bundle, folder: str) -> Site:
    main, master = posixpath.join(folder, MAIN), posixpath.join(folder, MASTER)
    return Site(place_of(folder), main if main in bundle.files else "", master if master in bundle.files else "")


def lone_print(bundle: Bundle, names: tuple[re.Pattern[str], ...], folder: str | None = None) -> str:
    """The path of the file that could stand for main.cf or master.cf, by the first name that fits, or ""."""
    paths = [path for path in sorted(bundle.files) if folder is None or posixpath.dirname(path) == folder]
    likely = (path for name in names for path in paths if name.match(posixpath.basename(path)))
    return next(likely, "")


def printed_path(bundle: Bundle, kinds: tuple[str, ...]) -> str:
    """The first print of these kinds, by whatever name."""
    prints = prints_of(bundle)
    return next((path for kind in kinds for path in prints if prints[path] == kind), "")


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
