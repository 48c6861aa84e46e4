"""What a web server loads: all of it before the first answer, and out of the way of the collector."""

import subprocess
import sys

TOLD = """
import gc, sys
from portal.wsgi import application
print(gc.get_freeze_count(), "reports.portfolio.views" in sys.modules)
"""


def test_what_is_loaded_is_not_looked_through_again_by_the_collector():
    told = subprocess.run([sys.executable, "-c", TOLD], capture_output=True, text=True, check=True)

    frozen, has_views = told.stdout.split()
    assert int(frozen) > 100_000
    assert has_views == "True"
