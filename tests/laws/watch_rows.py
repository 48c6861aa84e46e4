"""The rows of the watch in the tables of pages, acts and routes."""

from tests.laws.link_pages import ONLY_POSTED
from tests.laws.route_columns import READERS

EVIDENCE = (302, 404, 200, 200, 200, 404, 403, 200)
ANSWERED_BY_BOTH = (302, 404, 403, 422, 422, 404, 403, 422)
WORKED = (302, 404, 403, 403, 422, 404, 403, 422)
FROZEN_ALREADY = (302, 404, 403, 403, 409, 404, 403, 409)

WATCH_PAGES = {
    "watch:home": EVIDENCE,
    "watch:agree": ONLY_POSTED,
    "watch:freeze": ONLY_POSTED,
    "watch:baseline": EVIDENCE,
    "watch:card": EVIDENCE,
    "watch:card_acknowledge": ONLY_POSTED,
    "watch:card_escalate": ONLY_POSTED,
    "watch:card_close": ONLY_POSTED,
    "watch:seeds": EVIDENCE,
    "watch:seed": EVIDENCE,
}
WATCH_ACTS = {
    "watch:agree": WORKED,
    "watch:freeze": FROZEN_ALREADY,
    "watch:card_acknowledge": ANSWERED_BY_BOTH,
    "watch:card_escalate": ANSWERED_BY_BOTH,
    "watch:card_close": WORKED,
    "watch:seeds": ANSWERED_BY_BOTH,
}
WATCH_ROUTES = {
    ("api:watch:home", "get"): READERS,
    ("api:watch:home", "post"): (401, *WORKED[1:]),
    ("api:watch:baselines", "get"): READERS,
    ("api:watch:baselines", "post"): (401, *FROZEN_ALREADY[1:]),
    ("api:watch:baseline", "get"): READERS,
    ("api:watch:cards", "get"): READERS,
    ("api:watch:card", "get"): READERS,
    ("api:watch:card_acknowledge", "post"): (401, *ANSWERED_BY_BOTH[1:]),
    ("api:watch:card_escalate", "post"): (401, *ANSWERED_BY_BOTH[1:]),
    ("api:watch:card_close", "post"): (401, *WORKED[1:]),
    ("api:watch:seeds", "get"): READERS,
    ("api:watch:seeds", "post"): (401, 404, 403, 415, 415, 404, 403, 415),
    ("api:watch:seed", "get"): READERS,
}
