"""The rows of training in the table of routes."""

from tests.laws.route_columns import READERS

WORKED = (401, 404, 403, 403, 422, 404, 403, 422)

TRAINING_ROUTES = {
    ("api:training:sessions", "get"): READERS,
    ("api:training:sessions", "post"): WORKED,
    ("api:training:session", "get"): READERS,
    ("api:training:held", "post"): WORKED,
    ("api:training:cancel", "post"): WORKED,
    ("api:training:attend", "post"): (401, 404, 201, 201, 422, 404, 403, 422),
    ("api:training:exercise", "post"): WORKED,
}
