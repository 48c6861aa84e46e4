"""header_checks and their kin as rules of Lua: `header_checks.lua`, which content_checks.lua applies.

    M["postfix"] = { primary = {...}, mime = {...}, nested = {...}, body = {...}, delivery = { [""] = {...} } }

Each stage is a list of tables, each table a list of lines in its order. A line that has no exact equal stays as a
comment and is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from discovery.translation.emission import Line, TargetFile, indented
from discovery.translation.kumomta.expressions import UnequalError
from discovery.translation.kumomta.quoting import lua_string
from discovery.translation.kumomta.rules import original_of, rule_entry
from discovery.translation.sending import HeaderRule, Origin, Refusal, SendingEstate

PATH = "header_checks.lua"
STAGES = {
    "header_checks": "primary",
    "mime_header_checks": "mime",
    "nested_header_checks": "nested",
    "body_checks": "body",
}
AT_DELIVERY = {f"smtp_{name}": stage for name, stage in STAGES.items()}
MILTERS = "These checks look at headers that a milter adds, and KumoMTA runs no milters."
ELSEWHERE = "The table belongs to the service {}; which entrances pass mail through it is not known here."
INHERITED = "no line sets tables for these headers, so they use those of header_checks (postconf(5))"
INSIDE = "It stands in an if that is not carried over."
UNSAID = "not carried over: {}"

RouteOf = Callable[[SendingEstate, Origin], str]
Stage = list[list[HeaderRule]]


@dataclass(slots=True)
class Checks:
    """The rules of one instance by stage; `delivery` by the service whose own they are, "" for those of all."""

    receiving: dict[str, Stage] = field(default_factory=dict)
    delivery: dict[str, dict[str, Stage]] = field(default_factory=dict)


def checks_file(estates: Iterable[SendingEstate], route_of: RouteOf, refusals: list[Refusal]) -> TargetFile | None:
    """The file for all instances, or None when no table has rules; what is refused is added to `refusals`."""
    blocks = [line for estate in estates for line in instance_lines(estate, route_of, refusals)]
    if not blocks:
        return None
    start = Line("local M = {}", why="the rules are handed over as one table, by instance")
    return TargetFile(PATH, "--", (start, Line(""), *blocks, Line(""), Line("return M", why="Lua asks for it")))


def instance_lines(estate: SendingEstate, route_of: RouteOf, refusals: list[Refusal]) -> Iterator[Line]:
    checks = checks_of(estate, refusals)
    if not (checks.receiving or checks.delivery):
        return
    origins = tuple(dict.fromkeys(rule.origin for rule in estate.header_rules))[:1]
    yield Line(f"M[{lua_string(estate.name)}] = {{", origins)
    route = lambda origin: route_of(estate, origin)  # noqa: E731 - a name for the rules of this instance
    yield from indented(stage_lines(checks.receiving, route, refusals))
    if checks.delivery:
        yield Line("  delivery = {", origins)
        for service, stages in checks.delivery.items():
            yield Line(f"    [{lua_string(service)}] = {{", origins)
            yield from indented(stage_lines(stages, route, refusals), "      ")
            yield Line("    },")
        yield Line("  },")
    yield Line("}")
    if "primary" in checks.receiving:
        name = f"M[{lua_string(estate.name)}]"
        same = [STAGES[stage] for stage in estate.inheriting_checks if STAGES[stage] not in checks.receiving]
        yield from (Line(f"{name}.{stage} = {name}.primary", why=INHERITED) for stage in same)


def checks_of(estate: SendingEstate, refusals: list[Refusal]) -> Checks:
    """The tables by stage."""
    checks = Checks()
    for (stage, service, _), rows in groupby(estate.header_rules, table_of):
        rules = list(rows)
        if stage in AT_DELIVERY:
            checks.delivery.setdefault(service.partition("/")[0], {}).setdefault(AT_DELIVERY[stage], []).append(rules)
        elif stage in STAGES and not service:
            checks.receiving.setdefault(STAGES[stage], []).append(rules)
        else:
            reason = ELSEWHERE.format(service) if stage in STAGES else MILTERS
            refusals += [Refusal(rule.origin, original_of(rule), reason) for rule in rules if rule.op == "match"]
    common = checks.delivery.get("", {})
    for service, stages in checks.delivery.items():
        if service:
            checks.delivery[service] = common | stages
    return checks


def table_of(rule: HeaderRule) -> tuple[str, str, str]:
    return rule.stage, rule.service, rule.origin.file


def stage_lines(stages: Mapping[str, Stage], route: Callable[[Origin], str], refusals: list[Refusal]) -> Iterator[Line]:
    """The stages in turn."""
    for name, tables in stages.items():
        yield Line(f"{name} = {{", (tables[0][0].origin,))
        for rules in tables:
            yield Line("  {", (rules[0].origin,))
            yield from indented(table_lines(rules, route, refusals), "    ")
            yield Line("  },")
        yield Line("},")


def table_lines(rules: list[HeaderRule], route: Callable[[Origin], str], refusals: list[Refusal]) -> Iterator[Line]:
    """Every line of a table: the original as a comment, and its entry unless it is refused."""
    depth, skipped = 0, 0
    for rule in rules:
        if skipped:
            skipped += {"if": 1, "endif": -1}.get(rule.op, 0)
            if rule.op == "match":
                yield from refused(rule, INSIDE, refusals)
            continue
        try:
            entry = rule_entry(rule, depth, route(rule.origin) if rule.action == "FILTER" else "")
        except UnequalError as unequal:
            yield from refused(rule, str(unequal), refusals)
            skipped = int(rule.op == "if")
            continue
        depth += {"if": 1, "endif": -1}.get(rule.op, 0)
        yield Line(f"-- {original_of(rule)}")
        yield Line(entry, (rule.origin,))


def refused(rule: HeaderRule, reason: str, refusals: list[Refusal]) -> Iterator[Line]:
    refusal = Refusal(rule.origin, original_of(rule), reason)
    if refusal not in refusals:
        refusals.append(refusal)
    yield Line(f"-- {UNSAID.format(original_of(rule))}")
