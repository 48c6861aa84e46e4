import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ = "import json; from portal.settings import base; print(json.dumps(base.SOCIALACCOUNT_PROVIDERS))"


def providers(**environment):
    """The settings as a fresh process reads them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OIDC_")}
    return subprocess.run(
        [sys.executable, "-c", READ],
        cwd=ROOT,
        env={**kept, **environment},
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_server_in_the_environment_becomes_a_provider():
    found = providers(
        OIDC_SERVER_URL="https://sso.customer.example",
        OIDC_CLIENT_ID="gatepost",
        OIDC_CLIENT_SECRET="kept-by-the-operator",
        OIDC_NAME="Northlake sign-in",
    )

    assert json.loads(found.stdout) == {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": "Northlake sign-in",
                    "client_id": "gatepost",
                    "secret": "kept-by-the-operator",
                    "settings": {"server_url": "https://sso.customer.example"},
                }
            ]
        }
    }


def test_without_a_server_there_is_no_provider():
    assert json.loads(providers().stdout) == {}


def test_half_a_configuration_stops_the_start():
    found = providers(OIDC_SERVER_URL="https://sso.customer.example")

    assert found.returncode != 0
    assert "OIDC_CLIENT_ID" in found.stderr
