import pytest

from tests.factories.portfolio import make_portfolio

ENGAGEMENTS, SEED = 300, 9


@pytest.fixture
def portfolio(olga, lea, sam):
    """How many engagements there are; every second one is led by Lea."""
    return len(make_portfolio(ENGAGEMENTS, seed=SEED, lead=lea, sales=sam))
