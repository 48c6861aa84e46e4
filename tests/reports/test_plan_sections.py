"""The plan as a page: its sections are closed until they are wanted, and each leads to a comment on it."""

import re

import pytest
from django.urls import reverse

from reports.domain.comment_on_section import comment_on_section
from reports.domain.open_review import open_review

pytestmark = pytest.mark.django_db


def opened_in(page):
    return re.findall(r'<details class="section" open>\s*<summary>\s*<h2 id="([\w-]+)"', page)


def test_one_section_is_open_and_says_how_many_comments_wait_on_it(client, begun, gate, ada, carl):
    open_review(gate, actor=ada)
    comment = comment_on_section(gate, actor=carl, section="summary", text="Which hosts?")
    address = reverse("reports:document", args=[begun.code, 1])
    client.force_login(carl)

    closed = client.get(address).content.decode()
    one = client.get(comment.about_url.partition("#")[0]).content.decode()
    whole = client.get(address, {"open": "all"}).content.decode()

    assert opened_in(closed) == []
    assert opened_in(one) == ["summary"]
    assert len(opened_in(whole)) == whole.count('<details class="section"') > 25
    assert closed.count("1 open comment<") == 1
    assert 'href="?open=summary&amp;comment=summary#comments"' in one
    assert '<option value="summary" selected>' in client.get(address, {"comment": "summary"}).content.decode()
