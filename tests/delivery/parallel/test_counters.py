"""A proxy posts its counters with the token of its line, and the dashboard shows them with their age."""

import time
from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from core.errors import DomainError
from delivery.domain.proxy_line import set_line, tell_proxy
from delivery.models import ProxyCount
from delivery.proxy.control.posting import post
from delivery.proxy.figures import FIGURES as FIGURES_OF_PROXIES
from delivery.proxy.settings import PortalSettings
from tests.delivery.parallel.conftest import TOKEN

pytestmark = pytest.mark.django_db

FIGURES = {"accepted_old": 90, "accepted_new": 12345, "refused_old": 0, "refused_new": 2, "unknown_new": 1}


@pytest.fixture
def line(engagement, ada):
    return set_line(engagement, url="http://127.0.0.1:2526", token=TOKEN, actor=ada)


def tell(client, code, *, token=TOKEN, **changed):
    said = {"host_name": "mx1.northlake.example", "at": time.time(), "figures": FIGURES, **changed}
    url = reverse("api:parallel:counters", args=[code])
    return client.post(url, said, content_type="application/json", headers={"Authorization": f"Bearer {token}"})


def test_the_newest_totals_of_each_host_are_kept(client, engagement, line):
    now = time.time()

    answers = [
        tell(client, engagement.code, at=now, figures={"accepted_new": 2}),
        tell(client, engagement.code, at=now - 60, figures={"accepted_new": 1}),
        tell(client, engagement.code, host_name="mx2.northlake.example"),
    ]

    kept = ProxyCount.objects.filter(engagement=engagement).values_list("host_name", "figures__accepted_new")
    assert [answer.status_code for answer in answers] == [204, 204, 204]
    assert list(kept) == [("mx1.northlake.example", 2), ("mx2.northlake.example", 12345)]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"token": "other"}, 401),
        ({"token": "höh"}, 401),
        ({"at": 1e300}, 422),
        ({"at": time.time() + 7200}, 422),
        ({"figures": {"accepted\x00new": 1}}, 422),
        ({"figures": {"accepted_new": "many"}}, 422),
        ({"figures": {str(number): 1 for number in range(201)}}, 422),
    ],
)
def test_what_is_no_count_of_this_proxy_is_not_kept(client, engagement, line, changed, status):
    assert tell(client, engagement.code, **changed).status_code == status
    assert tell(client, "GP-0000", **changed).status_code == 401
    assert not ProxyCount.objects.exists()


def test_every_figure_of_a_proxy_is_taken_also_from_a_clock_that_is_a_little_fast(client, engagement, line):
    answer = tell(client, engagement.code, at=time.time() + 1800, figures={one.name: 1 for one in FIGURES_OF_PROXIES})

    assert answer.status_code == 204
    assert len(ProxyCount.objects.get().figures) == len(FIGURES_OF_PROXIES)


def test_under_another_secret_key_a_proxy_is_told_to_have_its_line_set_once_more(client, engagement, line):
    with override_settings(SECRET_KEY="another one"):
        answer = tell(client, engagement.code)
        with pytest.raises(DomainError, match="Set the line once more"):
            tell_proxy(line, "status")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "set the line once more" in answer.text
    assert not ProxyCount.objects.exists()


def test_the_dashboard_shows_them_and_that_they_are_old(client, engagement, line, ada):
    tell(client, engagement.code)
    client.force_login(ada)
    page = reverse("parallel:dashboard", args=[engagement.code])

    fresh = " ".join(strip_tags(client.get(page).content.decode()).split())
    ProxyCount.objects.update(told_at=timezone.now() - timedelta(hours=3))
    old = " ".join(strip_tags(client.get(page).content.decode()).split())

    assert "mx1.northlake.example Told 0 s ago 90 12,345 2 1" in fresh
    assert "mx1.northlake.example Silent for 3 h 90 12,345 2 1" in old


@pytest.mark.django_db(transaction=True)
def test_the_proxy_itself_posts_so_that_it_is_taken(live_server, engagement, ada):
    set_line(engagement, url="http://127.0.0.1:2526", token=TOKEN, actor=ada)
    url = live_server.url + reverse("api:parallel:counters", args=[engagement.code])

    assert post(PortalSettings(counters=url, token=TOKEN), {"host_name": "mx1", "at": 1.0, "figures": {"pins": 3}})
    assert not post(PortalSettings(counters=url, token="wrong"), {"host_name": "mx1", "at": 2.0, "figures": {}})
    assert ProxyCount.objects.get().figures == {"pins": 3.0}
