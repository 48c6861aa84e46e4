"""Puts the files of KumoMTA together."""

from collections.abc import Sequence
from pathlib import Path

from discovery.translation.emission import Emission, Line, TargetFile
from discovery.translation.kumomta.domains import domains_file
from discovery.translation.kumomta.header_checks import checks_file
from discovery.translation.kumomta.hops import Hops
from discovery.translation.kumomta.keys import keys_file
from discovery.translation.kumomta.paces import shaping_file
from discovery.translation.kumomta.policy import policy_file
from discovery.translation.kumomta.routes import filter_target, routes_file
from discovery.translation.kumomta.sheet import Sheet
from discovery.translation.kumomta.sources import queues_file, sources_file
from discovery.translation.sending import Origin, Refusal, SendingEstate

TARGET = "kumomta"
LIBRARIES = ("content_checks.lua", "mail_routing.lua")


def emit_kumomta(estates: Sequence[SendingEstate]) -> Emission:
    """One policy for all instances of a host, and everything it does not hold."""
    hops = Hops()
    sheets = tuple(Sheet(estate, hops, f"{estate.name}." if len(estates) > 1 else "") for estate in estates)
    by_name = {sheet.estate.name: sheet for sheet in sheets}
    refusals: list[Refusal] = [refusal for estate in estates for refusal in estate.refusals]

    def route_of(estate: SendingEstate, origin: Origin) -> str:
        return filter_target(by_name[estate.name], origin)

    routes = routes_file(sheets)
    checks = checks_file(estates, route_of, refusals)
    holds = any(rule.action == "HOLD" for estate in estates for rule in estate.header_rules)
    files = (
        policy_file(sheets, has_checks=checks is not None),
        shaping_file(sheets),
        queues_file(sheets, hops, holds=holds),
        sources_file(sheets, holds=holds),
        keys_file(sheets),
        domains_file(sheets),
        routes,
        *((checks,) if checks else ()),
        *(library(name) for name in LIBRARIES),
    )
    refusals += [refusal for sheet in sheets for refusal in sheet.refusals]
    return Emission(TARGET, files, tuple(dict.fromkeys(refusals)))


def library(name: str) -> TargetFile:
    """A file that is the same for every customer; its first lines say why it is there."""
    text = (Path(__file__).parent / "lua" / name).read_text(encoding="utf-8")
    return TargetFile(name, "--", tuple(Line(line) for line in text.splitlines()))
