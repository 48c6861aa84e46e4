import pytest

from tests.factories.training import plan_session


@pytest.fixture
def begun(engagement, ada):
    return plan_session(engagement, actor=ada)


@pytest.fixture
def to_come(engagement, ada):
    return plan_session(engagement, actor=ada, hours=5)
