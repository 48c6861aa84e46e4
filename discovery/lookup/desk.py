"""What a lookup needs of one instance: its values, expanded, and the files its tables are made of."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from discovery.postfix.bundle import Bundle, BundleFile
from discovery.postfix.expansion import expand
from discovery.postfix.facts import Override, Service, Setting
from discovery.postfix.instances import Site, find_sites, name_sites
from discovery.postfix.main_cf import read_main
from discovery.postfix.master_cf import read_master
from discovery.postfix.parameters import default_of
from discovery.postfix.places import Place, find_file


@dataclass(frozen=True, slots=True)
class Desk:
    """One instance, seen by one service when `service` is given: its options go before main.cf."""

    name: str
    bundle: Bundle
    place: Place
    settings: Mapping[str, Setting]
    services: tuple[Service, ...] = ()
    service: Service | None = None
    overrides: Mapping[str, Override] = field(default_factory=dict)

    def raw(self, name: str) -> str | None:
        """A value as it is written, or the built-in default; None for a name nobody defines."""
        if name in self.overrides:
            return self.overrides[name].value
        if name in self.settings:
            return self.settings[name].value
        return self.place.config_directory if name == "config_directory" else default_of(name)

    def value(self, name: str) -> str:
        """A value with everything in it expanded, "" when there is none."""
        return self.expand(self.raw(name) or "")

    def expand(self, text: str) -> str:
        return expand(text, self.raw).value if "$" in text else text

    def place_of_value(self, name: str, text: str = "") -> tuple[str, int]:
        """File and line of a setting, or of the piece of it that holds `text`; `("", 0)` for a default."""
        if name in self.overrides and self.service:
            return self.service.file, self.overrides[name].line
        if name in self.settings:
            setting = self.settings[name]
            return setting.file, setting.line_of(text) if text else setting.line
        return "", 0

    def file(self, path: str) -> BundleFile | None:
        """The file of the upload that a path on the host means."""
        found = find_file(self.bundle, self.place, path)
        return self.bundle.files[found] if found else None

    def is_yes(self, name: str) -> bool:
        return self.value(name).lower() == "yes"


def desks_of(bundle: Bundle) -> tuple[Desk, ...]:
    """One for each instance of a bundle."""
    sites = find_sites(bundle)
    names = name_sites(sites)
    return tuple(desk_of(bundle, site, names[site.place.folder]) for site in sites)


def desk_of(bundle: Bundle, site: Site, name: str) -> Desk:
    main = read_main(site.main, bundle.files[site.main].text if site.main else "")
    master = read_master(site.master, bundle.files[site.master].text if site.master else "")
    return Desk(name, bundle, site.place, main.current, master.services)


def as_service(desk: Desk, name: str) -> Desk:
    """The instance as one service sees it; raises KeyError for a service it does not have. `name` is `smtp/inet`."""
    services = {f"{each.name}/{each.kind}": each for each in desk.services}
    service = services[name]
    overrides = {each.name: each for each in service.overrides}
    return Desk(desk.name, desk.bundle, desk.place, desk.settings, desk.services, service, overrides)


def is_configuration(path: str) -> bool:
    """Whether a file has to be read before anything can be looked up."""
    return posixpath.basename(path).startswith(("main.cf", "master.cf", "postconf"))
