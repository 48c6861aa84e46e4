"""The rows of the portfolio in the table of pages: customers are not to know that there is one."""

READERS = (302, 404, 404, 404, 403, 403, 403, 200)

PORTFOLIO_PAGES = {
    "portfolio:overview": READERS,
    "portfolio:overview_csv": READERS,
    "portfolio:projects": READERS,
    "portfolio:projects_csv": READERS,
    "portfolio:construct": READERS,
    "portfolio:figure": READERS,
    "portfolio:figure_csv": READERS,
}
