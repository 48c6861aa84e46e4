"""The run-sheet offers what would be accepted now, and says why not otherwise."""

import pytest
from django.db import transaction
from django.utils import timezone

from core.errors import DomainError, Refused
from delivery.domain.run_cutover import complete_step, note_queue
from delivery.run_sheet import sheet_rows

pytestmark = pytest.mark.django_db


def accepted(cutover, person):
    """Whose steps the domain takes from somebody, each tried by itself and taken back."""
    found = set()
    for step in cutover.steps.filter(done_at=None):
        try:
            with transaction.atomic():
                complete_step(step, evidence="Seen in a test.", actor=person)
                found.add(step.key)
                transaction.set_rollback(True)
        except (DomainError, Refused):
            continue
    return found


def offered(cutover, person):
    return {row.step.key for row in sheet_rows(cutover, person) if row.can}


def done_before(cutover, key, by):
    position = cutover.steps.get(key=key).position
    cutover.steps.filter(position__lt=position).update(done_at=timezone.now(), done_by=by, evidence="Seen in a test.")


def test_exactly_what_the_domain_would_take_is_offered(cutover, ada, carl, vera):
    at_first = {person: (offered(cutover, person), accepted(cutover, person)) for person in (ada, carl, vera)}
    done_before(cutover, "go", ada)
    before_go = {person: (offered(cutover, person), accepted(cutover, person)) for person in (ada, carl, vera)}
    done_before(cutover, "counted", ada)
    for side in ("old", "new"):
        note_queue(cutover, side=side, count=3, actor=ada)
    after_go = {person: (offered(cutover, person), accepted(cutover, person)) for person in (ada, carl, vera)}

    assert all(shown == taken for state in (at_first, before_go, after_go) for shown, taken in state.values())
    assert [at_first[person][0] for person in (ada, carl, vera)] == [
        {"dkim", "on_call"},
        {"ttl", "dkim", "fbl", "on_call"},
        set(),
    ]
    assert [before_go[person][0] for person in (ada, carl, vera)] == [set(), {"go"}, set()]
    assert [after_go[person][0] for person in (ada, carl, vera)] == [{"counted"}, set(), set()]


def test_what_cannot_be_done_says_why_and_to_whose_step_it_is_where(client, cutover, ada, vera):
    client.force_login(ada)
    address = f"/engagements/{cutover.engagement.code}/parallel/cutovers/{cutover.number}/"

    rows = {row.step.key: row for row in sheet_rows(cutover, ada)}
    page = client.get(address).content.decode()

    assert rows["frozen"].reasons == ("The configuration of Postfix has not been frozen yet.",)
    assert (rows["frozen"].url, rows["drilled"].url) == ("#frozen", f"/engagements/{cutover.engagement.code}/parallel/")
    assert {row.url for row in sheet_rows(cutover, vera)} == {""}
    assert len(rows["go"].reasons) == 6
    assert rows["whole"].reasons == ("“Go” has not been said yet. Nothing after it is done before.",)
    assert "6 steps above are not done." in page
    assert page.count("has not been said yet") == 1
    assert "Say go" not in page
    assert "Freeze it</button>" not in page
    assert "No configuration has been read." in page


def test_whose_a_step_is_is_written_out_and_what_the_portal_sees_says_so(client, cutover, ada, vera):
    done_before(cutover, "counted", ada)
    for side in ("old", "new"):
        note_queue(cutover, side=side, count=3, actor=ada)
    pages = {}
    for person in (ada, vera):
        client.force_login(person)
        pages[person] = client.get(f"/engagements/{cutover.engagement.code}/parallel/cutovers/{cutover.number}/").text

    whose = {row.step.key: row.whose for row in sheet_rows(cutover, ada)}
    assert (whose["counted"], whose["ttl"]) == ("Email Migration Practice", "Northlake Logistics")
    assert ", EMP)" not in pages[ada]
    assert "(the portal sees it)" in pages[ada]
    assert "Note what the portal sees" in pages[ada]
    assert "Note it as done" not in pages[ada]
    assert "Seen by the portal" in pages[vera]
    assert "Email Migration Practice notes it on this sheet." in pages[vera]
    assert "Note what the portal sees" not in pages[vera]
