"""The rows of one's own profile over the API: mail, tokens, calendar. The columns are those of `routes.py`."""

PROFILE_ROUTES = {
    ("api:mail:kinds", "get"): (401, 200, 200, 200, 200, 200, 200, 200),
    ("api:mail:kinds", "put"): (401, 422, 422, 422, 422, 422, 422, 422),
    ("api:tokens:list", "get"): (401, 200, 200, 200, 200, 200, 200, 200),
    ("api:tokens:list", "post"): (401, 201, 201, 201, 201, 201, 201, 201),
    ("api:tokens:revoke", "post"): (401, 404, 404, 204, 404, 404, 404, 404),
    ("api:mail:test", "get"): (401, 200, 200, 200, 200, 200, 200, 200),
    ("api:mail:test", "post"): (401, 409, 409, 409, 409, 409, 409, 409),
    ("api:calendar:link", "get"): (401, 200, 200, 200, 200, 200, 200, 200),
    ("api:calendar:link", "post"): (401, 201, 201, 201, 201, 201, 201, 201),
    ("api:calendar:link", "delete"): (401, 200, 200, 200, 200, 200, 200, 200),
}
