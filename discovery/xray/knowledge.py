"""Checks of what people said and decided against what the uploads show."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from core.counting import counted
from discovery.dossiers.found import found_in
from discovery.xray.registry import Doubt, Fault, Scene, Whole, check, thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discovery.estate import DossierRow

DECIDED = {"migrate", "stay"}
ANSWERS = {
    "draft": "the customer has not submitted it",
    "submitted": "the consultants have not judged it",
    "returned": "the customer has it back for changes",
}
DOSSIERS = "All dossiers"


def _at(sentence: str, row: DossierRow) -> Fault:
    return Fault(f"{row.reference} {row.name}: {sentence}", "dossier", (row.number,))


@check("dossiers_open", "Every milter, daemon and program has a dossier", whole=Whole(DOSSIERS, "dossiers"))
def dossiers_open(scene: Scene) -> Iterator[Fault]:
    known = {(row.host, row.found_as, row.found_name) for row in scene.estate.dossiers if row.is_found}
    for notes in found_in(scene.estate):
        if notes.key not in known:
            yield Fault(f"{notes.title} on {notes.host} has no dossier.", "dossiers")


@check(
    "dossiers_owned",
    "Every dossier names an owner",
    needs_uploads=False,
    whole=Whole("All dossiers without an owner", "dossiers", query="?without=owner"),
)
def dossiers_owned(scene: Scene) -> Iterator[Fault]:
    for row in scene.estate.dossiers:
        if not row.owner and not row.is_gone:
            yield _at("nobody is named who can answer for it.", row)


@check(
    "dossiers_replaced",
    "Every dossier says what does the work on the target",
    needs_uploads=False,
    whole=Whole("All dossiers without a replacement", "dossiers", query="?without=replacement"),
)
def dossiers_replaced(scene: Scene) -> Iterator[Fault]:
    for row in scene.estate.dossiers:
        if not row.replacement and not row.is_gone:
            yield _at("nothing is written about the target.", row)


@check("dossiers_agree", "What people wrote into dossiers agrees with what was read", whole=Whole(DOSSIERS, "dossiers"))
def dossiers_agree(scene: Scene) -> Iterator[Fault]:
    for row in scene.estate.dossiers:
        if row.differs and not row.is_gone:
            yield _at(f"the files say otherwise about {', '.join(row.differs).lower()}.", row)


@check(
    "dossiers_shown",
    "What people wrote about is still shown by the latest upload",
    whole=Whole(DOSSIERS, "dossiers"),
)
def dossiers_shown(scene: Scene) -> Iterator[Fault]:
    hosts = {one.host for one in scene.estate.hosts}
    for row in scene.estate.dossiers:
        if row.is_gone and row.is_stated:
            yield _at("the latest upload no longer shows it.", row)
        elif row.host and row.host not in hosts:
            yield _at(f"it is said to run on {row.host}, of which nothing has been read.", row)


@check(
    "streams_decided",
    "Every stream is marked: it migrates or it stays",
    whole=Whole("All streams", "subject", ("streams",)),
)
def streams_decided(scene: Scene) -> Iterator[Fault | Doubt]:
    if not scene.estate.streams:
        yield Doubt("No stream is on the list yet.")
    for row in scene.estate.streams:
        if row.route not in DECIDED:
            yield Fault(f"{row.reference} {row.name} neither migrates nor stays yet.", "stream", (row.number,))


@check("answers_accepted", "The questionnaire is answered and accepted")
def answers_accepted(scene: Scene) -> Iterator[Fault]:
    if scene.answers != "accepted":
        yield Fault(f"The questionnaire is not accepted: {ANSWERS[scene.answers]}.", "questionnaire")


@check(
    "findings_classed",
    "Every accepted finding has its class",
    needs_uploads=False,
    whole=Whole("All of them in the review queue", "queue", query="?state=accepted&translation_class=none"),
)
def findings_classed(scene: Scene) -> Iterator[Fault]:
    for row in scene.estate.findings:
        if row.state == "accepted" and not row.translation_class:
            yield Fault(f"{row.reference} {row.title}: accepted without a class.", "finding", (row.number,))


@check(
    "findings_worded",
    "Every accepted finding has a proposal",
    needs_uploads=False,
    whole=Whole("All of them in the review queue", "queue", query="?state=accepted&proposal=none"),
)
def findings_worded(scene: Scene) -> Iterator[Fault]:
    for row in scene.estate.findings:
        if row.state == "accepted" and not row.proposal:
            yield Fault(f"{row.reference} {row.title}: accepted without a proposal.", "finding", (row.number,))


@check("hosts_alike", "Hosts of one name and another number are configured alike")
def hosts_alike(scene: Scene) -> Iterator[Fault | Doubt]:
    likeness = {(row.host, row.values["name"]): row.values["likeness"] for row in scene.estate.instances}
    pairs = [
        (one, other)
        for one, other in combinations(sorted(likeness), 2)
        if one[0] != other[0] and one[1] == other[1] and _stem(one[0]) == _stem(other[0])
    ]
    if not pairs:
        yield Doubt("There are no two hosts of one name and another number.")
    for one, other in pairs:
        if likeness[one] != likeness[other]:
            yield Fault(
                f"{one[0]} and {other[0]} are named alike and configured differently.", "subject", ("likeness",)
            )


def _stem(host: str) -> str:
    return re.sub(r"\d+", "#", host)


@check("uploads_recent", "Every host was read lately")
def uploads_recent(scene: Scene) -> Iterator[Fault]:
    limit = thresholds()["upload_is_old_after"]
    for host, day in scene.read_on.items():
        if (age := (scene.today - day).days) > limit:
            yield Fault(
                f"{host} was read {counted(age, 'day')} ago; after {limit} days it is worth reading again.", "inventory"
            )


@check("uploads_together", "All hosts were read within the same days")
def uploads_together(scene: Scene) -> Iterator[Fault]:
    limit, days = thresholds()["uploads_of_hosts_apart_by"], sorted((day, host) for host, day in scene.read_on.items())
    if days and (apart := (days[-1][0] - days[0][0]).days) > limit:
        yield Fault(f"{days[0][1]} was read {counted(apart, 'day')} before {days[-1][1]}.", "inventory")
