"""The first pages: what this is, what it comes to, and whether to do it at all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reports.moves import moves_of
from reports.outline import page_of, plan_pages
from reports.sheets.blocks import Figure
from reports.sheets.desk import short
from reports.sheets.phrases import say, say_stream
from reports.sheets.standing import open_gaps, open_urgent, staying, stream_names, undecided_streams

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from reports.sheets.blocks import Annex, Block, Cell
    from reports.sheets.desk import Desk


def cover(desk: Desk, annexes: Sequence[Annex]) -> list[Block]:
    pages = plan_pages(desk.words.language)[1:]
    half, half_annexes = (len(pages) + 1) // 2, (len(annexes) + 1) // 2
    columns = {
        "pages": [pages[:half], pages[half:]],
        "annexes": [annexes[:half_annexes], annexes[half_annexes:]],
        "organization": short(desk.stamp["organization"]),
    }
    return [Figure("documents/figures/cover.html", 200, columns)]


def summary(desk: Desk) -> list[Block]:
    return [
        desk.prose("summary.lead"),
        desk.terms(_what_it_comes_to(desk)),
        desk.heading("summary.next"),
        desk.points(_next_steps(desk)),
        desk.note("summary.how_to_read", evidence=desk.letters.get("evidence", "")),
        *([desk.note("summary.long_texts", texts=desk.letters["texts"])] if "texts" in desk.letters else []),
    ]


def _what_it_comes_to(desk: Desk) -> Iterator[tuple[str, Cell]]:
    yield "summary.verdict", _verdict(desk)
    yield "summary.estate", _estate(desk)
    yield "summary.streams", _streams(desk)
    yield "summary.volume", _volume(desk)
    yield "summary.findings", _findings(desk)
    yield "summary.coverage", _coverage(desk)
    yield "summary.target", _target(desk)
    yield "summary.fee", _fee(desk)
    yield "summary.weeks", _weeks(desk)
    if desk.part("costs", "totals"):
        yield "summary.costs", _costs(desk)


def quote_proof(desk: Desk) -> str:
    offer = desk.part("offer")
    if not offer:
        return ""
    return desk.words(
        "proof.quote",
        reference=offer["reference"],
        by=offer["accepted_by"],
        at=desk.words.moment(offer["accepted_at"] or ""),
        receipt=offer["receipt"],
    )


def _verdict(desk: Desk) -> Cell:
    if offer := desk.part("offer"):
        diagnosis = offer["said"]["diagnosis"]
        return desk.said(f"{diagnosis['label']}. {diagnosis['explanation']}", proof=quote_proof(desk), longest=300)
    return desk.cell(_advice(desk), longest=300)


def _advice(desk: Desk) -> str:
    """What the data points speak for while there is no quote."""
    advice = desk.part("basis", "advice")
    return say(desk.words, advice) if advice else desk.words("summary.no_verdict")


def _estate(desk: Desk) -> Cell:
    instances = desk.part("estate", "instances")
    if not instances:
        return desk.cell(desk.words("summary.nothing_read"))
    text = desk.words(
        "summary.estate_text",
        hosts=len(desk.part("estate", "readings")),
        instances=len(instances),
        parameters=desk.figure(sum(row["parameters"] for row in instances)),
        addresses=len({address for row in instances for address in row["addresses"]}),
        custom=len({(row["host"], *row["detail"][:1]) for row in desk.part("estate", "milters")})
        + len(desk.part("estate", "scripts")),
    )
    return desk.cell(text, proof=desk.read_in({**instances[0], "place": instances[0]["directory"]}), longest=300)


def _streams(desk: Desk) -> Cell:
    """What stays is named: nobody should learn of it from a later page."""
    rows = desk.part("estate", "streams")
    if not rows:
        return desk.cell(desk.words("summary.no_streams"))
    stays, undecided = staying(desk), undecided_streams(desk)
    parts = [
        desk.words(
            "summary.streams_text",
            count=len(rows),
            migrate=len(rows) - len(stays) - undecided,
            stay=len(stays),
            undecided=undecided,
        ),
        *([desk.words("summary.stays", names=stream_names(stays))] if stays else []),
    ]
    return desk.cell(" ".join(parts), longest=400)


def _volume(desk: Desk) -> Cell:
    volumes = desk.part("basis", "volumes") or {}
    if peak := volumes.get("peak_day"):
        count = desk.figure(peak["delivered"] + peak["bounced"])
        return desk.cell(desk.words("summary.measured", count=count, day=desk.words.day(peak["name"])))
    if volumes.get("stated_month") is not None:
        return desk.cell(desk.words("summary.stated", count=desk.figure(volumes["stated_month"])))
    return desk.cell(desk.words("summary.no_volume"))


def _findings(desk: Desk) -> Cell:
    groups = desk.part("findings")
    parts = ", ".join(f"{group['count']} {_severity(desk, group)}" for group in groups)
    waiting = open_urgent(desk)
    key = "urgent_one" if waiting == 1 else "urgent_open" if waiting else "urgent_done"
    tail = desk.words(f"summary.{key}", count=waiting)
    return desk.cell(f"{parts}. {tail}" if parts else desk.words("summary.no_finding"))


def _coverage(desk: Desk) -> Cell:
    rows = desk.part("translation", "coverage")
    if not rows:
        return desk.cell(desk.words("summary.not_translated"))
    parts = [
        desk.words("summary.covered", covered=row["covered"], counted=row["counted"], target=row["target"])
        for row in rows
    ]
    return desk.cell(" ".join([*parts, desk.words("summary.open_gaps", count=open_gaps(desk))]), longest=300)


def _target(desk: Desk) -> Cell:
    return desk.cell(desk.part("target") or desk.words("summary.no_target"))


def _severity(desk: Desk, group: Mapping[str, Any]) -> str:
    """As it is called in the language for so many."""
    several = f"several.{group['label']}"
    is_several = group["count"] != 1 and desk.words.has(several)
    return (desk.words(several) if is_several else desk.words.label(group["label"])).lower()


def _fee(desk: Desk) -> Cell:
    offer = desk.part("offer")
    if not offer:
        return desk.cell(desk.words("summary.no_quote"))
    return desk.cell(
        f"{say(desk.words, offer['tier'])}: {say(desk.words, offer['total'])} ({offer['reference']})",
        proof=quote_proof(desk),
    )


def _costs(desk: Desk) -> Cell:
    found, words = desk.part("costs"), desk.words
    sums = "; ".join(
        f"{words.label(way)}, {say(words, total)}" for way, total in zip(found["ways"], found["totals"], strict=True)
    )
    return desk.cell(
        desk.words("summary.costs_text", years=found["years"], sums=sums, page=page_of("costs")), longest=300
    )


def _weeks(desk: Desk) -> Cell:
    phases = desk.part("schedule", "phases")
    if not phases:
        return desk.cell(desk.words("summary.no_schedule"))
    first, last = min(phase["start"] for phase in phases), max(phase["end"] for phase in phases)
    text = desk.words("summary.from_to", first=desk.words.day(first), last=desk.words.day(last))
    moves = moves_of(phases)
    tail = [desk.words("summary.full_on", day=desk.words.day(moves.full))] if moves else []
    return desk.cell(" ".join([text, *tail]))


def _next_steps(desk: Desk) -> Iterator[Cell]:
    if waiting := open_urgent(desk):
        yield desk.cell(desk.words("summary.step_findings", count=waiting))
    if waiting := open_gaps(desk):
        yield desk.cell(desk.words("summary.step_gaps", count=waiting))
    if waiting := undecided_streams(desk):
        yield desk.cell(desk.words("summary.step_streams", count=waiting, page=page_of("estate")))
    if not desk.part("basis", "volumes", "logs"):
        yield desk.cell(desk.words("summary.step_logs"))
    yield desk.cell(desk.words("summary.step_sign"))


def verdict(desk: Desk) -> list[Block]:
    offer = desk.part("offer")
    if not offer:
        return [
            desk.prose("verdict.lead"),
            desk.prose("verdict.no_quote", advice=_advice(desk)),
            desk.table("verdict.rules", _thresholds(desk), "quarter", ""),
            *_by_stream(desk),
            desk.note("verdict.who_supplies"),
        ]
    said = offer["said"]
    return [
        desk.prose("verdict.lead"),
        desk.table("verdict.signals", _signals(desk, said), "quarter", "fifth", ""),
        desk.heading("verdict.tier"),
        desk.terms(_tier(desk, said)),
        *_by_stream(desk),
        desk.note("verdict.rule"),
    ]


def _by_stream(desk: Desk) -> Iterator[Block]:
    """What each stream's own numbers say, once they are known."""
    weighed = desk.part("weighed")
    if not weighed:
        return
    rows = [
        [
            desk.cell(f"{row['reference']} {say_stream(desk.words, row['name'])}", is_strong=True),
            desk.cell(desk.words.label(row["says"])),
            desk.cell(desk.words.label(row["marked"])),
            desk.cell(" ".join([say(desk.words, row["numbers"]), *_origin(row)]), longest=300),
        ]
        for row in weighed["streams"]
    ]
    label, explanation = say(desk.words, weighed["label"]), say(desk.words, weighed["explanation"])
    yield desk.prose("verdict.by_stream", label=label, explanation=explanation)
    yield desk.table("verdict.streams", rows, "quarter", "fifth", "fifth", "", annex="inventory")


