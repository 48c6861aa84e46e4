"""Everybody reads the history of their engagement, as far as it is theirs to know."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.audit import record
from core.history import acts_in, runs_in
from core.models import AuditEvent
from core.origin import Origin, acting_from
from engagements.domain.ask_question import ask_question
from engagements.domain.export_evidence import export_evidence
from pricing.calculation.terms import Reduction
from pricing.domain.give_terms import Seen, give_discount
from pricing.domain.send_quote import draft_digest
from tests.engagements.journey import begin, put_up, sign
from tests.factories.discovery import add_finding, bare_upload
from tests.factories.pricing import STAY, advise_stay, fetch, make_draft, make_request, send_quote

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(engagement, ada, carl, sam):
    finding = add_finding(bare_upload(engagement, actor=ada), 1)
    with transaction.atomic():
        with acting_from(Origin(ip_address="192.0.2.77")):
            record("finding.accepted", subject=finding, actor=ada)
            record("engagement.target_chosen", subject=engagement, actor=carl, after="KumoMTA", reason="It fits.")
        record("quote.drafted", subject=engagement, actor=sam, reference="Q-1", tier="Multi-IP")
        record("request.recorded", subject=engagement, actor=sam, known=4)
    return reverse("engagements:history", args=[engagement.code])


@pytest.mark.parametrize(
    ("person", "evidence", "drafts", "origins"),
    [("vera", 1, 0, 0), ("carl", 1, 0, 1), ("ada", 1, 1, 1), ("sam", 0, 1, 0), ("lea", 1, 1, 2)],
)
def test_the_history_tells_each_person_what_is_theirs_to_know(client, told, request, person, evidence, drafts, origins):
    client.force_login(request.getfixturevalue(person))

    page = client.get(told).text

    assert ("accepted F-001" in page) == bool(evidence)
    assert ("drafted Q-1" in page) == bool(drafts)
    assert ("recorded the request" in page) == bool(drafts)
    assert page.count("192.0.2.77") == origins


@pytest.mark.parametrize(("person", "status"), [("vera", 403), ("carl", 200)])
def test_the_advice_to_stay_names_money_and_is_not_for_a_viewer(client, northlake, sam, person, status, request):
    reader = request.getfixturevalue(person)
    advice = advise_stay(make_request(northlake, actor=sam, points=STAY), actor=sam, note="One IP is enough.")
    client.force_login(reader)
    code = advice.engagement.code

    page = client.get(reverse("engagements:document_pdf", args=[code, advice.pk]))
    listed = client.get(reverse("engagements:documents", args=[code])).context["documents"]

    assert page.status_code == status
    assert bool(listed) == (status == 200)


@pytest.fixture
def quoted(northlake, carl, sam):
    """A quote with a discount, drafted and sent."""
    draft = fetch(make_draft(northlake, actor=sam))
    seen = Seen("They hesitate.", draft_digest(draft))
    draft = fetch(give_discount(draft, actor=sam, reduction=Reduction(percent=Decimal(5)), seen=seen))
    return fetch(send_quote(draft, actor=sam, shown_digest=draft_digest(draft))).engagement


@pytest.mark.parametrize(("person", "sent", "inner"), [("vera", 0, 0), ("carl", 1, 0), ("sam", 1, 1), ("lea", 1, 1)])
def test_quotes_are_told_to_who_may_read_them_and_how_they_came_about_to_the_practice(
    client, quoted, request, person, sent, inner
):
    reader = request.getfixturevalue(person)
    client.force_login(reader)

    page = client.get(reverse("engagements:history", args=[quoted.code])).text
    with zipfile.ZipFile(io.BytesIO(export_evidence(quoted, actor=reader).content)) as archive:
        ledger = archive.read("ledger.jsonl").decode()

    entered = set(AuditEvent.objects.filter(chain=quoted.audit_chain).values_list("action", flat=True))
    told = {json.loads(line).get("action") for line in ledger.splitlines()}
    assert {"quote.drafted", "quote.discounted", "quote.sent"} <= entered
    assert [action in told for action in ("quote.sent", "quote.discounted")] == [bool(sent), bool(inner)]
    assert [words in page for words in (" sent Q-", "set the discount")] == [bool(sent), bool(inner)]
    assert ("They hesitate." in ledger) == bool(inner)


@pytest.mark.django_db(transaction=True)
def test_what_one_act_brings_with_it_stands_beneath_it(client, engagement, open_gates, ada, carl, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    begin(engagement, accepted_by=carl)
    time_machine.move_to(timezone.now() + timedelta(hours=1), tick=False)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    time_machine.move_to(timezone.now() + timedelta(hours=1), tick=False)
    sign(document, signer=carl)
    client.force_login(ada)

    page = client.get(reverse("engagements:history", args=[engagement.code]))

    signed = page.context["rows"][0]
    assert signed.sentence.startswith(f"{carl.full_label} signed Migration plan, version 1")
    assert [one.sentence for one in signed.also] == [
        f"{carl.full_label} moved gate 1 from “Waiting for signatures” to “Signed”",
        f"{carl.full_label} moved the engagement from “Discovery + plan” to “Install + config”",
        f"{carl.full_label} moved gate 2 from “Cannot start yet” to “Open”",
    ]
    told = sum(1 + len(row.also) + sum(1 + len(one.also) for one in row.again) for row in page.context["rows"])
    assert told == AuditEvent.objects.filter(chain=engagement.audit_chain).count()
    assert "3 more entries of the same act" in page.text


NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


def event(*, act, action="task.done", person=1, hours=0):
    return AuditEvent(
        act=act, action=action, actor_id=person, actor_label=f"{person}", at=NOON + timedelta(hours=hours)
    )


@pytest.mark.parametrize(
    ("earlier", "later", "acts"),
    [
        (event(act=7), event(act=7, action="gate.moved"), 1),
        (event(act=7), event(act=7, person=None), 1),
        (event(act=7), event(act=7, person=2), 2),
        (event(act=7), event(act=8), 2),
        (event(act=None), event(act=None), 2),
    ],
)
def test_one_act_is_what_one_person_stored_at_once_whatever_the_clock_says(earlier, later, acts):
    assert len(acts_in([later, earlier])) == acts
    assert [one for act in reversed(acts_in([later, earlier])) for one in act] == [earlier, later]


@pytest.mark.parametrize(
    ("changes", "runs"), [({}, 1), ({"hours": 13}, 2), ({"action": "task.undone"}, 2), ({"person": 2}, 2)]
)
def test_the_same_act_again_that_day_stands_with_the_first(changes, runs):
    earlier, later = event(act=7), event(**{"act": 8, "hours": 2} | changes)

    found = runs_in(acts_in([later, earlier]))

    assert len(found) == runs
    assert [one for run in reversed(found) for act in run for one in act] == [earlier, later]


@pytest.mark.django_db(transaction=True)
def test_the_history_shows_the_time_of_every_entry(client, engagement, ada, time_machine):
    for minute, words in ((3, "First?"), (44, "Second?")):
        time_machine.move_to(datetime(2026, 5, 14, 12, minute, tzinfo=UTC), tick=False)
        ask_question(engagement, actor=ada, text=words)
    client.force_login(ada)

    page = client.get(reverse("engagements:history", args=[engagement.code]))

    asked = page.context["rows"][0]
    assert [asked.at.minute, *(one.at.minute for one in asked.again)] == [3, 44]
    assert "The same 1 more time that day" in page.text
    assert "07:44 GMT-5" in page.text
