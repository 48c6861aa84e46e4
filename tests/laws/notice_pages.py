"""Rows of the search, the calendar, mail, and the metrics, which need a token. The columns are those of `pages.py`."""

OPEN_TO_ALL = (200,) * 8
ONLY_POSTED = (405,) * 8
EVERYBODY_SIGNED_IN = (302, 200, 200, 200, 200, 200, 200, 200)

NOTICE_PAGES = {
    "accounts:calendar": EVERYBODY_SIGNED_IN,
    "accounts:calendar_end": ONLY_POSTED,
    "accounts:mail": EVERYBODY_SIGNED_IN,
    "calendars:feed": OPEN_TO_ALL,
    "metrics": (404,) * 8,
    "security_txt": (404,) * 8,
    "accounts:mail_test": ONLY_POSTED,
    "mail:arrives": OPEN_TO_ALL,
    "mail:off": ONLY_POSTED,
    "search:search": EVERYBODY_SIGNED_IN,
}
NOTICE_ACTS = {
    "accounts:calendar": EVERYBODY_SIGNED_IN,
    "accounts:calendar_end": (302,) * 8,
    "accounts:mail": (302,) * 8,
    "accounts:mail_test": (302, *(409,) * 7),
    "mail:arrives": OPEN_TO_ALL,
    "mail:off": OPEN_TO_ALL,
}
