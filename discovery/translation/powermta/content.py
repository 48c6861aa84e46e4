"""What is taken out, rewritten or sent on: headers, sender addresses, aliases (guide 3.3.7.8, 3.3.12.9, 3.3.1.17)."""

from collections.abc import Iterator

from discovery.translation.emission import Line
from discovery.translation.powermta.paper import Paper, block
from discovery.translation.powermta.words import HEADER_START, value
from discovery.translation.sending import AddressRewrite, HeaderRule

NO_HEADERS = "PowerMTA changes no header by its content; the application, or a filter before it, has to."
NO_REFUSALS = "PowerMTA refuses or holds no message by its content."
SAYS_NOTHING = "This row only ends the search for its line; nothing has to be done for it."
ONLY_LOGGED = "This row only writes into the log; a header can be logged in the accounting file instead."
IN_A_CONDITION = "The header is taken out in some messages only; PowerMTA takes it out of all or of none."
REASONS = {
    "REPLACE": NO_HEADERS,
    "PREPEND": NO_HEADERS,
    "DUNNO": SAYS_NOTHING,
    "INFO": ONLY_LOGGED,
    "WARN": ONLY_LOGGED,
}
REMOVALS = frozenset({"IGNORE", "STRIP"})
WHOLE_VALUE = frozenset({"", ".*", ".*$", "$"})
ONE_ADDRESS = (
    "PowerMTA sends an alias on to addresses; programs, files and names without a domain stay on a mail server."
)
ONLY_FROM = "PowerMTA rewrites the sender and the domain of From when it sends; this table changes more than that."
COPIES = "A copy by sender or recipient has no equal in PowerMTA; every message of an entrance can be copied."


def removals(paper: Paper) -> Iterator[Line]:
    """Headers that are taken out of every message."""
    for rule in paper.estate.header_rules:
        if is_removal(rule):
            name = HEADER_START.match(rule.patterns[0].text)
            yield Line(f"remove-header {name['name'] if name else ''}", (rule.origin,))


def is_removal(rule: HeaderRule) -> bool:
    """Whether a rule takes a header out whatever it says, and in every message."""
    if rule.op != "match" or rule.action not in REMOVALS or len(rule.patterns) != 1 or rule.is_conditional:
        return False
    pattern = rule.patterns[0]
    name = HEADER_START.match(pattern.text)
    return bool(name) and not pattern.is_negated and pattern.text[name.end() if name else 0 :] in WHOLE_VALUE


def refuse_rules(paper: Paper) -> None:
    """Every rule of content that nothing above carries, with its reason; FILTER is a route."""
    routed = {route.origin for route in paper.estate.routes}
    for rule in paper.estate.header_rules:
        if rule.op != "match" or rule.origin in routed or (is_removal(rule) and paper.estate.listeners):
            continue
        reason = IN_A_CONDITION if rule.action in REMOVALS else REASONS.get(rule.action, NO_REFUSALS)
        paper.refuse(rule.origin, f"{rule.origin.name} {rule.action} {rule.text}".rstrip(), reason)


def rewriting(paper: Paper) -> Iterator[Line]:
    """The rewrite list, named in every virtual MTA."""
    if any(rewritten(each) for each in paper.estate.rewrites):
        yield Line(f"rewrite-list {paper.named('generic')}", why="smtp_generic_maps holds for all mail that leaves")


def rewritten(row: AddressRewrite) -> tuple[str, str] | None:
    """`(from, to)` of a row of smtp_generic_maps that names whole addresses or whole domains."""
    if row.stage != "smtp_generic_maps" or row.pattern or "," in row.targets or "@" not in row.key:
        return None
    left, right = row.key, row.targets.strip()
    if left.startswith("@") and right.startswith("@"):
        return f"*{left}", f"*{right}"
    return (left, right) if not left.startswith("@") and "@" in right[1:-1] else None


def rewrites(paper: Paper) -> Iterator[Line]:
    """The rewrite list and the aliases; every other row is refused."""
    lists: list[Line] = []
    for row in paper.estate.rewrites:
        pair = rewritten(row)
        if pair:
            lists += paper.tried(row.origin, row.key, mail_from, row, pair)
        elif is_alias(row):
            yield from paper.tried(row.origin, row.key, alias, row)
        else:
            paper.refuse(row.origin, f"{row.key} {row.targets}", why_not(row))
    if lists:
        yield from block(f"rewrite-list {paper.named('generic')}", lists, why="smtp_generic_maps, the sender only")


def mail_from(row: AddressRewrite, pair: tuple[str, str]) -> Iterator[Line]:
    yield Line(f"mail-from {value(pair[0])} {value(pair[1])}", (row.origin,))


def is_alias(row: AddressRewrite) -> bool:
    """One address sent on to one other, or the postmaster's mail to somebody."""
    is_one = "," not in row.targets and "@" in row.targets[1:-1] and not row.pattern and '"' not in row.targets
    is_address = row.stage == "virtual_alias_maps" and "@" in row.key[1:-1]
    return is_one and (is_address or (row.stage == "alias_maps" and row.key.lower() == "postmaster"))


def alias(row: AddressRewrite) -> Iterator[Line]:
    if row.stage == "alias_maps":
        yield Line(f"postmaster {value(row.targets.strip())}", (row.origin,))
    else:
        yield Line(f"alias {value(row.key)} {value(row.targets.strip())}", (row.origin,))


def why_not(row: AddressRewrite) -> str:
    if row.stage.endswith("bcc_maps"):
        return COPIES
    return ONE_ADDRESS if row.stage in {"alias_maps", "virtual_alias_maps", "relocated_maps"} else ONLY_FROM
