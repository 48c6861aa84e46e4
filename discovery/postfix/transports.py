"""Delivery agents of master.cf: which are the customer's own, from which address they send, what they run."""

from collections.abc import Iterator, Mapping, Sequence

from discovery.postfix.bundle import Bundle
from discovery.postfix.facts import Service, Setting, Transport
from discovery.postfix.parameters import DELIVERY_PROGRAMS, QUEUE_SUFFIXES, TIME_SUFFIX
from discovery.postfix.places import Place, find_file
from discovery.postfix.programs import argv_of, program_of

STANDARD = frozenset({"smtp", "relay", "local", "virtual", "lmtp", "error", "retry", "discard"})
SHIPPED_PIPES = frozenset({"maildrop", "uucp", "ifmail", "bsmtp", "scalemail-backend", "mailman", "cyrus", "old-cyrus"})
BIND = ("smtp_bind_address", "smtp_bind_address6")


def transports_of(
    bundle: Bundle, place: Place, services: Sequence[Service], settings: Mapping[str, Setting]
) -> Iterator[Transport]:
    """One transport a delivery service, in file order."""
    for service in services:
        if service.kind == "unix" and service.command in DELIVERY_PROGRAMS | {"discard"}:
            yield transport_of(bundle, place, service, settings)


def transport_of(bundle: Bundle, place: Place, service: Service, settings: Mapping[str, Setting]) -> Transport:
    overrides = {override.name: override.value for override in service.overrides}
    argv = argv_of(service)
    script = program_of(argv)
    return Transport(
        name=service.name,
        program=service.command,
        is_custom=service.name not in STANDARD | SHIPPED_PIPES,
        file=service.file,
        line=service.line,
        bind_addresses=tuple(overrides[name] for name in BIND if overrides.get(name)),
        helo_name=overrides.get("smtp_helo_name", ""),
        argv=argv,
        script=script,
        script_source=find_file(bundle, place, script) if script else "",
        settings=queue_settings(service.name, settings),
    )


def queue_settings(name: str, settings: Mapping[str, Setting]) -> dict[str, str]:
    """The `name_destination_rate_delay` kind of settings that this transport has in main.cf."""
    names = (name + suffix for suffix in (*QUEUE_SUFFIXES, TIME_SUFFIX))
    return {each: settings[each].value for each in names if each in settings}
