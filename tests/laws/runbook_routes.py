"""The rows of runbooks in the table of routes."""

from tests.laws.route_columns import READERS

RUNBOOK_ROUTES = {
    ("api:runbooks:runbooks", "get"): READERS,
    ("api:runbooks:runbooks", "post"): (401, 404, 403, 403, 409, 404, 403, 409),
    ("api:runbooks:fact", "post"): (401, 404, 403, 422, 422, 404, 403, 422),
    ("api:runbooks:runbook", "get"): READERS,
    ("api:runbooks:approve_chosen", "post"): (401, 404, 403, 422, 403, 404, 403, 422),
    ("api:runbooks:approve", "post"): (401, 404, 403, 422, 403, 404, 403, 422),
    ("api:runbooks:acknowledge", "post"): (401, 404, 422, 422, 422, 404, 403, 422),
    ("api:runbooks:drills", "post"): (401, 404, 403, 422, 422, 404, 403, 422),
    ("api:runbooks:paper", "post"): (401, 404, 422, 422, 422, 404, 403, 422),
    ("api:runbooks:pdf", "get"): READERS,
    ("api:runbooks:markdown", "get"): READERS,
}
