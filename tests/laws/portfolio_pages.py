"""The rows of the portfolio in the tables of pages and acts: customers are not to know that there is one."""

from tests.laws.link_pages import ONLY_POSTED

READERS = (302, 404, 404, 404, 403, 403, 403, 200)
CHANGED = (302, 404, 404, 404, 403, 403, 403, 302)
NOTING = (302, 404, 403, 403, 403, 404, 403, 200)

PORTFOLIO_PAGES = {
    "portfolio:overview": READERS,
    "portfolio:overview_csv": READERS,
    "portfolio:projects": READERS,
    "portfolio:projects_csv": READERS,
    "portfolio:construct": READERS,
    "portfolio:construct_csv": READERS,
    "portfolio:figure": READERS,
    "portfolio:figure_csv": READERS,
    "portfolio:published": READERS,
    "portfolio:publish": ONLY_POSTED,
    "portfolio:subscription": ONLY_POSTED,
    "figures:public": (404,) * 8,  # as long as nothing is published
    "days:list": NOTING,
}
PORTFOLIO_ACTS = {
    "portfolio:publish": CHANGED,
    "portfolio:subscription": CHANGED,
    "days:list": (302, 404, 403, 403, 403, 404, 403, 422),
}
