import pytest

from delivery.proxy.choice.caps import Caps
from delivery.proxy.choice.chooser import Chooser
from delivery.proxy.control.standing import Standing


@pytest.fixture
def standing(tmp_path):
    found = Standing(tmp_path / "journal")
    yield found
    found.close()


@pytest.fixture
def caps(tmp_path):
    found = Caps(tmp_path / "journal", lambda: 1_795_000_000.0)  # 2026-11-18, 09:06 UTC
    yield found
    found.close()


@pytest.fixture
def chooser_of(standing, caps):
    return lambda split: Chooser(split, standing, caps)


@pytest.fixture
def write(tmp_path):
    """Writes a configuration and says where."""
    path = tmp_path / "proxy.toml"

    def written(text):
        path.write_text(text)
        return path

    return written
