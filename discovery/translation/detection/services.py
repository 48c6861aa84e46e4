"""Services of master.cf with their process limits, arguments and overrides."""

import posixpath
from collections.abc import Iterator

from discovery.postfix import Service
from discovery.postfix.programs import argv_of, program_of
from discovery.translation.detection.bench import Bench
from discovery.translation.detection.found import ARGUMENT, COLUMN, OVERRIDE, OWN_NAME, SERVICE, Found

BINDS = ("smtp_bind_address", "smtp_bind_address6")
LIMITED = frozenset({"smtp", "lmtp", "smtpd", "pipe"})
RUNNING = frozenset({"pipe", "spawn"})
STANDARD = frozenset({"smtp", "relay", "cleanup"})


def find_services(bench: Bench) -> Iterator[Found]:
    """Each service, then what stands with it, in the order of the file."""
    for service in bench.instance.services:
        asleep = bench.sleep_of(service)
        label = service.label
        program = posixpath.basename(service.command)
        yield Found(
            SERVICE, name_of(bench, service), label, service.file, service.line, value_of(service), asleep=asleep
        )
        if service.maxproc.isdecimal() and program in LIMITED:
            yield Found(COLUMN, "maxproc", label, service.file, service.line, service.maxproc, asleep=asleep)
        for name, value in arguments_of(service, program):
            yield Found(ARGUMENT, name, label, service.file, service.line, value, asleep=asleep)
        yield from overrides_of(bench, service, asleep)


def overrides_of(bench: Bench, service: Service, asleep: str) -> Iterator[Found]:
    """The options of a service; a name that its other values refer to is the customer's own."""
    scope = bench.scope.within(service)
    for override in service.overrides:
        is_own = any(
            f"${{{override.name}" in each.value or f"${override.name}" in each.value for each in service.overrides
        )
        kind = OWN_NAME if is_own else OVERRIDE
        label = service.label
        value = scope.expanded(override.value)
        yield Found(kind, override.name, label, service.file, override.line, value, asleep=asleep)


def name_of(bench: Bench, service: Service) -> str:
    """Program and type, and what sets a service apart from others of the same program."""
    program = posixpath.basename(service.command)
    name = f"{program}/{service.kind}"
    if name == "smtp/unix" and any(each.name in BINDS and each.value for each in service.overrides):
        return f"{name}/bound"
    if name in {"smtp/unix", "cleanup/unix"} and service.name not in STANDARD:
        return f"{name}/own"
    return f"{name}/{carrier_of(bench, service)}".rstrip("/") if name == "pipe/unix" else name


def carrier_of(bench: Bench, service: Service) -> str:
    """What says more about a pipe service than the service: a program of the upload, a known filter, or nothing."""
    if any(each.name == service.name and each.script_source for each in bench.instance.transports):
        return "script"
    return "filter" if any(each.transport == service.name for each in bench.instance.filters) else ""


def value_of(service: Service) -> str:
    """The program behind pipe(8), else the name of the service: an address and port for a listener."""
    argv = argv_of(service)
    return posixpath.basename(program_of(argv)) if argv else service.name


def arguments_of(service: Service, program: str) -> Iterator[tuple[str, str]]:
    """Arguments that are no overrides: attributes of pipe(8) and spawn(8), else single flags."""
    if program in RUNNING:
        yield from attributes_of(service)
        return
    words = iter(service.arguments)
    for word in words:
        if word == "-o":
            next(words, None)
        elif word.startswith("-") and word != "--":
            yield word[:2], word


def attributes_of(service: Service) -> Iterator[tuple[str, str]]:
    words = iter(service.arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word == "-o":
            next(words, None)
        elif name == "argv":
            yield name, " ".join(argv_of(service))
            return
        elif equals:
            yield name, value
        elif word.startswith("-"):
            yield word[:2], word
