"""Ways out: transports of smtp(8) and lmtp(8) with their addresses, names, pools and pace (postconf(5), smtp(8))."""

from collections.abc import Iterator

from discovery.postfix import Service
from discovery.postfix.scope import Scope
from discovery.postfix.sending import BINDS, kind_of_address, the_only_interface
from discovery.translation.sending.desk import Desk, service_origin
from discovery.translation.sending.measures import number_in
from discovery.translation.sending.model import Origin, Pool, QueueTimes, RelayLogin, Shaping, Source, Stated, TlsPolicy

PROGRAMS = frozenset({"smtp", "lmtp"})


def senders_of(desk: Desk) -> Iterator[tuple[Service, Scope]]:
    """The services that send by SMTP or LMTP, each with the values it sees."""
    for service in desk.services:
        if service.kind == "unix" and service.command in PROGRAMS:
            yield service, desk.scope.within(service)


def sources_of(desk: Desk) -> Iterator[Source]:
    for service, scope in senders_of(desk):
        helo = "smtp_helo_name" if service.command == "smtp" else "lmtp_lhlo_name"
        yield Source(
            name=service.name,
            program=service.command,
            ipv4=bound_address(desk, scope, service.command, "ipv4"),
            ipv6=bound_address(desk, scope, service.command, "ipv6"),
            helo=desk.text(scope, helo, "myhostname") if scope.get(helo).is_set else desk.text(scope, "myhostname"),
            origin=service_origin(service),
            protocols=desk.text(scope, "inet_protocols"),
            fallback_relay=desk.text(scope, "smtp_fallback_relay", "fallback_relay"),
        )


def bound_address(desk: Desk, scope: Scope, program: str, family: str) -> Stated[str]:
    """The address of one family that is sent from: the one that is set, else the only one of inet_interfaces."""
    stated = desk.text(scope, f"{program}_{BINDS[family]}")
    if stated.value:
        return bare(stated)
    found = ((each, value) for each, _, value in the_only_interface(scope) if kind_of_address(each)[0] == family)
    return next((Stated(each, desk.line_in(value, each)) for each, value in found), stated)


def bare(stated: Stated[str]) -> Stated[str]:
    return Stated(stated.value.strip("[]"), stated.origin)


def pools_of(desk: Desk) -> Iterator[Pool]:
    """Only what Postfix itself draws from at random is a pool; numbered transports are a guess that people settle."""
    names = {service.name for service, _ in senders_of(desk)}
    for pool in desk.instance.pools:
        if pool.kind == "random" and set(pool.members) <= names:
            weights = {member: pool.members.count(member) for member in pool.members}
            yield Pool(pool.name, tuple(weights.items()), Origin(pool.file, pool.line, pool.name))


def shaping_of(desk: Desk) -> Iterator[Shaping]:
    """The pace of each way out.

    Queue-manager parameters count in main.cf alone: qmgr(8) reads no `-o` of an smtp(8) service.
    """
    for service, scope in senders_of(desk):
        yield Shaping(
            transport=service.name,
            concurrency=of_transport(desk, service.name, "destination_concurrency_limit"),
            rate_delay=rate_delay_of(desk, service.name),
            recipients=of_transport(desk, service.name, "destination_recipient_limit"),
            initial_concurrency=of_transport(desk, service.name, "initial_destination_concurrency", bare_default=True),
            connect_timeout=desk.time(scope, f"{service.command}_connect_timeout"),
            processes=processes_of(service),
            tls_level=tls_level_of(desk, scope, service.command),
        )


def tls_level_of(desk: Desk, scope: Scope, program: str) -> Stated[str]:
    """The level, else what the two older switches mean: they count while no level is set (TLS_README)."""
    level = desk.text(scope, f"{program}_tls_security_level")
    if level.value:
        return level
    for switch, meant in (("enforce_tls", "encrypt"), ("use_tls", "may")):
        stated = desk.switch(scope, f"{program}_{switch}")
        if stated.value:
            return Stated(meant, stated.origin)
    return level


def of_transport(desk: Desk, transport: str, suffix: str, *, bare_default: bool = False) -> Stated[int]:
    default = suffix if bare_default else f"default_{suffix}"
    stated = desk.count(desk.scope, f"{transport}_{suffix}")
    return stated if stated.origin else desk.count(desk.scope, default)


def rate_delay_of(desk: Desk, transport: str) -> Stated[int]:
    stated = desk.time(desk.scope, f"{transport}_destination_rate_delay")
    return stated if stated.origin else desk.time(desk.scope, "default_destination_rate_delay")


def processes_of(service: Service) -> Stated[int]:
    """The column maxproc, 0 where master.cf leaves it to default_process_limit or sets no bound."""
    return Stated(number_in(service.maxproc), service_origin(service))


def queue_times(desk: Desk) -> QueueTimes:
    return QueueTimes(
        lifetime=desk.time(desk.scope, "maximal_queue_lifetime", unit="d"),
        bounce_lifetime=desk.time(desk.scope, "bounce_queue_lifetime", unit="d"),
        first_retry=desk.time(desk.scope, "minimal_backoff_time"),
        last_retry=desk.time(desk.scope, "maximal_backoff_time"),
    )


def tls_policies(desk: Desk) -> Iterator[TlsPolicy]:
    """Rows of smtp_tls_policy_maps: `example.com secure match=.example.com`."""
    for table in desk.tables("smtp_tls_policy_maps"):
        for entry, origin in desk.rows(table):
            level, *words = entry.value.replace(",", " ").split() or [""]
            attributes = tuple((name, value) for name, _, value in (word.partition("=") for word in words))
            yield TlsPolicy(entry.key, level, attributes, origin)


def logins_of(desk: Desk) -> Iterator[RelayLogin]:
    """Rows of smtp_sasl_password_maps; the user is shown, the password was masked before anything was read."""
    for table in desk.tables("smtp_sasl_password_maps"):
        for entry, origin in desk.rows(table):
            yield RelayLogin(entry.key, entry.value.partition(":")[0], origin)