def _origin(row: Mapping[str, str]) -> list[str]:
    """In the words of whoever gave the numbers."""
    return [f"{row['origin']} ({row['who']})"] if row["origin"] else []


def _thresholds(desk: Desk) -> list[list[Cell]]:
    return [
        [desk.cell(desk.words(f"verdict.signal.{key}"), is_strong=True), desk.cell(desk.words(f"verdict.lit.{key}"))]
        for key in ("volume", "ips", "streams", "tenants")
    ]


def _signals(desk: Desk, said: dict[str, object]) -> list[list[Cell]]:
    lit = {True: "verdict.is_lit", False: "verdict.is_dark", None: "verdict.unknown"}
    proof = quote_proof(desk)
    return [
        [
            desk.cell(desk.words.label(signal["label"]), is_strong=True),
            desk.cell(desk.words(lit[signal["is_lit"]])),
            desk.said(signal["numbers"], proof=proof),
        ]
        for signal in said["diagnosis"]["signals"]  # type: ignore[index]  # JSON of the quote, as it was sent
    ]


def _tier(desk: Desk, said: dict[str, object]) -> Iterator[tuple[str, Cell]]:
    offer, proof, words = desk.part("offer"), quote_proof(desk), partial(say, desk.words)
    yield "verdict.tier_name", desk.cell(f"{words(offer['tier'])}: {words(offer['scope'])}", proof=proof)
    yield "verdict.fee", desk.said(offer["total"], proof=proof)
    because, others = list(said["because"])[:4], list(said["rejected"])[:4]  # type: ignore[call-overload]  # JSON of the quote
    points = list(said["sized_on"])[:6]  # type: ignore[call-overload]  # JSON of the quote, as it was sent
    if because:
        yield "verdict.because", desk.listed(map(words, because), longest=400)
    if others:
        rejected = [f"{words(other['tier'])} ({words(other['fee'])}): {words(other['reason'])}" for other in others]
        yield "verdict.rejected", desk.listed(rejected, longest=600)
    yield (
        "verdict.sized_on",
        desk.listed((f"{words(point['term'])}: {words(point['value'])}" for point in points), longest=600),
    )
