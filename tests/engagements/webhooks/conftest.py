"""An endpoint of the customer, one of the practice, and a receiver that answers on this machine."""

from functools import partial

import pytest
from django.utils import timezone

from core.jobs import run_job
from core.models import Job
from core.webhooks import sending
from core.webhooks.posting import post
from engagements.domain.set_endpoint import set_endpoint
from engagements.domain.tell_endpoints import KIND, tell_endpoints
from engagements.models import EndpointDelivery
from engagements.webhooks.book import kinds_for
from tests.core.webhooks.test_posting import here, receiver


def make_endpoint(organization, actor, *, url="https://hooks.example/in", kinds=None, title="Tickets"):
    chosen = kinds or [kind.key for kind in kinds_for(organization)]
    return set_endpoint(organization, title=title, url=url, kinds=chosen, authenticated_at=timezone.now(), actor=actor)


def tell():
    """A round of the beat, and the jobs it asked for."""
    tell_endpoints()
    for job in Job.objects.unfinished().filter(kind=KIND).order_by("pk"):
        run_job(job.pk)


def told_to(endpoint):
    """The kinds of what was made for it, oldest first."""
    return list(EndpointDelivery.objects.filter(endpoint=endpoint).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def customers(engagement, carl):
    return make_endpoint(engagement.organization, carl)[0]


@pytest.fixture
def practices(engagement, consultancy, olga):
    return make_endpoint(consultancy, olga)[0]


@pytest.fixture
def listening(tmp_path, monkeypatch):
    """What answers at its `url`; only the way there is shortened, everything else is as for any receiver."""
    with receiver(tmp_path) as (server, trust, url):
        monkeypatch.setattr(sending, "post", partial(post, find=here, context=trust))
        server.url = url
        yield server


@pytest.fixture
def answering(monkeypatch):
    """The answers that receivers give, the last one over and over; what was posted stands in the list."""

    class Heard(list):
        answers = []

    heard = Heard()

    def post(url, body, headers):
        heard.append((url, body, headers))
        return heard.answers.pop(0) if len(heard.answers) > 1 else heard.answers[0]

    monkeypatch.setattr(sending, "post", post)
    return heard
