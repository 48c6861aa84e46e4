"""The rows of findings in the table of routes, and what is sent to them."""

from tests.laws.route_columns import NOTHING_TO_UNDO, READERS, REVIEWER

FINDING_ROUTES = {
    ("api:discovery:findings", "get"): READERS,
    ("api:discovery:findings", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:finding", "get"): READERS,
    ("api:discovery:accept_chosen", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:dismiss_chosen", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:merge_chosen", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:classify_chosen", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:assign_chosen", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:undo_chosen", "post"): NOTHING_TO_UNDO,
    ("api:discovery:finding_accept", "post"): REVIEWER,
    ("api:discovery:finding_dismiss", "post"): REVIEWER,
    ("api:discovery:finding_undo", "post"): NOTHING_TO_UNDO,
    ("api:discovery:finding_answer", "post"): REVIEWER,
    ("api:discovery:finding_draft", "get"): REVIEWER,
    ("api:discovery:finding_draft", "post"): REVIEWER,
    ("api:discovery:finding_draft_discard", "post"): REVIEWER,
}

FINDING_SENT = {
    "api:discovery:undo_chosen": {"batch": "00000000-0000-4000-8000-000000000000"},
    "api:discovery:finding_accept": {"version": 1},
    "api:discovery:finding_dismiss": {"version": 1, "reason": "no_effect", "note": "Nothing reads it."},
    "api:discovery:finding_undo": {"version": 1},
    "api:discovery:finding_draft": {"version": 1, "proposal": "Half a sentence"},
    "api:discovery:finding_answer": {"version": 1, "proposal": "As it is."},
}
