"""The pages, acts and routes of an organization's webhooks. The columns are those of `pages.py`."""

from django.utils import timezone

from core.webhooks.posting import Answer
from core.webhooks.sending import note_attempt
from engagements.domain.replay_endpoint import ping_endpoint
from engagements.domain.set_endpoint import set_endpoint
from engagements.webhooks.book import kinds_for
from tests.laws.link_pages import ONLY_POSTED

SETTER = (302, 404, 403, 200, 403, 404, 403, 200)
ACTS = (302, 404, 403, 302, 403, 404, 403, 302)

ENDPOINT_PAGES = {
    "webhooks:list": SETTER,
    "webhooks:endpoint": SETTER,
    "webhooks:secret": ONLY_POSTED,
    "webhooks:ping": ONLY_POSTED,
    "webhooks:enable": ONLY_POSTED,
    "webhooks:remove": ONLY_POSTED,
    "webhooks:replay": ONLY_POSTED,
    "webhooks:replay_since": ONLY_POSTED,
}

ENDPOINT_ACTS = {
    "webhooks:list": (302, 404, 403, 422, 403, 404, 403, 422),
    "webhooks:endpoint": (302, 404, 403, 422, 403, 404, 403, 422),
    "webhooks:secret": ACTS,
    "webhooks:ping": ACTS,
    "webhooks:enable": (302, 404, 403, 409, 403, 404, 403, 409),
    "webhooks:remove": ACTS,
    "webhooks:replay": ACTS,
    "webhooks:replay_since": (302, 404, 403, 422, 403, 404, 403, 422),
}

ENDPOINT_ROUTES = {
    ("api:webhooks:list", "get"): (401, 404, 403, 200, 403, 404, 403, 200),
    ("api:webhooks:list", "post"): (401, 404, 403, 422, 403, 404, 403, 422),
    ("api:webhooks:endpoint", "get"): (401, 404, 403, 200, 403, 404, 403, 200),
    ("api:webhooks:endpoint", "post"): (401, 404, 403, 200, 403, 404, 403, 200),
    ("api:webhooks:secret", "post"): (401, 404, 403, 201, 403, 404, 403, 201),
    ("api:webhooks:remove", "post"): (401, 404, 403, 204, 403, 404, 403, 204),
    ("api:webhooks:enable", "post"): (401, 404, 403, 409, 403, 404, 403, 409),
    ("api:webhooks:ping", "post"): (401, 404, 403, 201, 403, 404, 403, 201),
    ("api:webhooks:deliveries", "get"): (401, 404, 403, 200, 403, 404, 403, 200),
    ("api:webhooks:replay", "post"): (401, 404, 403, 200, 403, 404, 403, 200),
    ("api:webhooks:replay_since", "post"): (401, 404, 403, 422, 403, 404, 403, 422),
}

ENDPOINT_DOES_THE_SAME = {
    f"webhooks:{act}": f"api:webhooks:{act}"
    for act in ("list", "endpoint", "secret", "ping", "enable", "remove", "replay", "replay_since")
}


def keep_endpoint(customer, person):
    """A webhook of the customer with a test that was taken, under the words of its pages and routes."""
    kinds = [kind.key for kind in kinds_for(customer)]
    about = {"title": "Tickets", "url": "https://hooks.example/in", "kinds": kinds}
    endpoint, _ = set_endpoint(customer, **about, authenticated_at=timezone.now(), actor=person)
    delivery = ping_endpoint(endpoint, actor=person)
    note_attempt(delivery, Answer(204, ""))
    return {"webhooks": {"pk": customer.pk, "endpoint": endpoint.pk, "event": delivery.event_id}}
