"""The rows of kept records in the tables of pages, acts and routes. The customer's manager asked for the packs."""

from datetime import timedelta

from django.utils import timezone

from engagements.domain.set_hold import lift_hold, set_hold
from engagements.models import DataExport
from tests.factories.accounts import UserFactory
from tests.laws.link_pages import ONLY_POSTED

EXPORTER = (302, 404, 403, 200, 403, 404, 403, 200)
OWNER = (302, 404, 403, 403, 403, 404, 403, 200)

#                                 nobody otto vera carl ada  ugo  sam  olga
RECORD_PAGES = {
    "records:own": (302, 200, 200, 200, 200, 200, 200, 200),
    "records:own_take": ONLY_POSTED,
    "records:retention": (302, 403, 403, 403, 403, 403, 403, 200),
    "records:former": (302, 403, 403, 403, 403, 403, 403, 200),
    "records:erase_former": (302, 404, 404, 404, 404, 404, 404, 200),
    "records:customer": EXPORTER,
    "records:export": ONLY_POSTED,
    "records:take": ONLY_POSTED,
    "records:hold": ONLY_POSTED,
    "records:lift": OWNER,
    "records:erase_customer": OWNER,
    "records:erase_person": OWNER,
}

RECORD_ACTS = {
    "records:own": (302, 302, 302, 302, 302, 302, 302, 302),
    "records:own_take": (302, 404, 404, 200, 404, 404, 404, 404),
    "records:export": (302, 404, 403, 302, 403, 404, 403, 302),
    "records:take": (302, 404, 403, 200, 403, 404, 403, 404),
    "records:hold": (302, 404, 403, 403, 403, 404, 403, 422),
    "records:lift": (302, 404, 403, 403, 403, 404, 403, 422),
    "records:erase_customer": (302, 404, 403, 403, 403, 404, 403, 422),
    "records:erase_person": (302, 404, 403, 403, 403, 404, 403, 422),
    "records:erase_former": (302, 404, 404, 404, 404, 404, 404, 422),
}

RECORD_ROUTES = {
    ("api:records:own", "post"): (401, 201, 201, 201, 201, 201, 201, 201),
    ("api:records:own_take", "post"): (401, 404, 404, 200, 404, 404, 404, 404),
    ("api:records:retention", "get"): (401, 403, 403, 403, 403, 403, 403, 200),
    ("api:records:customer", "get"): (401, 404, 403, 200, 403, 404, 403, 200),
    ("api:records:export", "post"): (401, 404, 403, 201, 403, 404, 403, 201),
    ("api:records:take", "post"): (401, 404, 403, 200, 403, 404, 403, 404),
    ("api:records:hold", "post"): (401, 404, 403, 403, 403, 404, 403, 422),
    ("api:records:lift", "post"): (401, 404, 403, 403, 403, 404, 403, 422),
}

RECORD_BROWSER_ONLY = {
    "records:erase_customer": "Erasing needs a fresh proof of who asks, which only a browser session gives.",
    "records:erase_former": "Erasing needs a fresh proof of who asks, which only a browser session gives.",
    "records:erase_person": "Erasing needs a fresh proof of who asks, which only a browser session gives.",
}

RECORD_DOES_THE_SAME = {
    "records:own": "api:records:own",
    "records:own_take": "api:records:own_take",
    "records:export": "api:records:export",
    "records:take": "api:records:take",
    "records:hold": "api:records:hold",
    "records:lift": "api:records:lift",
}


def keep_records(customer, person, owner):
    """Packs that are there, of the customer and of the person, and a hold that was lifted."""
    now = timezone.now()
    at = {"done_at": now, "expires_at": now + timedelta(days=7)}
    pack = DataExport.objects.create(organization=customer, asked_by=person, **at)
    own = DataExport.objects.create(person=person, asked_by=person, **at)
    hold = lift_hold(set_hold(customer, reason="A court asked.", actor=owner), reason="It is done.", actor=owner)
    former = UserFactory(full_name="Nele Former")
    links = {"records:erase_former": {"person": former.pk}}
    return links | {
        "records": {"number": pack.pk},
        "records:own_take": {"number": own.pk},
        "records:lift": {"number": hold.pk},
    }
