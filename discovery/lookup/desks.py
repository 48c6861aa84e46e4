"""Finds the instance and the service of a bundle that a lookup speaks of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from discovery.lookup.desk import Desk
from discovery.postfix.bundle import Bundle
from discovery.postfix.facts import Service
from discovery.postfix.instances import Site, find_sites, name_sites
from discovery.postfix.main_cf import read_main
from discovery.postfix.master_cf import read_master
from discovery.postfix.scope import Scope, live_services, with_domain


class NoDeskError(ValueError):
    """There is no such instance or service; the text names those there are."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One instance of a bundle by its name, with its services."""

    name: str
    bundle: Bundle
    site: Site
    scope: Scope
    services: tuple[Service, ...]

    def desk(self, service: str = "") -> Desk:
        """The instance as main.cf alone shows it, or as one service (`smtp/inet`, or a name alone) sees it.

        Raises NoDeskError.
        """
        if not service:
            return Desk(self.bundle, self.site.place, self.scope)
        for each in self.services:
            if service in {each.name, each.label}:
                return Desk(self.bundle, self.site.place, self.scope.within(each))
        raise NoDeskError(f"{self.name} has no service {service}. It has {listed(s.label for s in self.services)}.")

    def differing(self, parameters: Sequence[str]) -> Iterator[tuple[Service, str]]:
        """Services that set one of the parameters for themselves."""
        for service in self.services:
            names = {override.name for override in service.overrides}
            yield from ((service, name) for name in parameters if name in names)


def listed(names: Iterator[str]) -> str:
    return ", ".join(names) or "none"


def branches_of(bundle: Bundle) -> tuple[Branch, ...]:
    """Every instance of a bundle."""
    sites = find_sites(bundle)
    names = name_sites(sites)
    return tuple(branch_of(bundle, site, names[site.place.folder]) for site in sites)


def branch_of(bundle: Bundle, site: Site, name: str) -> Branch:
    main = read_main(site.main, bundle.files[site.main].text if site.main else "")
    master = read_master(site.master, bundle.files[site.master].text if site.master else "")
    scope = Scope(with_domain(main.current), site.place.config_directory)
    return Branch(name, bundle, site, scope, live_services(master.services, scope))


def choose_branch(branches: Sequence[Branch], name: str = "") -> Branch:
    """The instance of that name, or the only one; raises NoDeskError."""
    if not branches:
        raise NoDeskError("There is no main.cf and no master.cf in it.")
    if not name and len(branches) == 1:
        return branches[0]
    chosen = [branch for branch in branches if name and name in {branch.name, branch.scope.config_directory}]
    if chosen:
        return chosen[0]
    names = listed(branch.name for branch in branches)
    reason = f"There is no instance {name}" if name else "There are several instances, and one has to be named"
    raise NoDeskError(f"{reason}: {names}.")
