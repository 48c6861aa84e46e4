"""What a close report says of mail: the reconciliation, the streams that stay, and the baseline against the watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.closing.counting import counted, days, part, rate, share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from reports.sheets.blocks import Block, Cell
    from reports.sheets.desk import Desk

VERDICTS = ("explained", "confirmed", "open")


def mail_section(desk: Desk) -> list[Block]:
    mail = desk.part("mail")
    if not mail:
        return [desk.prose("close.no_mail")]
    matched, missing = (part(desk, mail[key], mail["recipients"], may_share=False) for key in ("matched", "missing"))
    told = {
        "missing": missing,
        "duplicate": counted(desk, mail["duplicate"]),
        "ambiguous": counted(desk, mail["ambiguous"]),
    }
    rows = [
        _row(desk, "close.accepted", counted(desk, mail["recipients"]), {}),
        _row(desk, "close.matched", matched, {}),
        *(_row(desk, f"close.state.{state}", text, _cases(mail, state)) for state, text in told.items()),
    ]
    return [
        _run(desk, mail),
        desk.table("close.mail_table", rows, "quarter", "fifth", "", "", "", "", numbers=(2, 3, 4, 5)),
        desk.note("close.mail_note"),
    ]


def _run(desk: Desk, mail: dict[str, Any]) -> Block:
    if not mail["covered_from"]:
        return desk.prose("close.run_alone", run=mail["run"])
    first, last = (desk.words.moment(mail[key]) for key in ("covered_from", "covered_to"))
    return desk.prose("close.run", run=mail["run"], first=first, last=last)


def _cases(mail: dict[str, Any], state: str) -> dict[str, int]:
    found = mail["cases"].get(state, {})
    return {verdict: found.get(verdict, 0) for verdict in VERDICTS}


def _row(desk: Desk, key: str, messages: str, cases: dict[str, int]) -> list[Cell]:
    """`cases` are by verdict; empty for what needs none."""
    counts = [sum(cases.values()), *cases.values()] if cases else []
    told = [desk.figure(number) for number in counts] or [""] * (1 + len(VERDICTS))
    return [desk.own(desk.words(key)), desk.own(messages), *(desk.cell(text) for text in told)]


def staying_section(desk: Desk) -> list[Block]:
    rows = [[desk.own(row["name"]), desk.own(row["reason"])] for row in desk.part("streams", "staying")]
    return [desk.table("close.staying_table", rows, "third", "")]


def watching_section(desk: Desk) -> Iterator[Block]:
    watch, words = desk.part("watch"), desk.words
    if not watch:
        yield desk.prose("close.no_watch")
        return
    yield desk.prose(
        "close.watch_lead",
        baseline=watch["baseline"],
        first=words.day(watch["baseline_first"]),
        last=words.day(watch["baseline_last"]),
        of=days(desk, watch["baseline_days"]),
        watch=watch["number"],
        part=part(desk, watch["logged"], watch["days"]),
    )
    figures = [_figure(desk, row) for row in watch["figures"]]
    yield desk.table("close.watch_table", figures, "third", "quarter", "", "", numbers=(2, 3))
    placed = [_placed(desk, row) for row in watch["placements"]]
    yield desk.table("close.placed_table", placed, "third", "quarter", "", "", numbers=(2, 3))
    yield desk.note("close.cards", **watch["cards"])


def _figure(desk: Desk, row: dict[str, Any]) -> list[Cell]:
    return [
        desk.own(desk.words.label(row["title"])),
        desk.own(row["provider"] or desk.words("close.all_providers")),
        desk.own(share(desk, row["before"])),
        desk.own(rate(desk, row["count"], row["of"])),
    ]


def _placed(desk: Desk, row: dict[str, Any]) -> list[Cell]:
    return [
        desk.own(row["provider"]),
        desk.own(row["stream"] or desk.words("close.all_providers")),
        desk.own(_seeds(desk, row["before"], row["sent_before"])),
        desk.own(_seeds(desk, row["now"], row["sent"])),
    ]


def _seeds(desk: Desk, value: float | None, sent: int) -> str:
    return rate(desk, None if value is None else round(value * sent), sent)
