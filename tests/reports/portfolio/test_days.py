"""Days that the practice spent: noted by a lead, taken back in the open, and no matter of the customer."""

from decimal import Decimal

import pytest
from django.urls import reverse

from core.errors import DomainError, Refused
from core.models import AuditEvent
from engagements.records import told_events
from reports.domain.note_days import days_noted, note_days
from reports.models import DaysSpent
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db


def note(engagement, actor, days="2.5", phase=1, words="Read the configuration."):
    return note_days(engagement, phase=phase, days=Decimal(days), note=words, actor=actor)


def test_days_add_up_and_some_can_be_taken_back(engagement, lea):
    note(engagement, lea)
    note(engagement, lea, "3")
    note(engagement, lea, "-1.5", words="Counted twice.")

    assert days_noted(engagement, 1) == 4
    assert DaysSpent.objects.count() == 3
    assert [event.data["days"] for event in AuditEvent.objects.filter(action="days.noted").order_by("pk")] == [
        "2.5",
        "3",
        "-1.5",
    ]


@pytest.mark.parametrize(
    ("days", "phase", "words", "said"),
    [
        ("0", 1, "Work.", "Enter days in halves"),
        ("1.3", 1, "Work.", "Enter days in halves"),
        ("401", 1, "Work.", "Enter days in halves"),
        ("-1", 1, "Work.", "More would be taken back"),
        ("1", 1, "  ", "Say on what"),
        ("1", 6, "Work.", "Phase 6 is not part"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(engagement, lea, days, phase, words, said):
    with pytest.raises(DomainError, match=said):
        note(engagement, lea, days, phase, words)

    assert not DaysSpent.objects.exists()


def test_a_consultant_notes_none(engagement, ada):
    with pytest.raises(Refused, match="you may not note the days that the practice spent"):
        note(engagement, ada)


def test_the_customer_reads_nothing_of_it(client, engagement, lea, carl):
    noted = note(engagement, lea)

    assert list(DaysSpent.objects.visible_to(lea)) == [noted]
    assert not DaysSpent.objects.visible_to(carl).exists()
    assert told_events(lea, engagement).filter(action="days.noted").exists()
    assert not told_events(carl, engagement).filter(action="days.noted").exists()


def test_a_lead_notes_days_on_the_page_and_what_was_typed_stays(client, engagement, lea):
    client.force_login(lea)
    page = reverse("days:list", args=[engagement.code])

    wrong = client.post(page, {"phase": "1", "days": "1.3", "note": "Half a morning."})
    right = client.post(page, {"phase": "1", "days": "1.5", "note": "Half a morning."}, follow=True)

    assert wrong.status_code == 422
    assert "Half a morning." in wrong.content.decode()
    assert "Noted: 1.5 days on phase 1." in text_of(right)
    assert DaysSpent.objects.get().days == Decimal("1.5")


def test_days_are_noted_over_the_api(client, engagement, lea):
    client.force_login(lea)
    route = reverse("api:days:list", args=[engagement.code])

    noted = client.post(route, {"phase": 1, "days": "4", "note": "Workshop."}, content_type="application/json")

    assert noted.status_code == 201
    assert [row["days"] for row in client.get(route).json()] == ["4.0"]
