"""Mail that stays on Postfix by the plan is told where a share would move all mail, and where Postfix is taken down."""

import pytest
from django.urls import reverse

from delivery.domain.change_share import open_ramp
from delivery.models import Decommission
from delivery.ramp.sheet import leftovers
from discovery.domain.add_stream import add_stream
from discovery.domain.settle_stream import StreamText
from tests.delivery.parallel.test_cutover import done

pytestmark = pytest.mark.django_db

TOLD = "stays on Postfix by the plan"
ANSWERS = {row.key: "yes" for row in leftovers()} | {f"{row.key}_words": "Ten years." for row in leftovers()}


def add(engagement, actor, name, route):
    reason = "The archive stays." if route == "stay" else ""
    return add_stream(engagement, actor=actor, text=StreamText(name, "", route, reason))


def read(client, name, *arguments):
    return client.get(reverse(f"parallel:{name}", args=arguments)).content.decode()


def test_what_stays_is_told_where_a_ramp_moves_all_mail_and_not_where_it_moves_a_stream(client, engagement, ramp, ada):
    client.force_login(ada)
    before = read(client, "ramp", engagement.code, ramp.number)
    stays, moves = add(engagement, ada, "contracts", "stay"), add(engagement, ada, "news", "migrate")
    own = open_ramp(engagement, actor=ada, rule="news", stream=moves)

    whole = read(client, "ramp", engagement.code, ramp.number)
    opening = read(client, "ramp_open", engagement.code)
    of_stream = read(client, "ramp", engagement.code, own.number)

    assert TOLD not in before
    for page in (whole, opening):
        assert f"<bdi>{stays}</bdi> {TOLD}" in page
        assert "[[split.stay]]" in page
        assert f"<bdi>{moves}</bdi>" not in page
    assert TOLD not in of_stream


def test_what_stays_is_told_where_postfix_is_taken_down(client, cutover, ada):
    done(cutover, days_ago=31)
    stays = add(cutover.engagement, ada, "contracts", "stay")
    client.force_login(ada)
    url = reverse("parallel:decommission", args=[cutover.engagement.code, cutover.number])

    page = client.get(url).content.decode()
    told = client.post(url, ANSWERS, follow=True).content.decode()

    assert f"<bdi>{stays}</bdi> {TOLD}" in page
    assert "Postfix goes on for the mail that stays with it" in told
    assert "Postfix may be taken down" not in told
    assert Decommission.objects.count() == 1
