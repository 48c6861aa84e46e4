"""shaping.toml: the pace of each way out, TLS and logins per destination.

KumoMTA merges settings by destination, not by source, before anything else. What Postfix says of a transport stands
in a block `NAME.pace`, which no domain is called; init.lua lays what a destination says over it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from discovery.translation.emission import Line, TargetFile, origins_of
from discovery.translation.kumomta.quoting import duration, toml_key, toml_string
from discovery.translation.kumomta.sheet import DEFAULT, POLICY, Sheet, is_host, of
from discovery.translation.kumomta.sources import members_of
from discovery.translation.sending import NextHop, Origin, RelayLogin, Shaping, Source, TlsPolicy
from discovery.translation.sending.next_hops import UnreadableHopError, next_hop_of

PATH = "shaping.toml"
PACE = ".pace"
TLS = {
    "": ("Disabled",),
    "none": ("Disabled",),
    "may": ("OpportunisticInsecure", "opportunistic_tls_reconnect_on_failed_handshake = true"),
    "encrypt": ("RequiredInsecure",),
    "dane": ("OpportunisticInsecure", "enable_dane = true", "opportunistic_tls_reconnect_on_failed_handshake = true"),
    "dane-only": ("Required", "enable_dane = true"),
    "verify": ("Required",),
    "secure": ("Required",),
}
STRICTEST = ("Required",)
SKIPPED = {"ipv4": "::/0", "ipv6": "0.0.0.0/0"}
NO_LEVEL = "KumoMTA has no equal for this level of TLS, so a certificate that verifies is asked for."
NO_LIMIT = "Postfix has no limit here; KumoMTA keeps its own."
NO_ATTRIBUTE = "KumoMTA has no equal for these conditions on TLS."
SUFFIXES = "KumoMTA's shaping has no rule for all domains below one."
NO_DESTINATION = "This is no destination that KumoMTA's shaping can be keyed by."
BY_SENDER = "The login depends on the sender, and KumoMTA's depends on the destination."
NO_USER = "The name of the login cannot be read here."
SLOW_START = "KumoMTA opens connections as its queue grows; there is no first number of them."
SEVERAL = "KumoMTA delivers a message to one recipient at a time here."


@dataclass(slots=True)
class Destination:
    """What is said of one destination: each setting once, the first one counts."""

    settings: dict[str, Line] = field(default_factory=dict)

    def say(self, text: str, origins: tuple[Origin, ...]) -> None:
        name = text.partition(" = ")[0]
        if name not in self.settings:
            self.settings[name] = Line(text, origins)


def shaping_file(sheets: tuple[Sheet, ...]) -> TargetFile:
    lines = [Line("# What Postfix says of each way out, then of single destinations."), Line("")]
    for sheet in sheets:
        for source in sheet.estate.sources:
            for name in members_of(sheet, source):
                lines += pace(sheet, source, name)
    destinations: dict[str, Destination] = {}
    for sheet in sheets:
        policies(sheet, destinations)
        logins(sheet, destinations)
    for name, port in sheets[0].hops.ports() if sheets else ():
        destinations.setdefault(name, Destination()).say(f"smtp_port = {port}", sheets[0].hops.origins[name])
    for name, destination in destinations.items():
        rows = list(destination.settings.values())
        lines += [Line(f"[{toml_key(name)}]", rows[0].origins), Line("mx_rollup = false", rows[0].origins), *rows]
        lines.append(Line(""))
    return TargetFile(PATH, "#", tuple(lines))


def pace(sheet: Sheet, source: Source, name: str) -> Iterator[Line]:
    """The block of one source."""
    found = next((each for each in sheet.estate.shaping if each.transport == source.name), None)
    if found is None:
        return
    yield Line(f"[{toml_key(f'{name}{PACE}')}]", (source.origin,))
    yield Line("mx_rollup = false", why="the name is no domain, so it has no MX")
    yield from concurrency(found)
    if found.processes.value:
        bound = f"additional_connection_limits = {{ {toml_string(f'all of {name}')} = {found.processes.value} }}"
        yield Line(bound, origins_of(found.processes.origin))
    for stated in (found.connect_timeout, found.concurrency):
        if not stated.value and not found.rate_delay.value:
            sheet.refuse(stated.origin, "0", NO_LIMIT)
    if found.connect_timeout.value:
        yield of(f"connect_timeout = {toml_string(duration(found.connect_timeout.value))}", found.connect_timeout)
    yield from tls(sheet, found)
    if skipped := SKIPPED.get(source.protocols.value.lower()):
        yield of(f"skip_hosts = [{toml_string(skipped)}]", source.protocols)
    if source.program == "lmtp":
        yield Line("use_lmtp = true", (source.origin,))
    tell_what_is_left(sheet, found)
    yield Line("")


def concurrency(shaping: Shaping) -> Iterator[Line]:
    """A delay between deliveries makes them go one by one in Postfix, whatever the limit says (qmgr(8))."""
    delay, limit = shaping.rate_delay, shaping.concurrency
    origins = origins_of(delay.origin, limit.origin)
    if delay.value:
        yield Line("connection_limit = 1", origins, DEFAULT)
        yield of(f"max_message_rate = {toml_string(f'1/{delay.value}s')}", delay)
    elif limit.value:
        yield Line(f"connection_limit = {limit.value}", origins, DEFAULT)
    if shaping.recipients.value == 1:
        yield of("max_recipients_per_batch = 1", shaping.recipients)


def tls(sheet: Sheet, shaping: Shaping) -> Iterator[Line]:
    level = shaping.tls_level
    if level.value not in TLS:
        sheet.refuse(level.origin, level.value, NO_LEVEL)
    setting, *more = TLS.get(level.value, STRICTEST)
    yield of(f"enable_tls = {toml_string(setting)}", level)
    yield from (of(text, level) for text in more)


def tell_what_is_left(sheet: Sheet, shaping: Shaping) -> None:
    start, recipients = shaping.initial_concurrency, shaping.recipients
    sheet.refuse(start.origin, str(start.value), SLOW_START)
    if recipients.value != 1:
        sheet.refuse(recipients.origin, str(recipients.value), SEVERAL)


def policies(sheet: Sheet, destinations: dict[str, Destination]) -> None:
    """smtp_tls_policy_maps, keyed by next hop as Postfix writes it."""
    for policy in sheet.estate.tls_policies:
        if policy.level not in TLS:
            sheet.refuse(policy.origin, f"{policy.destination} {policy.level}", NO_LEVEL)
        if policy.attributes:
            words = " ".join(f"{name}={value}" for name, value in policy.attributes)
            sheet.refuse(policy.origin, words, NO_ATTRIBUTE)
        setting, *more = TLS.get(policy.level, STRICTEST)
        for name in names_of(sheet, policy):
            destination = destinations.setdefault(name, Destination())
            for text in (f"enable_tls = {toml_string(setting)}", *more):
                destination.say(text, (policy.origin,))


def logins(sheet: Sheet, destinations: dict[str, Destination]) -> None:
    """The name of a login and where its password is to be put: the password itself never leaves the customer."""
    for login in sheet.estate.logins:
        if "@" in login.destination:
            sheet.refuse(login.origin, login.destination, BY_SENDER)
            continue
        if not login.user:
            sheet.refuse(login.origin, login.destination, NO_USER)
            continue
        for name in names_of(sheet, login):
            destination = destinations.setdefault(name, Destination())
            destination.say(f"smtp_auth_plain_username = {toml_string(login.user)}", (login.origin,))
            path = f"{POLICY}/secrets/{name}"
            destination.say(f"smtp_auth_plain_password = {toml_string(path)}", (login.origin,))


def names_of(sheet: Sheet, row: TlsPolicy | RelayLogin) -> tuple[str, ...]:
    """The routing domains that a next hop means; a name nothing is routed to is a domain of recipients."""
    if row.destination.startswith("."):
        sheet.refuse(row.origin, row.destination, SUFFIXES)
        return ()
    try:
        hop = next_hop_of(row.destination)
    except UnreadableHopError as unreadable:
        sheet.refuse(row.origin, row.destination, str(unreadable))
        return ()
    names = tuple(name for each in same_host(sheet, hop) for name in sheet.hops.matching(each))
    if names or not is_host(hop.host):
        if not names:
            sheet.refuse(row.origin, row.destination, NO_DESTINATION)
        return tuple(dict.fromkeys(names))
    return (hop.host,)


def same_host(sheet: Sheet, hop: NextHop) -> list[NextHop]:
    """The next hop itself, or those with its host where the key names no more than that (smtp(8), SASL)."""
    known = [each for hops in sheet.hops.named for each in hops]
    return [hop] if hop in known else [each for each in known if each.host == hop.host]
