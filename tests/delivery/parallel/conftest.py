import pytest

from delivery.domain.change_share import open_ramp
from tests.delivery.proxy.helms import Helm

TOKEN = "hush"  # as the configuration of the helm says


@pytest.fixture
def ramp(engagement, ada):
    return open_ramp(engagement, actor=ada)


@pytest.fixture
def helm(tmp_path):
    """The steering of a real proxy, with its control endpoint."""
    with Helm(tmp_path) as helm:
        yield helm


@pytest.fixture
def proxy_url(helm):
    return f"http://{helm.configuration.control.listen}"
