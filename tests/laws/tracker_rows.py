"""The rows of trackers in the tables of pages, acts and routes."""

from tests.laws.route_columns import READERS as ROUTE_READERS

READERS = (302, 404, 200, 200, 200, 404, 403, 200)

#                     nobody otto vera carl ada  ugo  sam  olga
TRACKER_PAGES = {
    "trackers:home": READERS,
    "trackers:csv": READERS,
}

TRACKER_ROUTES = {
    ("api:trackers:csv", "get"): ROUTE_READERS,
}

NAMED = {"trackers": {"system": "jira"}}
