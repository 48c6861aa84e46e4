import pytest


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client
