"""Puts the `config` of PowerMTA together."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from discovery.translation.emission import Emission, Line, TargetFile, indented
from discovery.translation.powermta.content import refuse_rules, rewrites
from discovery.translation.powermta.defaults import with_defaults
from discovery.translation.powermta.destinations import everywhere, single_destinations
from discovery.translation.powermta.entrances import entrances, relaying
from discovery.translation.powermta.exits import exits
from discovery.translation.powermta.feedback import processors
from discovery.translation.powermta.paper import Paper, block, of
from discovery.translation.powermta.routes import pattern_list
from discovery.translation.powermta.ways import waiting_room, ways
from discovery.translation.powermta.words import name_of, value
from discovery.translation.sending import Origin, SendingEstate, Stated
from discovery.translation.signing import publishing, selector_plan

TARGET = "powermta"
NO_TABLE = "A list of domains in a table has to be written out here."
FIRST_NAME = "PowerMTA has one name of its own; each virtual MTA says the name of its instance."


def emit_powermta(estates: Sequence[SendingEstate]) -> Emission:
    """The configuration of all instances of a host in one file, and everything it does not hold."""
    estates = tuple(with_defaults(estate) for estate in estates)
    papers = tuple(Paper(estate, f"{name_of(estate.name)}." if len(estates) > 1 else "") for estate in estates)
    lines = tuple(written(papers))
    passed_on = [refusal for estate in estates for refusal in estate.refusals]
    refused = [refusal for paper in papers for refusal in paper.refusals]
    return Emission(TARGET, (TargetFile("config", "#", lines),), tuple(dict.fromkeys([*passed_on, *refused])))


def written(papers: tuple[Paper, ...]) -> Iterator[Line]:
    """All parts, what is said once first."""
    yield from host_names(papers)
    yield from (Line(row["text"], why=row["why"]) for row in standing()["head"])
    yield Line("")
    yield from relaying(papers)
    yield Line("")
    taken: set[str] = set()
    signed: set[str] = set()
    for paper in papers:
        yield from instance(paper, taken, signed)
    yield from records()


def host_names(papers: tuple[Paper, ...]) -> Iterator[Line]:
    for number, paper in enumerate(papers):
        stated = paper.estate.hostname
        origin = stated.origin or Origin("", 0, "myhostname")
        if number:
            paper.refuse(stated.origin, stated.value, FIRST_NAME)
        elif stated.value:
            yield from paper.tried(origin, stated.value, named, "host-name", stated)


def instance(paper: Paper, taken: set[str], signed: set[str]) -> Iterator[Line]:
    """Everything of one Postfix instance; `taken` are places that somebody listens at, `signed` domains with a key."""
    yield from relay_domains(paper)
    yield from rewrites(paper)
    yield from signing(paper, signed)
    yield from entrances(paper, taken)
    yield from exits(paper)
    yield from ways(paper)
    yield from pattern_list(paper)
    yield from waiting_room(paper)
    if not paper.prefix:
        yield from block(
            "domain *", list(everywhere(paper, first_level(paper))), why="holds unless a domain says otherwise"
        )
        yield from single_destinations(paper)
        yield Line("")
    yield from processors(paper)
    refuse_rules(paper)


def first_level(paper: Paper) -> Stated[str]:
    """The level of TLS of the first transport; where others differ each virtual MTA has its own."""
    return next(iter(paper.tls_levels), Stated(""))


def relay_domains(paper: Paper) -> Iterator[Line]:
    for domain in paper.estate.relay_domains:
        if ":" in domain.value or domain.value.startswith("!"):
            paper.refuse(domain.origin, domain.value, NO_TABLE)
        elif domain.origin:
            yield from paper.tried(domain.origin, domain.value, named, "relay-domain", domain)


def signing(paper: Paper, signed: set[str]) -> Iterator[Line]:
    """New selectors with the path of their keys, which are made on the new host and never leave it."""
    for selector in selector_plan(paper.estate.signing, TARGET, paper.refusals):
        if selector.domain not in signed:
            signed.add(selector.domain)
            yield Line(publishing(selector))
            text = f"domain-key {selector.new},{selector.domain},{value(selector.key_path)}"
            yield Line(text, (selector.origin,))


def named(directive: str, stated: Stated[str]) -> Iterator[Line]:
    yield of(f"{directive} {value(stated.value)}", stated)


def records() -> Iterator[Line]:
    """Accounting, spool and bounce categories."""
    for row in standing()["blocks"]:
        yield Line(row["open"], why=row["why"])
        yield from indented(Line(text) for text in row.get("lines", ()))
        yield Line(row["close"])
        yield Line("")
    rows = [Line(f"{pattern} {category}", is_bare=True) for pattern, category in standing()["bounces"]]
    yield from block("bounce-category-patterns", rows, why="enhanced status codes of RFC 3463, and a few words")


@cache
def standing() -> Mapping[str, Any]:
    """The lines every configuration holds."""
    loaded: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "standing.yaml").read_text(encoding="utf-8"))
    return loaded
