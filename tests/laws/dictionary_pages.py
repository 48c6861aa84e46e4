"""The rows of the dictionary in the table of pages."""

from tests.laws.link_pages import ONLY_POSTED

EVERYBODY_SIGNED_IN = (302, 200, 200, 200, 200, 200, 200, 200)

DICTIONARY_PAGES = {
    "dictionary:list": EVERYBODY_SIGNED_IN,
    "dictionary:construct": EVERYBODY_SIGNED_IN,
    "dictionary:effort": EVERYBODY_SIGNED_IN,
    "dictionary:overrides": EVERYBODY_SIGNED_IN,
    "dictionary:override": (302, 404, 404, 404, 200, 404, 200, 200),
    "dictionary:override_propose": (302, 403, 403, 403, 200, 200, 403, 200),
    "dictionary:override_accept": ONLY_POSTED,
    "dictionary:override_reject": ONLY_POSTED,
    "dictionary:override_withdraw": ONLY_POSTED,
}
