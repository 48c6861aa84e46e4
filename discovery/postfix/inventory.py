"""Puts one instance together: settings in use, services, tables, filters, transports, programs, and what they make."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from discovery.postfix.braces import split_outside_braces
from discovery.postfix.bundle import Bundle
from discovery.postfix.domains import domains_of, signed_domains
from discovery.postfix.facts import MissingFile, Problem, Setting
from discovery.postfix.filters import Surrounding, filters_of
from discovery.postfix.flaws import flaws_of, is_binary, readable_text
from discovery.postfix.instances import Site, find_sites, name_sites
from discovery.postfix.likeness import likeness_of
from discovery.postfix.macros import broken_macros
from discovery.postfix.main_cf import MainCf, read_main
from discovery.postfix.maps import (
    Expand,
    Origin,
    maps_of,
    missing_includes,
    missing_instances,
    missing_maps,
    missing_programs,
    missing_scripts,
    origins,
)
from discovery.postfix.master_cf import MasterCf, read_master
from discovery.postfix.milters import milters_of
from discovery.postfix.places import MAIN
from discovery.postfix.pools import pools_of
from discovery.postfix.posture import doors_of
from discovery.postfix.print_differences import differences, read_prints
from discovery.postfix.printed import prints_of, read_settings
from discovery.postfix.programs import service_calls
from discovery.postfix.report import Instance
from discovery.postfix.routes import choices_of
from discovery.postfix.scope import Scope, assumed_services, live_services
from discovery.postfix.sending import sending_addresses
from discovery.postfix.streams import Sending, streams_of
from discovery.postfix.surroundings import (
    Surroundings,
    calls_of,
    names_of_filters,
    names_of_policies,
    surroundings_of,
)
from discovery.postfix.tenants import tenants_of
from discovery.postfix.transports import transports_of
from discovery.postfix.usage import unused_settings, used_settings
from discovery.postfix.versions import exact_sign, release_of

BINDS = ("smtp_bind_address", "smtp_bind_address6")
HELO_NAMES = ("smtp_helo_name",)
RELAYS = ("relayhost", "smtp_fallback_relay", "fallback_relay")
FILTERS = ("content_filter", "smtpd_proxy_filter")


@dataclass(frozen=True, slots=True)
class Setup:
    """One instance while it is put together: what was read, and how its values are to be seen."""

    bundle: Bundle
    site: Site
    main: MainCf
    values: list[Origin]
    scope: Scope
    around: Surroundings

    def expander(self, value: str) -> str:
        """A value within main.cf; unknown names become empty."""
        return self.scope.expanded(value)


def build_instances(bundle: Bundle) -> tuple[tuple[Instance, ...], tuple[MissingFile, ...]]:
    """All instances of a masked bundle, and every file they point at in vain.

    Programs, crontabs and keys belong to the host: they stand with the first instance of each.
    """
    sites = find_sites(bundle)
    names, roots = name_sites(sites), [site.place.root for site in sites]
    around = surroundings_of(bundle, roots)
    prints = prints_of(bundle)
    read, signs = read_prints(bundle, prints, sites), {root: exact_sign(bundle, root, prints) for root in set(roots)}
    built: list[Instance] = []
    missing: list[MissingFile] = []
    for site, root in zip(sites, roots, strict=True):
        setup, instance = build_instance(bundle, site, names[site.place.folder], around[root])
        differing = differences(read[site], site, instance.parameters, instance.services)
        release = release_of(signs[root], instance.parameters)
        instance = replace(instance, problems=(*instance.problems, *differing), release=release)
        instance = with_estate(setup, instance, is_one_of_several=roots.count(root) > 1)
        built.append(instance)
        missing += missing_of(setup, instance)
    for root in dict.fromkeys(roots):
        missing += missing_in(bundle, sites[roots.index(root)], around[root])
    return with_programs(built, roots, around), tuple(dict.fromkeys(missing))


def build_instance(bundle: Bundle, site: Site, name: str, around: Surroundings) -> tuple[Setup, Instance]:
    """The facts of one instance as its two files state them."""
    main, master = read_files(bundle, site)
    scope = Scope(main.current, site.place.config_directory)
    setup = Setup(bundle, site, main, list(origins(list(main.current.values()), master.services)), scope, around)
    used = used_settings(main.current, master.services)
    instance = Instance(
        name=name,
        config_directory=site.place.config_directory,
        files=tuple(path for path in (site.main, site.master) if path),
        parameters=used,
        unused=unused_settings(main.settings, used),
        services=master.services,
        maps=tuple(maps_of(bundle, site.place, setup.values, setup.expander)),
        milters=tuple(milters_of(around, setup.values, setup.expander)),
        transports=tuple(transports_of(bundle, site.place, master.services, main.current)),
        bind_addresses=in_use(setup, BINDS),
        helo_names=in_use(setup, HELO_NAMES),
        relay_hosts=in_use(setup, RELAYS),
        content_filters=in_use(setup, FILTERS),
        problems=tuple(problems_of(setup, master, used)),
    )
    return setup, instance


def read_files(bundle: Bundle, site: Site) -> tuple[MainCf, MasterCf]:
    """The two files of an instance, or what stands for them; empty where one is absent."""
    is_print = site.main and not is_binary(bundle.files[site.main]) and posixpath.basename(site.main) != MAIN
    if is_print:
        main = read_settings(bundle.files[site.main])
    else:
        main = read_main(site.main, readable_text(bundle.files.get(site.main)))
    return main, read_master(site.master, readable_text(bundle.files.get(site.master)))


def problems_of(setup: Setup, master: MasterCf, used: Mapping[str, Setting]) -> Iterator[Problem]:
    """What is wrong with the two files of an instance."""
    for path in (setup.site.main, setup.site.master):
        yield from flaws_of(setup.bundle.files.get(path), setup.main.current)
    yield from setup.main.problems
    yield from master.problems
    yield from broken_macros(used.values(), master.services, setup.scope)


def with_estate(setup: Setup, instance: Instance, *, is_one_of_several: bool) -> Instance:
    """The instance with what its facts make together: addresses, pools, streams, doors, filters, domains, tenants."""
    bundle, place, scope, expander = setup.bundle, setup.site.place, setup.scope, setup.expander
    services = live_services(instance.services, scope) or assumed_services(setup.site.main)
    choices = choices_of(bundle, instance.maps)
    addresses = sending_addresses(services, scope)
    pools = pools_of(setup.values, expander, instance.transports, choices, addresses)
    doors = tuple(doors_of(services, scope, setup.around.mechanisms))
    surrounding = Surrounding(
        bundle, setup.around, place, {each.name: each for each in services if each.kind == "unix"}
    )
    domains = domains_of(bundle, place, scope, instance.maps, choices)
    streams = streams_of(Sending(services, instance.transports, addresses, pools, choices, doors), scope)
    return replace(
        instance,
        addresses=addresses,
        pools=pools,
        doors=doors,
        filters=filters_of(surrounding, setup.values, expander, choices, scope),
        domains=domains,
        tenants=tenants_of(bundle, scope, instance.maps, domains, is_one_of_several=is_one_of_several),
        stream_proposals=streams,
        streams=tuple(each.name for each in streams if each.kind != "default"),
        likeness=likeness_of(setup.main.current, services, scope),
    )


def with_programs(
    instances: Sequence[Instance], roots: Sequence[str], around: Mapping[str, Surroundings]
) -> tuple[Instance, ...]:
    """The instances, the first of each host with its programs, jobs and keys."""
    finished = list(instances)
    for root in dict.fromkeys(roots):
        positions = [position for position, each in enumerate(roots) if each == root]
        here = [instances[position] for position in positions]
        calls = [
            call
            for each in here
            for call in service_calls(each.services, names_of_filters(each), names_of_policies(each))
        ]
        first = here[0]
        finished[positions[0]] = replace(
            first,
            scripts=around[root].scripts(calls_of(here, calls)),
            cron_jobs=around[root].jobs,
            signing_keys=around[root].keys,
            domains=(*first.domains, *dict.fromkeys(signed_domains(around[root].keys))),
        )
    return tuple(finished)


def missing_of(setup: Setup, instance: Instance) -> Iterator[MissingFile]:
    """Everything one instance points at that is not in the bundle."""
    bundle, site, values, expander = setup.bundle, setup.site, setup.values, setup.expander
    if not site.main or not site.master:
        absent = "main.cf" if not site.main else "master.cf"
        yield MissingFile(posixpath.join(site.place.config_directory, absent), "", site.main or site.master, 1)
    yield from missing_maps(bundle, site.place, instance.maps)
    yield from missing_includes(bundle, site.place, values, expander)
    yield from missing_instances(bundle, site.place, values, expander)
    yield from missing_scripts(instance.transports)


def missing_in(bundle: Bundle, site: Site, around: Surroundings) -> Iterator[MissingFile]:
    """Programs that the crontabs and aliases of a host run and the bundle does not hold."""
    calls = [(job.by, job.command, job.file, job.line) for job in around.jobs]
    calls += [(call.role, call.command, call.file, call.line) for call in around.aliases]
    yield from missing_programs(bundle, site.place, calls)


def in_use(setup: Setup, names: Sequence[str]) -> tuple[str, ...]:
    """The different values of some parameters, in main.cf and in options, without empty ones."""
    wanted = (origin for origin in setup.values if origin.name in names)
    return tuple(dict.fromkeys(element for origin in wanted for element in elements_of(origin, setup.expander)))


def elements_of(origin: Origin, expander: Expand) -> list[str]:
    value = expander(origin.value)
    return split_outside_braces(value) if origin.name in BINDS else [value] if value else []
