"""The rows of what a link opens: for whoever has it, signed in or not. The columns are those of `pages.py`.

The quote of the world is accepted, so it is read, and answered no more.
"""

OPEN_TO_ALL = (200,) * 8
ONLY_POSTED = (405,) * 8
ANSWERED = (409,) * 8

LINK_PAGES = {
    "link:quote": OPEN_TO_ALL,
    "link:pdf": OPEN_TO_ALL,
    "link:receipt": OPEN_TO_ALL,
    "link:renew": ONLY_POSTED,
    "link:code": ANSWERED,
    "link:code_send": ONLY_POSTED,
    "link:accept": ANSWERED,
    "link:decline": ANSWERED,
    "link:changed": ANSWERED,
    "link:forward": ANSWERED,
}
LINK_ACTS = {
    "link:renew": ANSWERED,
    "link:code": ANSWERED,
    "link:code_send": ANSWERED,
    "link:accept": ANSWERED,
    "link:decline": ANSWERED,
    "link:changed": ANSWERED,
    "link:forward": ANSWERED,
}
