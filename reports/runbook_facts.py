"""What runbooks are filled with: generated files, answers, the people of the cutover, and what somebody noted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db.models import Subquery

from core.languages import FIRST
from core.models import AuditEvent
from core.wording import number_text
from delivery.domain.roll_back import steps_of_the_way_back
from delivery.models import Cutover
from delivery.preflight.subjects import is_inner
from delivery.ramp.book import load_plan
from delivery.ramp.warming import load_curve
from discovery.models import AnswerSheet
from discovery.questions.loading import load_book
from discovery.questions.values import given_text
from discovery.translation_evidence import newest_of
from engagements.models import Gate
from reports.models import RunbookFact
from reports.runbooks.book import asks, in_language
from reports.runbooks.configuration import READERS, listed_name, tables_of
from reports.runbooks.filling import Facts
from reports.sheets.facts import facts_on
from reports.sheets.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engagements.models import Engagement

    Rows = Sequence[Mapping[str, str]]

NONE_YET = "none yet"
EVERYBODY_ELSE = "Every other provider"


def facts_of(engagement: Engagement, language: str = "") -> Facts | None:
    """In the language that is named, or else in that of the documents begun last.

    None before there are generated files for the chosen target: then nothing can be named.
    """
    translation = newest_of(engagement.pk, engagement.target) if engagement.target else None
    if translation is None:
        return None
    files = translation.files.filter(path__regex=rf"(^|/)({'|'.join(map(re.escape, READERS))})$").order_by("path")
    tables: dict[str, Rows] = dict(tables_of((file.path, file.text) for file in files))
    noted, words = noted_facts(engagement), Words(language or language_of(engagement))
    members, pools = tables.get("members", ()), tables.get("pools", ())
    tables["addresses"] = _addresses(members, noted.get("addresses", ""))
    if not tables.get("certificates") and noted.get("certificate"):
        tables["certificates"] = [{"file": noted["certificate"]}]
    given = _given(engagement, noted)
    tables["copies"] = _copies(tables.get("selectors", ()), given)
    said = {
        **_published(words),
        **given,
        "organization": engagement.organization.name,
        "code": engagement.code,
        "member_names": _names(members, "member", words),
        "pool_names": _names(pools, "pool", words),
    }
    return Facts(engagement.target, said, {**tables, **_published_tables(words)}, words.language)


def language_of(engagement: Engagement) -> str:
    """Of the documents that were begun last: who signs in Spanish reads Spanish runbooks."""
    begun = Gate.objects.filter(engagement=engagement).exclude(state=Gate.State.LOCKED).order_by("-number")
    return str(begun.values_list("language", flat=True).first() or FIRST)


def noted_facts(engagement: Engagement) -> dict[str, str]:
    """The latest word of people on each fact."""
    rows = RunbookFact.objects.filter(engagement=engagement, key__in=asks()).order_by("pk")
    return dict(rows.values_list("key", "value"))


def _names(rows: Rows, column: str, words: Words) -> str:
    return ", ".join(dict.fromkeys(row[column] for row in rows)) or in_language(NONE_YET, words.language)


def _addresses(members: Rows, noted: str) -> Rows:
    """Those that receivers see: of the ways out, or as somebody noted them where the system chooses."""
    known = [row["address"] for row in members if not is_inner(row["address"])] or noted.split()
    return [{"address": address, "name": listed_name(address)} for address in dict.fromkeys(known)]


def _given(engagement: Engagement, noted: Mapping[str, str]) -> dict[str, str]:
    """What the questionnaire says, over it what people noted, and the people on call of the last cutover in its time.

    Whoever is on call is named by the newer word: by the plan of the cutover, or by a note that came after it.
    """
    told = {**dict(_answers(engagement)), **noted}
    told |= {key: ", ".join(_hosts(told, key)) for key in told if asks()[key].form == "hosts"}
    cutover = Cutover.objects.filter(engagement=engagement, fallen_back_at=None).first()
    if cutover is None or _noted_after(cutover):
        return told
    return told | {"on_call": cutover.on_call}


def _hosts(told: Mapping[str, str], key: str) -> list[str]:
    return re.findall(r"[^\s,]+", told.get(key, ""))


def _copies(selectors: Rows, told: Mapping[str, str]) -> Rows:
    """Where the keys of the first host have to be brought: to each other one, each folder once."""
    folders = dict.fromkeys(row["folder"] for row in selectors)
    return [{"host": host, "folder": folder} for host in _hosts(told, "target_hosts")[1:] for folder in folders]


def _noted_after(cutover: Cutover) -> bool:
    planned = AuditEvent.objects.filter(
        action="cutover.planned",
        chain=cutover.audit_chain,
        subject_type=cutover._meta.label,
        subject_id=str(cutover.pk),
    )
    notes = RunbookFact.objects.filter(engagement=cutover.engagement_id, key="on_call")
    return notes.filter(noted_at__gt=Subquery(planned.values("at")[:1])).exists()


def _answers(engagement: Engagement) -> Iterator[tuple[str, str]]:
    sheet = AnswerSheet.objects.filter(engagement=engagement).exclude(state=AnswerSheet.State.DRAFT).first()
    if sheet is None:
        return
    by_question = {ask.answer: ask.key for ask in asks().values() if ask.answer}
    questions = {one.id: one for section in load_book().sections for one in section.questions}
    for answer in sheet.answers.filter(question__in=by_question):
        if answer.given.is_given and not answer.is_unknown:
            yield by_question[answer.question], given_text(questions[answer.question], answer.given)


def _published(words: Words) -> dict[str, str]:
    daily, plan = load_curve().daily, load_plan()
    return {
        "warm_up_first": str(daily[0]),
        "warm_up_list": ",".join(f"{count}/day" for count in daily),
        "warm_up_days": ", ".join(words.digits(number_text(count)) for count in daily),
        "stale_minutes": str(plan.stale_minutes),
        "gap_minutes": str(plan.gap_minutes),
    }


def _limit(row: Mapping[str, Any], words: Words) -> Mapping[str, str]:
    provider = in_language(EVERYBODY_ELSE, words.language) if row["provider"] == "*" else row["provider"]
    counts = {key: words.digits(number_text(row[key])) for key in ("connections", "deliveries")}
    return {"provider": provider, **counts}


def _published_tables(words: Words) -> dict[str, Rows]:
    limits = facts_on("throttles")["rows"]
    signals = facts_on("triggers")["rows"]
    return {
        "limits": [_limit(row, words) for row in limits],
        "signals": [{"signal": words.of(row["signal"]), "at": words.of(row["at"])} for row in signals],
        "way_back": [{"title": row["title"]} for row in steps_of_the_way_back()],
    }
