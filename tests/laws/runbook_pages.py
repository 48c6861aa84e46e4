"""The rows of runbooks in the table of pages."""

from tests.laws.link_pages import ONLY_POSTED

READERS = (302, 404, 200, 200, 200, 404, 403, 200)
CONTRIBUTOR = (302, 404, 403, 200, 200, 404, 403, 200)

RUNBOOK_PAGES = {
    "runbooks:list": READERS,
    "runbooks:draw_up": ONLY_POSTED,
    "runbooks:fact": CONTRIBUTOR,
    "runbooks:runbook": READERS,
    "runbooks:approve_chosen": ONLY_POSTED,
    "runbooks:approve": ONLY_POSTED,
    "runbooks:acknowledge": ONLY_POSTED,
    "runbooks:drill": ONLY_POSTED,
    "runbooks:paper": ONLY_POSTED,
    "runbooks:pdf": READERS,
    "runbooks:markdown": READERS,
}
