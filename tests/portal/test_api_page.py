"""docs/api.md: each command of it is run, and what it says of scopes and rates is what holds."""

import re
import shlex
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from accounts.domain.make_token import LIFETIMES
from core.paging import MOST, USUAL
from core.scopes import Scope
from portal.embedded import ROOT
from tests.factories.accounts import make_token

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```bash\n# (\d+)\n(.+?)```", PAGE, re.DOTALL)


def sent_by(command, token):
    """What a command of curl sends: method, address, headers, body."""
    words = shlex.split(command.replace("\\\n", " ").replace("$TOKEN", token).replace("$GATEPOST", "https://portal"))
    name, url, *options = words
    assert name == "curl"
    told = list(zip(options[::2], options[1::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in told if option == "-H")
    rest = {option: value for option, value in told if option != "-H"}
    assert rest.keys() <= {"-X", "-d"}
    where = urlsplit(url)
    return rest.get("-X", "GET"), f"{where.path}?{where.query}", headers, rest.get("-d", "")


@pytest.mark.django_db
def test_every_command_is_answered_as_the_page_says(client, engagement, ada):
    _, token = make_token(ada, name="curl", days=7)

    answered = []
    for _, command in COMMANDS:
        method, path, headers, body = sent_by(command, token)
        kind = headers.pop("Content-Type", "application/json")
        answered.append(client.generic(method, path, body, content_type=kind, headers=headers).status_code)

    assert engagement.code in PAGE
    assert answered == [int(status) for status, _ in COMMANDS]
    assert PAGE.count("curl ") == len(COMMANDS) > 5


def test_the_page_names_every_scope_and_says_what_the_settings_say():
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    words = " ".join(PAGE.split())

    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(Scope.values)
    assert f"{rates['read'].split('/')[0]} reads and {rates['act'].split('/')[0]} acts a minute" in words
    assert f"{rates['upload'].split('/')[0]} uploads and {rates['lookup'].split('/')[0]} look-ups" in words
    assert f"pages of {USUAL} rows, or up to {MOST}" in words
    *short, longest = LIFETIMES
    assert f"after {', '.join(map(str, short))} or {longest} days" in words
    assert settings.IDEMPOTENCY_HOURS == 24


@pytest.mark.django_db
def test_no_two_tables_of_the_reference_have_one_name(client, ada):
    client.force_login(ada)

    names = re.findall(
        r'role="region"[^>]*aria-label="([^"]+)"|aria-label="([^"]+)"[^>]*role="region"', client.get("/api/docs/").text
    )

    said = [one or other for one, other in names]
    assert len(said) > 300
    assert len(set(said)) == len(said)
