"""The rows of the portfolio in the table of routes."""

READERS = (401, 404, 404, 404, 403, 403, 403, 200)

PORTFOLIO_ROUTES = {
    ("api:portfolio:figures", "get"): READERS,
    ("api:portfolio:figure", "get"): READERS,
    ("api:portfolio:published", "post"): READERS,
    ("api:portfolio:subscription", "post"): (401, 404, 404, 404, 403, 403, 403, 204),
    ("api:days:list", "get"): (401, 404, 403, 403, 403, 404, 403, 200),
    ("api:days:list", "post"): (401, 404, 403, 403, 403, 404, 403, 422),
}
PORTFOLIO_SENT = {
    "api:portfolio:published": {"figure": "stayed", "is_public": True},
    "api:portfolio:subscription": {"wants": True},
}
