from tests.laws.conftest import plain_paper, world  # noqa: F401 (fixtures)
from tests.reports.conftest import lenient_gates  # noqa: F401 (a fixture)
