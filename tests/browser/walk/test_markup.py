"""Every page as HTML. What the Nu checker says of it is asked where there is one: `VNU_JAR=/path/to/vnu.jar`."""

import json
import os
import subprocess

import pytest
from tinyhtml5.parser import HTMLParser

from tests.browser.walk.shown import WHO_FIRST, names_of_pages

VNU = os.environ.get("VNU_JAR", "")
pytestmark = pytest.mark.django_db


def misread(page):
    """Where a parser has to guess."""
    parser = HTMLParser()
    parser.parse(page.body, transport_encoding="utf-8")
    return [f"{page}: line {place[0]}: {code} {words}" for place, code, words in parser.errors]


def test_every_page_can_be_read_without_guessing(reader):
    pages = [page for who in WHO_FIRST for page in reader.pages_of(who)]

    found = [fault for page in pages for fault in misread(page)]

    assert found == []
    assert {page.status for page in pages} == {200}


def test_what_cannot_be_read_without_guessing_is_found(reader):
    page = reader.open("nobody", "account_login")
    broken = type(page)(page.name, page.person, page.status, page.path, page.body.replace(b"</main>", b"</div></main>"))

    assert misread(page) == []
    assert len(misread(broken)) == 1


@pytest.mark.skipif(not VNU, reason="VNU_JAR names no Nu checker: docs/first-hour.md")
def test_the_nu_checker_finds_nothing_in_any_page_of_anybody(reader, tmp_path):
    shown = [*reader.pages(), *reader.answers(), *reader.refusals()]
    for number, page in enumerate(shown):
        (tmp_path / f"{number}.html").write_bytes(page.body)

    words = ["java", "-Xss8m", "-jar", VNU, "--format", "json", "--exit-zero-always", str(tmp_path)]
    said = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stderr)

    assert len(shown) > len(names_of_pages())
    assert [f"{shown[number_in(each)]}: {each['message']}" for each in said["messages"]] == []


def number_in(message):
    return int(message["url"].rpartition("/")[2].partition(".")[0])
