from tests.factories.watch import drifted, watched
from tests.kept import kept


@kept
def watch(engagement, ada):
    """Of 30 days, begun 35 days ago, against a baseline of 14."""
    return watched(engagement, actor=ada)


@kept
def card(engagement, ada):
    """Open, about Google."""
    return drifted(engagement, actor=ada)
