"""Where a print of postconf and the files beside it differ: the host was changed, or it is another one."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from discovery.postfix.bundle import Bundle
from discovery.postfix.facts import Problem, Service, Setting
from discovery.postfix.instances import Site
from discovery.postfix.lines import join_blanks
from discovery.postfix.master_cf import read_master
from discovery.postfix.parameters import NEVER_PRINTED, default_of
from discovery.postfix.printed import ALL_AS_JSON, OPTIONS, SERVICES, SETTINGS, read_settings
from discovery.postfix.prints import DIRECTORY, print_service

LONGEST = 100
Said = Mapping[str, tuple[str, str, int]]
"""`{name: (value, file, line)}`"""


@dataclass(frozen=True, slots=True)
class Print:
    """One print of postconf as it was read: its settings or options, or for `-M` its services."""

    path: str
    kind: str
    settings: Mapping[str, Setting]
    services: tuple[Service, ...] = ()


def read_prints(bundle: Bundle, prints: Mapping[str, str], sites: Sequence[Site]) -> dict[Site, list[Print]]:
    """The prints of each instance; each is read once, however many instances there are."""
    read: dict[Site, list[Print]] = {site: [] for site in sites}
    for path, kind in prints.items():
        settings = read_settings(bundle.files[path]).current
        site = site_of_print(path, settings, sites)
        if site and path not in {site.main, site.master}:
            services = read_master(path, bundle.files[path].text).services if kind == SERVICES else ()
            read[site].append(Print(path, kind, settings, services))
    return read


def differences(
    prints: Iterable[Print], site: Site, used: Mapping[str, Setting], services: Sequence[Service]
) -> Iterator[Problem]:
    """What the prints of one instance say that its files do not, and the other way round."""
    for read in prints:
        if read.kind in {SETTINGS, ALL_AS_JSON} and site.main:
            yield from compared(settings_of(read.settings), settings_of(used), read.path)
        if read.kind == SERVICES and site.master:
            yield from compared(services_of(read.services), services_of(services), read.path)
        if read.kind == OPTIONS and site.master:
            yield from compared(settings_of(read.settings), options_of(services), read.path)


def site_of_print(path: str, settings: Mapping[str, Setting], sites: Sequence[Site]) -> Site | None:
    """The instance a print is of: by the directory it names, by its own name, or because there is only one."""
    directory = settings.get(DIRECTORY)
    for site in sites:
        place = site.place
        if directory and directory.value == place.config_directory and is_inside(path, place.root):
            return site
        if posixpath.basename(path).startswith(f"{posixpath.basename(place.config_directory)}.-"):
            return site
    return sites[0] if len(sites) == 1 else None


def is_inside(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def settings_of(settings: Mapping[str, Setting]) -> Said:
    return {
        name: (setting.value, setting.file, setting.line)
        for name, setting in settings.items()
        if name not in NEVER_PRINTED | {DIRECTORY}
    }


def services_of(services: Sequence[Service]) -> Said:
    return {each.label: (print_service(each), each.file, each.line) for each in services}


def options_of(services: Sequence[Service]) -> Said:
    return {
        f"{service.name}/{service.kind}/{override.name}": (join_blanks(override.value), service.file, override.line)
        for service in services
        for override in service.overrides
        if override.name not in NEVER_PRINTED
    }


def compared(printed: Said, written: Said, path: str) -> Iterator[Problem]:
    """One problem a name. What a print leaves out because it is the default anyway is no difference."""
    for name in sorted({*printed, *written}):
        there, here = printed.get(name), written.get(name)
        if there and here and there[0] != here[0]:
            message = f"The print has “{there[0][:LONGEST]}”, the file {here[1]} “{here[0][:LONGEST]}”."
            yield Problem("print-differs", name, message, path, there[2])
        elif there and not here:
            yield Problem("print-differs", name, "Only the print has it, not the file.", path, there[2])
        elif here and not there and here[0] != default_of(name):
            message = f"The file has it, the print {path} does not."
            yield Problem("print-differs", name, message, here[1], here[2])
