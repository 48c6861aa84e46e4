import pytest

from tests.browser.walk.shown import Reader
from tests.laws.conftest import plain_paper, world  # noqa: F401 (fixtures)
from tests.laws.pages import PEOPLE
from tests.reports.conftest import lenient_gates  # noqa: F401 (a fixture)


@pytest.fixture
def reader(world, request, otto, ugo):  # noqa: F811 (a fixture)
    return Reader(world, {who: request.getfixturevalue(who) for who in PEOPLE if who != "nobody"})
