"""The sample estates as the parser sees them."""

import pytest

from tests.discovery.postfix.estates import audited


@pytest.fixture(scope="module")
def sender():
    return audited("multi_ip")["postfix"]


@pytest.fixture(scope="module")
def tenants():
    return audited("multi_instance")
