"""What sales knows stands beside the questions of discovery, and is nobody's answer."""

import pytest

from discovery.models import Answer
from discovery.questionnaire import questionnaire_of
from discovery.questions.loading import load_book
from discovery.questions.values import read_value
from pricing.models import Request
from pricing.prefills import COUNTS, PROGRAMS, told_to_sales
from tests.factories.engagements import make_engagement
from tests.factories.pricing import make_accepted_quote
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def engagement(northlake, sam, carl):
    return make_accepted_quote(northlake, actor=sam, signatory=carl).engagement


def test_the_data_points_stand_beside_their_questions(engagement, carl):
    request = Request.objects.get(engagement=engagement)

    shown = questionnaire_of(engagement, carl)

    row = shown.find("send_ips")
    assert row.prefill.value == request.ips
    assert row.prefill_text == f"{request.ips} addresses"
    assert row.prefill.origin.startswith("Told to sales, ")
    assert not row.is_answered
    assert not Answer.objects.exists()


def test_every_data_point_is_a_possible_answer_to_its_question(engagement):
    book = load_book()

    told = told_to_sales(engagement)

    assert told.keys() == {*COUNTS.values(), *PROGRAMS.values()}
    assert all(read_value(book.find(name), prefill.value) == prefill.value for name, prefill in told.items())


def test_what_nobody_recorded_is_not_told(engagement):
    Request.objects.filter(engagement=engagement).update(domains=None, milters=None, fbl_scripts=0)

    told = told_to_sales(engagement)

    assert not {"sender_domains", "milters"} & told.keys()
    assert told["complaint_program"].value == "no"


def test_an_engagement_without_a_request_is_told_nothing(engagement):
    bare = make_engagement(engagement.organization, sales=engagement.request.owner)

    assert told_to_sales(bare) == {}
