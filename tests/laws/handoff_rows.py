"""The rows of the handoff pack in the tables of pages, acts and routes."""

from tests.laws.link_pages import ONLY_POSTED
from tests.laws.route_columns import READERS

#                                 nobody otto vera carl ada  ugo  sam  olga
HANDOFF_PAGES = {
    "handoff:list": (302, 404, 200, 200, 200, 404, 403, 200),
    "handoff:make": ONLY_POSTED,
    "handoff:take": ONLY_POSTED,
}

HANDOFF_ACTS = {
    "handoff:make": (302, 404, 403, 302, 302, 404, 403, 302),
    "handoff:take": (302, 404, 403, 200, 200, 404, 403, 200),
}

HANDOFF_ROUTES = {
    ("api:handoff:handoff", "get"): READERS,
    ("api:handoff:handoff", "post"): (401, 404, 403, 201, 201, 404, 403, 201),
    ("api:handoff:take", "post"): (401, 404, 403, 200, 200, 404, 403, 200),
}

HANDOFF_DOES_THE_SAME = {
    "handoff:make": "api:handoff:handoff",
    "handoff:take": "api:handoff:take",
}
