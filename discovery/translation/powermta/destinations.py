"""<domain> blocks: next hops, TLS, queue times, signing, and the words of relay logins (guide 3.3.10)."""

from collections.abc import Iterator

from discovery.translation.emission import Line, origins_of
from discovery.translation.powermta.hosts import hosts
from discovery.translation.powermta.paper import Paper, block, of
from discovery.translation.powermta.words import interval, value
from discovery.translation.sending import NextHop, Origin, RelayLogin, Route, Stated, TlsPolicy
from discovery.translation.sending.next_hops import UnreadableHopError, next_hop_of

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
UNKNOWN_LEVEL = "This level of TLS is not one that Postfix has."
BOUNCES = "PowerMTA has one lifetime for all mail; Postfix gives up on bounces after this time."
FALLBACK = (
    "Only hosts of one domain can stand behind each other here, so a relay for whatever fails is not carried over."
)
MOST_RETRIES = 8


def single_destinations(paper: Paper) -> Iterator[Line]:
    """The domains that something is said about."""
    for route in paper.estate.routes:
        if route.match in {"recipient_domain", "recipient_subdomains"}:
            yield from paper.tried(route.origin, route.key, to_domain, route)
    for policy in paper.estate.tls_policies:
        yield from paper.tried(policy.origin, policy.destination, with_tls, paper, policy)


def everywhere(paper: Paper) -> Iterator[Line]:
    estate = paper.estate
    queue = estate.queue
    yield of(f"bounce-after {interval(queue.lifetime.value)}", queue.lifetime, "Postfix's default, PowerMTA's is 4d12h")
    yield Line(
        f"retry-after {','.join(interval(each) for each in retries(queue.first_retry.value, queue.last_retry.value))}",
        origins_of(queue.first_retry.origin, queue.last_retry.origin),
        "Postfix's defaults, PowerMTA's is 10m",
    )
    paper.refuse(queue.bounce_lifetime.origin, interval(queue.bounce_lifetime.value), BOUNCES)
    yield from default_hosts(paper)
    yield from log_ins(paper)
    level = estate.shaping[0].tls_level if estate.shaping else Stated("", None)
    yield from tls_lines(paper, level.value or "none", level.origin, "Postfix's default: no TLS")
    if estate.signing:
        first = estate.signing[0]
        yield Line("dkim-sign yes", (Origin(first.file, first.line, first.domain),))
    yield Line(
        "smtp-data-termination-timeout 10m", why="ten minutes for the answer to the end of data (RFC 5321, 4.5.3.2.6)"
    )


def default_hosts(paper: Paper) -> Iterator[Line]:
    """The relay host, or a `*` row of the transport table, for whatever has no host of its own."""
    estate = paper.estate
    if estate.fallback_relays.value:
        paper.refuse(estate.fallback_relays.origin, estate.fallback_relays.value[0].host, FALLBACK)
    star = next((each for each in estate.routes if each.match == "everything" and each.next_hops), None)
    if star:
        yield from paper.tried(star.origin, star.key, handed_on, star.next_hops, star.origin)
    elif estate.relay_hosts.value and estate.relay_hosts.origin:
        origin = estate.relay_hosts.origin
        yield from paper.tried(origin, origin.name, handed_on, estate.relay_hosts.value, origin)


def handed_on(hops: tuple[NextHop, ...], origin: Origin) -> Iterator[Line]:
    yield Line(f"smtp-hosts {hosts(hops)}", (origin,))


def retries(first: int, last: int) -> Iterator[int]:
    """Postfix waits at least the first time and about doubles it up to the last."""
    wait = max(first, 1)
    for _ in range(MOST_RETRIES):
        yield min(wait, max(last, first, 1))
        if wait >= last:
            return
        wait *= 2


def to_domain(route: Route) -> Iterator[Line]:
    """The hosts of one domain, or that its mail is thrown away."""
    pattern = f"*.{value(route.key)}" if route.match == "recipient_subdomains" else value(route.key)
    if route.action == "discard":
        yield from block(f"domain {pattern}", [Line("type discard", (route.origin,))], (route.origin,))
    elif route.action == "send" and route.next_hops:
        yield from block(
            f"domain {pattern}", [Line(f"smtp-hosts {hosts(route.next_hops)}", (route.origin,))], (route.origin,)
        )


def with_tls(paper: Paper, policy: TlsPolicy) -> Iterator[Line]:
    """A row of the TLS policy table; the key may be a domain, one with its subdomains, or a next hop in brackets."""
    name = policy.destination.partition("]")[0].lstrip("[").partition(":")[0]
    pattern = f"*.{value(name[1:])}" if name.startswith(".") else value(name)
    if policy.attributes:
        paper.refuse(
            policy.origin, policy.destination, ATTRIBUTES.format(", ".join(each for each, _ in policy.attributes))
        )
    yield from block(f"domain {pattern}", list(tls_lines(paper, policy.level, policy.origin)), (policy.origin,))


def tls_lines(paper: Paper, level: str, origin: Origin | None, why: str = "") -> Iterator[Line]:
    if level in STRICT:
        paper.refuse(origin, level, NO_CHECK)
    elif level not in TLS_LINES:
        paper.refuse(origin, level, UNKNOWN_LEVEL)
        return
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
