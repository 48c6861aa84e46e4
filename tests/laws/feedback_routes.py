"""Who gets what of bounces and complaints over the API, as in `routes.py`."""

from tests.laws.route_columns import READERS

FEEDBACK_ROUTES = {
    ("api:feedback:queue", "get"): READERS,
    ("api:feedback:queue", "post"): (401, 404, 403, 422, 422, 404, 403, 422),
    ("api:feedback:files", "get"): READERS,
    ("api:feedback:export", "get"): READERS,
    ("api:feedback:files", "post"): (401, 404, 403, 415, 415, 404, 403, 415),
    ("api:feedback:suppressions", "get"): READERS,
    ("api:feedback:suppressions", "post"): (401, 404, 403, 422, 422, 404, 403, 422),
    ("api:feedback:suppression_lift", "post"): (401, 404, 403, 422, 422, 404, 403, 422),
    ("api:feedback:suppression_import", "post"): (401, 404, 403, 415, 415, 404, 403, 415),
    ("api:feedback:suppression_export", "get"): READERS,
    ("api:feedback:webhook", "get"): READERS,
    ("api:feedback:webhook", "post"): (401, 404, 403, 422, 422, 404, 403, 422),
    ("api:feedback:webhook_remove", "post"): (401, 404, 403, 204, 204, 404, 403, 204),
    ("api:feedback:webhook_replay", "post"): (401, 404, 403, 409, 409, 404, 403, 409),
    ("api:feedback:mailboxes", "get"): READERS,
    ("api:feedback:mailboxes", "post"): (401, 404, 403, 422, 422, 404, 403, 422),
    ("api:feedback:mailbox_test", "post"): (401, 404, 403, 202, 202, 404, 403, 202),
    ("api:feedback:mailbox_pause", "post"): (401, 404, 403, 200, 200, 404, 403, 200),
    ("api:feedback:mailbox_resume", "post"): (401, 404, 403, 409, 409, 404, 403, 409),
    ("api:feedback:mailbox_remove", "post"): (401, 404, 403, 204, 204, 404, 403, 204),
}
