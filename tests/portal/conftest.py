import os

import pytest
from django.db import connection

from tests.laws.conftest import plain_paper, world  # noqa: F401 (fixtures)
from tests.places import another_database
from tests.portal.machines import Machine
from tests.reports.conftest import lenient_gates  # noqa: F401 (a fixture)


@pytest.fixture
def here(tmp_path):
    machine = Machine(tmp_path, connection.settings_dict["NAME"])
    (machine.folder / "keys").mkdir()
    (machine.folder / "keys" / "seal.pem").write_text("the key that seals")
    return machine


@pytest.fixture
def there(tmp_path):
    name = f"restored_{os.getpid()}"
    with another_database(name):
        yield Machine(tmp_path, name)
