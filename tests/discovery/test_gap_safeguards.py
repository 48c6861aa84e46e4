"""A decision on a gap is about what was on screen: what it changes for mail, the chosen target, and no secret in it."""

import pytest

from core.errors import DomainError
from discovery.domain.recommend_choice import recommend_choice
from discovery.domain.review_override import accept_override
from engagements.models import Engagement
from tests.discovery.database import everything_in_the_database
from tests.discovery.test_gaps import MOVED, decide, gaps_on, milter
from tests.factories.discovery import propose, stored_translations

pytestmark = pytest.mark.django_db


def test_other_words_about_what_changes_for_mail_open_the_decision_again(engagement, ada, lea, carl):
    said = {"powermta": {"class": "C", "relation": "intersect", "loss": "A hook does it."}}
    accept_override(propose(actor=ada, engagement=engagement, **said), actor=lea)
    stored_translations(engagement, actor=ada)
    gap, other = gaps_on(engagement).get(row__name="message_size_limt"), milter(engagement)
    decide(gap, actor=carl)
    decide(other, actor=carl)

    said["powermta"]["loss"] = "Large messages are lost."
    accept_override(propose(actor=ada, engagement=engagement, **said), actor=lea)
    stored_translations(engagement, actor=ada, files=MOVED)

    gap.refresh_from_db()
    other.refresh_from_db()
    assert (gap.choice, other.choice) == ("", "accept")
    assert gap.reopened_because == (
        "What changes for mail was “A hook does it.” and is “Large messages are lost.” now."
    )


def test_once_a_target_is_chosen_only_its_lines_are_decided_or_recommended(engagement, ada, carl):
    stored_translations(engagement, actor=ada)
    gap, other = milter(engagement), milter(engagement, "kumomta")
    Engagement.objects.filter(pk=engagement.pk).update(target="powermta")

    with pytest.raises(DomainError, match=f"no such gap: {other.reference}"):
        decide(other, actor=carl)
    with pytest.raises(DomainError, match="no such gap"):
        recommend_choice(engagement, versions={other.number: 1}, choice="lua", reason="Short.", actor=ada)

    other.refresh_from_db()
    assert (other.choice, other.recommended, other.version) == ("", "", 1)
    assert decide(gap, actor=carl).choice == "accept"


def test_a_secret_in_a_note_or_a_recommendation_is_kept_nowhere(engagement, ada, carl):
    stored_translations(engagement, actor=ada)
    gap = milter(engagement)

    recommend_choice(
        engagement, versions={gap.number: 1}, choice="accept", reason="Its password = Zq7x9secretA", actor=ada
    )
    decide(gap, actor=carl, note="We know, password = Zq7x9secretB")

    gap.refresh_from_db()
    assert gap.note.startswith("We know, password = [hidden/")
    assert gap.recommendation.startswith("Its password = [hidden/")
    assert "Zq7x9secret" not in everything_in_the_database()
