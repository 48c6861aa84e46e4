import pytest

from tests.reports.conftest import lenient_gates, quick_paper  # noqa: F401 (fixtures)


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client
