"""What a translation says of decisions before a target is chosen."""

import pytest

from discovery.models import Gap
from engagements.models import Engagement
from tests.discovery.pages import text_of, url
from tests.factories.discovery import stored_translations

pytestmark = pytest.mark.django_db


def count_on(engagement, target):
    return Gap.objects.filter(engagement=engagement, target=target).count()


def test_before_a_target_is_chosen_the_map_says_for_which_it_counts_and_that_nothing_waits(
    client, engagement, ada, carl
):
    stored_translations(engagement, actor=ada)
    Engagement.objects.filter(pk=engagement.pk).update(target="powermta")
    count, others = count_on(engagement, "powermta"), count_on(engagement, "kumomta")
    client.force_login(carl)
    chosen = text_of(client.get(url("translation", engagement), {"target": "powermta"}))
    Engagement.objects.filter(pk=engagement.pk).update(target="")

    unchosen = text_of(client.get(url("translation", engagement), {"target": "powermta"}))
    other = text_of(client.get(url("translation", engagement), {"target": "kumomta"}))

    assert f"{count} lines without an equal wait for the customer's decision" in chosen
    assert "No target is chosen yet" not in chosen
    assert "What is counted here is asked only if PowerMTA is chosen." in unchosen
    assert f"{count} lines have no equal on PowerMTA" in unchosen
    assert f"0 of {count} decided" in unchosen
    assert "wait for the customer's decision" not in unchosen
    assert f"{others} lines have no equal on KumoMTA" in other
