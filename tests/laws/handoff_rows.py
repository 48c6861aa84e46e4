"""The rows of the handoff pack in the tables of pages, acts and routes."""

from tests.laws.link_pages import ONLY_POSTED
from tests.laws.route_columns import READERS

OWNER_READS = (302, 404, 404, 404, 404, 404, 404, 200)

#                                 nobody otto vera carl ada  ugo  sam  olga
HANDOFF_PAGES = {
    "handoff:list": (302, 404, 200, 200, 200, 404, 403, 200),
    "handoff:make": ONLY_POSTED,
    "handoff:take": ONLY_POSTED,
    "handoff:report": ONLY_POSTED,
    "restored:list": (302, 403, 403, 403, 403, 403, 403, 200),
    "restored:page": OWNER_READS,
    "restored:file": OWNER_READS,
    "restored:take": ONLY_POSTED,
}

HANDOFF_ACTS = {
    "handoff:make": (302, 404, 403, 302, 302, 404, 403, 302),
    "handoff:take": (302, 404, 403, 200, 200, 404, 403, 200),
    "handoff:report": (302, 404, 403, 403, 422, 404, 403, 422),
    "restored:list": (302, 403, 403, 403, 403, 403, 403, 422),
    "restored:take": OWNER_READS,
}

HANDOFF_ROUTES = {
    ("api:handoff:handoff", "get"): READERS,
    ("api:handoff:handoff", "post"): (401, 404, 403, 201, 201, 404, 403, 201),
    ("api:handoff:take", "post"): (401, 404, 403, 200, 200, 404, 403, 200),
    ("api:handoff:report", "get"): READERS,
    ("api:handoff:report", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:restored:list", "get"): (401, 200, 200, 200, 200, 200, 200, 200),
    ("api:restored:list", "post"): (401, 403, 403, 403, 403, 403, 403, 415),
    ("api:restored:rows", "get"): (401, 404, 404, 404, 404, 404, 404, 200),
    ("api:restored:take", "post"): (401, 404, 404, 404, 404, 404, 404, 200),
}

HANDOFF_DOES_THE_SAME = {
    "handoff:make": "api:handoff:handoff",
    "handoff:take": "api:handoff:take",
    "handoff:report": "api:handoff:report",
    "restored:list": "api:restored:list",
    "restored:take": "api:restored:take",
}
