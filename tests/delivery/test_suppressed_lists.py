"""Who asks for no more of one list is not written to by that list; the other mail goes on."""

import pytest
from django.urls import reverse

from delivery.models import Suppression
from tests.factories.feedback import hand_over, mbox, sample

pytestmark = pytest.mark.django_db


def unsubscribed(list_id=b""):
    told = sample("yahoo-complaint").replace(b"Feedback-Type: abuse", b"Feedback-Type: opt-out")
    field = b"List-Id: Weekly news <" + list_id + b">\n" if list_id else b""
    told = told.replace(b"Subject: Your order", field + b"Subject: Your order")
    return b"From MAILER-DAEMON Tue Nov 10 09:00:05 2026\n" + told


def test_who_wants_no_more_of_one_list_still_gets_the_rest(client, engagement, ada):
    hand_over(engagement, unsubscribed(b"News.Northlake.example"), actor=ada)
    client.force_login(ada)
    url = reverse("feedback:suppression_export", args=[engagement.code, "powermta"])

    listed = {scope: client.get(url, {"scope": scope}).content for scope in ("", "news.northlake.example", "other")}
    page = client.get(reverse("feedback:suppressions", args=[engagement.code])).text

    assert listed == {"": b"", "news.northlake.example": b"kay@yahoo.com\n", "other": b""}
    assert Suppression.objects.values_list("address", "scope").get() == ("kay@yahoo.com", "news.northlake.example")
    assert page.count("one stream or list only, such as opt-outs whose complaint names its list") == 2


def test_where_the_list_is_not_known_nothing_more_is_sent_at_all(engagement, ada):
    hand_over(engagement, unsubscribed(), actor=ada)
    hand_over(engagement, mbox("yahoo-complaint"), actor=ada)

    assert list(Suppression.objects.values_list("address", "scope")) == [("kay@yahoo.com", "")]
