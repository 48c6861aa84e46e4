"""The rows of training in the table of pages."""

from tests.laws.link_pages import ONLY_POSTED

READERS = (302, 404, 200, 200, 200, 404, 403, 200)

TRAINING_PAGES = {
    "training:list": READERS,
    "training:plan": (302, 404, 403, 403, 200, 404, 403, 200),
    "training:session": READERS,
    "training:held": ONLY_POSTED,
    "training:cancel": ONLY_POSTED,
    "training:attend": ONLY_POSTED,
    "training:exercise": ONLY_POSTED,
}
