import pytest

from tests.factories.runbooks import choose, draw_up, note_everything
from tests.kept import kept


@kept
def named(engagement, ada):
    """KumoMTA is chosen for the multi-IP sample, and whatever can be asked for is known."""
    choose(engagement, "kumomta", actor=ada)
    note_everything(engagement, actor=ada)
    return engagement


@pytest.fixture
def drawn(named, ada):
    return draw_up(named, actor=ada)
