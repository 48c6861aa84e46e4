"""Puts one instance together: settings in use, services, tables, filters, transports, programs."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import replace

from discovery.postfix.braces import split_outside_braces
from discovery.postfix.bundle import Bundle
from discovery.postfix.expansion import expand
from discovery.postfix.facts import Milter, MissingFile, Service, Transport
from discovery.postfix.instances import Site, find_sites, name_sites
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
from discovery.postfix.master_cf import read_master
from discovery.postfix.milters import MILTER_PARAMETERS, describe_milter, sockets_in
from discovery.postfix.parameters import default_of
from discovery.postfix.programs import alias_calls, cron_jobs, language_of, scripts_in
from discovery.postfix.report import Instance
from discovery.postfix.transports import transports_of
from discovery.postfix.usage import unused_settings, used_settings

BINDS = ("smtp_bind_address", "smtp_bind_address6")
HELO_NAMES = ("smtp_helo_name",)
RELAYS = ("relayhost", "smtp_fallback_relay", "fallback_relay")
FILTERS = ("content_filter", "smtpd_proxy_filter")


def build_instances(bundle: Bundle) -> tuple[tuple[Instance, ...], tuple[MissingFile, ...]]:
    """All instances of a masked bundle, and every file they point at in vain."""
    sites = find_sites(bundle)
    names = name_sites(sites)
    built = [build_instance(bundle, site, names[site.place.folder]) for site in sites]
    missing = [each for _, found in built for each in found]
    return tuple(instance for instance, _ in built), tuple(dict.fromkeys(missing))


def build_instance(bundle: Bundle, site: Site, name: str) -> tuple[Instance, tuple[MissingFile, ...]]:
    """The facts of one instance first, then what they lead to."""
    main = read_main(site.main, bundle.files[site.main].text if site.main else "")
    master = read_master(site.master, bundle.files[site.master].text if site.master else "")
    values = list(origins(list(main.current.values()), master.services))
    expander = expander_of(main, site)
    used = used_settings(main.current, master.services)
    instance = Instance(
        name=name,
        config_directory=site.place.config_directory,
        parameters=used,
        unused=unused_settings(main.settings, used),
        services=master.services,
        maps=tuple(maps_of(bundle, site.place, values, expander)),
        milters=tuple(milters_of(bundle, values, expander)),
        transports=tuple(transports_of(bundle, site.place, master.services, main.current)),
        problems=(*main.problems, *master.problems),
    )
    instance = with_surroundings(bundle, site, instance, values, expander)
    return instance, tuple(missing_of(bundle, site, instance, values, expander))


def with_surroundings(
    bundle: Bundle, site: Site, instance: Instance, values: list[Origin], expander: Expand
) -> Instance:
    """The instance with its programs, cron jobs, addresses, relays and streams."""
    jobs = tuple(cron_jobs(bundle, site.place.root))
    return replace(
        instance,
        cron_jobs=jobs,
        scripts=tuple(scripts_in(bundle, site.place.root, instance.transports, jobs)),
        bind_addresses=in_use(values, BINDS, expander),
        helo_names=in_use(values, HELO_NAMES, expander),
        relay_hosts=in_use(values, RELAYS, expander),
        content_filters=in_use(values, FILTERS, expander),
        streams=tuple(streams_of(instance.services, instance.transports)),
    )


def missing_of(
    bundle: Bundle, site: Site, instance: Instance, values: list[Origin], expander: Expand
) -> Iterator[MissingFile]:
    """Everything one instance points at that is not in the bundle."""
    if not site.main or not site.master:
        absent = "main.cf" if not site.main else "master.cf"
        yield MissingFile(posixpath.join(site.place.config_directory, absent), "", site.main or site.master, 1)
    yield from missing_maps(bundle, instance.maps)
    yield from missing_includes(bundle, site.place, values, expander)
    yield from missing_instances(bundle, site.place, values, expander)
    yield from missing_scripts(instance.transports)
    calls = [("cron", job.command, job.file, job.line) for job in instance.cron_jobs]
    yield from missing_programs(bundle, site.place, (*calls, *alias_calls(bundle)))


def expander_of(main: MainCf, site: Site) -> Expand:
    """A function that expands a value within one instance; unknown names become empty."""
    values = {name: setting.value for name, setting in main.current.items()}
    values.setdefault("config_directory", site.place.config_directory)

    def expander(value: str) -> str:
        return expand(value, lambda name: values.get(name, default_of(name))).value if "$" in value else value

    return expander


def milters_of(bundle: Bundle, values: list[Origin], expander: Expand) -> Iterator[Milter]:
    """Every milter socket, in main.cf and in options of services."""
    texts = {path: file.text for path, file in bundle.files.items() if language_of(file)}
    for origin in values:
        if origin.name not in MILTER_PARAMETERS:
            continue
        where = {"parameter": origin.name, "file": origin.file, "service": origin.service}
        for socket in sockets_in(expander(origin.value)):
            yield describe_milter(bundle, where, socket, origin.line_of(socket), texts)


def in_use(values: list[Origin], names: Sequence[str], expander: Expand) -> tuple[str, ...]:
    """The different values of some parameters, in main.cf and in options, without empty ones."""
    found = (element for origin in values if origin.name in names for element in elements_of(origin, expander))
    return tuple(dict.fromkeys(found))


def elements_of(origin: Origin, expander: Expand) -> list[str]:
    value = expander(origin.value)
    return split_outside_braces(value) if origin.name in BINDS else [value] if value else []


def streams_of(services: tuple[Service, ...], transports: tuple[Transport, ...]) -> Iterator[str]:
    """Hints at separate streams: own sending transports, and more than one entrance for mail."""
    yield from (each.name for each in transports if each.is_custom and each.program in {"smtp", "lmtp"})
    doors = [each.name for each in services if each.kind == "inet" and each.command == "smtpd"]
    yield from (f"port {door}" for door in doors[1:])
