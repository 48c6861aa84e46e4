"""<domain> blocks: relay hosts, TLS, queue times, signing, and the words of relay logins (guide 3.3.10)."""

from collections.abc import Iterator

from discovery.translation.emission import Line, origins_of
from discovery.translation.powermta.hosts import hosts, waiting
from discovery.translation.powermta.paper import Paper, block, of
from discovery.translation.powermta.words import UnwritableError, interval, value
from discovery.translation.sending import NextHop, Origin, RelayLogin, Stated, TlsPolicy
from discovery.translation.sending.next_hops import UnreadableHopError, next_hop_of
from discovery.translation.signing import selector_plan

NOT_KEPT = "The password was never kept: put auth-password for this host into a file of its own on the target."
OTHER_LOGIN = (
    "PowerMTA logs in by the domain of a queue: name the domains that go to this host, and its password there."
)
NO_CHECK = "PowerMTA asks for TLS here and does not compare the name in the certificate."
TLS_LINES = {
    "none": ("use-starttls no",),
    "may": ("use-starttls yes",),
    "encrypt": ("use-starttls yes", "require-starttls yes"),
    "dane": ("use-starttls yes", "use-dane yes"),
    "dane-only": ("use-starttls yes", "require-starttls yes", "use-dane yes"),
}
STRICT = frozenset({"verify", "secure", "fingerprint", "dane-only"})
ATTRIBUTES = "These attributes of the policy have no equal in PowerMTA: {}"
UNKNOWN_LEVEL = "This level of TLS is not one that is known here, so TLS is asked for in any case."
ONCE = "Mail is tried once in Postfix; PowerMTA has no word for that, so its own time holds."
BOUNCES = "PowerMTA has one lifetime for all mail; Postfix gives up on bounces after this time."
FALLBACK = (
    "Only hosts of one domain can stand behind each other here, so a relay for whatever fails is not carried over."
)
MOST_RETRIES = 8


def single_destinations(paper: Paper) -> Iterator[Line]:
    """The domains that something is said about."""
    for policy in paper.estate.tls_policies:
        yield from paper.tried(policy.origin, policy.destination, with_tls, paper, policy)


def everywhere(paper: Paper, level: Stated[str]) -> Iterator[Line]:
    """What holds for every destination of an instance, with the level of TLS of one transport."""
    estate = paper.estate
    queue = estate.queue
    if queue.lifetime.value:
        why = "Postfix's default, PowerMTA's is 4d12h"
        yield of(f"bounce-after {interval(queue.lifetime.value)}", queue.lifetime, why)
    else:
        paper.refuse(queue.lifetime.origin, "0", ONCE)
    yield Line(
        f"retry-after {','.join(interval(each) for each in retries(queue.first_retry.value, queue.last_retry.value))}",
        origins_of(queue.first_retry.origin, queue.last_retry.origin),
        "Postfix's defaults, PowerMTA's is 10m",
    )
    paper.refuse(queue.bounce_lifetime.origin, interval(queue.bounce_lifetime.value), BOUNCES)
    yield from level_lines(paper, level)
    selectors = selector_plan(estate.signing, "powermta", [])
    if selectors:
        yield Line("dkim-sign yes", tuple(selector.origin for selector in selectors))
    yield Line(
        "smtp-data-termination-timeout 10m", why="ten minutes for the answer to the end of data (RFC 5321, 4.5.3.2.6)"
    )


def relay_lines(paper: Paper) -> Iterator[Line]:
    """The relay host with its login, for all mail that no row gives a way of its own."""
    estate = paper.estate
    if estate.fallback_relays.value:
        paper.refuse(estate.fallback_relays.origin, estate.fallback_relays.value[0].host, FALLBACK)
    if estate.relay_hosts.value and estate.relay_hosts.origin:
        yield from handed_on(paper, estate.relay_hosts.value, estate.relay_hosts.origin)
    yield from log_ins(paper)


def handed_on(paper: Paper, hops: tuple[NextHop, ...], origin: Origin) -> Iterator[Line]:
    """A relay host that is not reached keeps the mail: the recipients' own hosts were never meant."""
    try:
        yield Line(f"smtp-hosts {hosts(hops)}", (origin,))
    except UnwritableError as unwritable:
        paper.refuse(origin, origin.name, str(unwritable))
        yield from waiting(origin)


def retries(first: int, last: int) -> Iterator[int]:
    """Postfix waits at least the first time and about doubles it up to the last."""
    wait = max(first, 1)
    for _ in range(MOST_RETRIES):
        yield min(wait, max(last, first, 1))
        if wait >= last:
            return
        wait *= 2


def with_tls(paper: Paper, policy: TlsPolicy) -> Iterator[Line]:
    """A row of the TLS policy table; the key may be a domain, one with its subdomains, or a next hop in brackets."""
    name = policy.destination.partition("]")[0].lstrip("[").partition(":")[0]
    pattern = f"*.{value(name[1:])}" if name.startswith(".") else value(name)
    if policy.attributes:
        paper.refuse(
            policy.origin, policy.destination, ATTRIBUTES.format(", ".join(each for each, _ in policy.attributes))
        )
    yield from block(f"domain {pattern}", list(tls_lines(paper, policy.level, policy.origin)), (policy.origin,))


def level_lines(paper: Paper, level: Stated[str]) -> Iterator[Line]:
    yield from tls_lines(paper, level.value or "none", level.origin, "Postfix's default: no TLS")


def tls_lines(paper: Paper, level: str, origin: Origin | None, why: str = "") -> Iterator[Line]:
    if level in STRICT:
        paper.refuse(origin, level, NO_CHECK)
    elif level not in TLS_LINES:
        paper.refuse(origin, level, UNKNOWN_LEVEL)
    for line in TLS_LINES.get(level, TLS_LINES["encrypt"]):
        yield Line(line, origins_of(origin), why)


def log_ins(paper: Paper) -> Iterator[Line]:
    """The user for the relay host; a login for any other host belongs to domains that people have to name."""
    relays = {(hop.host, hop.port) for hop in paper.estate.relay_hosts.value}
    for login in paper.estate.logins:
        try:
            hop = next_hop_of(login.destination)
        except UnreadableHopError as unreadable:
            paper.refuse(login.origin, login.destination, str(unreadable))
            continue
        if (hop.host, hop.port) in relays:
            yield from paper.tried(login.origin, login.user, user, login)
        paper.refuse(login.origin, login.destination, NOT_KEPT if (hop.host, hop.port) in relays else OTHER_LOGIN)


def user(login: RelayLogin) -> Iterator[Line]:
    yield Line(f"auth-username {value(login.user)}", (login.origin,))
