"""Who of the practice hears of a question about a quote: each once, and somebody always."""

import pytest

from core.models import OutboxMessage
from engagements.domain.assign_team import assign_team
from pricing.domain.ask_about_quote import ask_about_quote
from pricing.domain.decline_quote import decline_quote

pytestmark = pytest.mark.django_db

KINDS = ("quote_question", "question_asked")


def told():
    return sorted(OutboxMessage.objects.filter(kind__in=KINDS).values_list("kind", "address"))


def test_an_owner_who_works_on_the_engagement_gets_one_mail(accepted, carl, sam, lea, ada):
    assign_team(accepted.engagement, lead=lea, consultants=[ada, sam], actor=lea)

    ask_about_quote(accepted, actor=carl, text="We send from 9 IPs since May.")

    assert told() == [
        ("question_asked", ada.email),
        ("question_asked", lea.email),
        ("quote_question", sam.email),
    ]


def test_where_the_owner_has_left_the_lead_hears_of_it_and_of_a_decline(sent, carl, sam, lea):
    sam.memberships.all().delete()

    ask_about_quote(sent, actor=carl, text="We send from 9 IPs since May.")
    decline_quote(sent, actor=carl, reason="price")

    assert told() == [("quote_question", lea.email)]
    assert [mail.address for mail in OutboxMessage.objects.filter(kind="quote_declined")] == [lea.email]
