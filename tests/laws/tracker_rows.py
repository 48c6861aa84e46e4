"""The rows of trackers in the tables of pages, acts and routes, and the ticket that stands in their world."""

from discovery.domain.note_key import note_key
from discovery.models import Finding
from discovery.trackers.external_ids import FINDING, external_id
from tests.laws.link_pages import ONLY_POSTED
from tests.laws.route_columns import CONTRIBUTOR
from tests.laws.route_columns import READERS as ROUTE_READERS

READERS = (302, 404, 200, 200, 200, 404, 403, 200)
NOTED = (302, 404, 403, 302, 302, 404, 403, 302)
KEY = "MAIL-123"

#                     nobody otto vera carl ada  ugo  sam  olga
TRACKER_PAGES = {
    "trackers:home": READERS,
    "trackers:csv": READERS,
    "trackers:item": READERS,
    "trackers:key": ONLY_POSTED,
    "trackers:key_remove": ONLY_POSTED,
}

TRACKER_ACTS = {
    "trackers:home": (302, 404, 403, 422, 422, 404, 403, 422),
    "trackers:key": NOTED,
    "trackers:key_remove": NOTED,
}
TRACKER_TYPED = {
    "trackers:key": {"version": "1", "key": "MAIL-124"},
    "trackers:key_remove": {"version": "1"},
}

TRACKER_ROUTES = {
    ("api:trackers:csv", "get"): ROUTE_READERS,
    ("api:trackers:tasks", "get"): ROUTE_READERS,
    ("api:trackers:keys", "get"): ROUTE_READERS,
    ("api:trackers:keys_import", "post"): (401, 404, 403, 422, 422, 404, 403, 422),
    ("api:trackers:key", "get"): ROUTE_READERS,
    ("api:trackers:key", "put"): CONTRIBUTOR,
    ("api:trackers:key", "delete"): (401, 404, 403, 428, 428, 404, 403, 428),
}
TRACKER_SENT = {
    "api:trackers:key": {"key": KEY},
    "api:trackers:keys_import": {"system": "jira", "sheet": b"no,such,columns"},
}

TRACKER_DOES_THE_SAME = {
    "trackers:home": "api:trackers:keys_import",
    "trackers:key": "api:trackers:key",
    "trackers:key_remove": "api:trackers:key",
}
# Routes that act by another method than POST: what they are about is named in the address.
TRACKER_BY = {"trackers:key": "put", "trackers:key_remove": "delete"}


def keep_ticket(engagement, *, actor):
    """A ticket of the first finding, and the words of the addresses that name it."""
    finding = Finding.objects.filter(engagement=engagement).first()
    note_key(finding, system="jira", key=KEY, actor=actor, version=0)
    return {"system": "jira", "item": external_id(engagement.code, FINDING, finding.number)}
