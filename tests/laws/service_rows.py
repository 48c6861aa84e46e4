"""The pages of tokens, and the pages, acts and routes of service users; of an organization's webhooks the routes.

The columns are those of `pages.py`.
"""

from tests.laws.endpoint_rows import ENDPOINT_ROUTES
from tests.laws.link_pages import ONLY_POSTED

SERVICE_PAGES = {
    "accounts:tokens": (302, 200, 200, 200, 200, 200, 200, 200),
    "accounts:token_revoke": ONLY_POSTED,
    "accounts:services": (302, 404, 200, 200, 200, 404, 200, 200),
    "accounts:service": (302, 404, 403, 200, 403, 404, 403, 200),
    "accounts:service_token_revoke": ONLY_POSTED,
    "accounts:service_end": ONLY_POSTED,
}

SERVICE_ACTS = {
    "accounts:services": (302, 404, 403, 422, 403, 404, 403, 422),
    "accounts:service": (302, 404, 403, 422, 403, 404, 403, 422),
    "accounts:service_token_revoke": (302, 404, 403, 302, 403, 404, 403, 302),
    "accounts:service_end": (302, 404, 403, 302, 403, 404, 403, 302),
}

SERVICE_ROUTES = {
    **ENDPOINT_ROUTES,
    ("api:services:list", "get"): (401, 404, 200, 200, 200, 404, 200, 200),
    ("api:services:list", "post"): (401, 404, 403, 201, 403, 404, 403, 201),
    ("api:services:end", "post"): (401, 404, 403, 204, 403, 404, 403, 204),
    ("api:services:tokens", "get"): (401, 404, 403, 200, 403, 404, 403, 200),
    ("api:services:tokens", "post"): (401, 404, 403, 201, 403, 404, 403, 201),
    ("api:services:revoke", "post"): (401, 404, 403, 204, 403, 404, 403, 204),
}
