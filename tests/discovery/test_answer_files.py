"""Answers that come in a file: all of it or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from discovery.models import Answer
from tests.discovery.pages import text_of, url
from tests.factories.answers import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_carl(client, carl):
    client.force_login(carl)
    return client


def values():
    return dict(Answer.objects.values_list("question", "value"))


def test_with_one_wrong_row_nothing_of_a_file_is_taken(as_carl, engagement):
    content = b"question,answer\nsend_hosts,many\nsend_ips,6\n"

    refused = as_carl.post(url("answers_import", engagement), {"answers": SimpleUploadedFile("filled.csv", content)})

    assert refused.status_code == 422
    assert "Row 2, send_hosts: Enter a whole number of hosts" in text_of(refused)
    assert "Nothing was imported." in text_of(refused)
    assert values() == {}


def test_a_file_from_before_a_change_is_refused_with_both_names(as_carl, engagement, carl):
    write(engagement, actor=carl, send_hosts=2)
    out = as_carl.get(url("answers_csv", engagement)).content.decode("utf-8-sig")
    write(engagement, actor=carl, send_hosts=4)
    filled = out.replace('10000",2,', '10000",5,')

    refused = as_carl.post(
        url("answers_import", engagement), {"answers": SimpleUploadedFile("old.csv", filled.encode())}
    )

    assert refused.status_code == 409
    assert "Carl Brandt answered “On how many hosts does Postfix send mail to the outside?”" in text_of(refused)
    assert values() == {"send_hosts": 4}


def test_a_row_with_nothing_but_a_note_leaves_the_answer(as_carl, engagement, carl):
    write(engagement, actor=carl, send_hosts=2)
    content = b"question,answer,note\nsend_hosts,,One is a spare.\n"

    as_carl.post(url("answers_import", engagement), {"answers": SimpleUploadedFile("notes.csv", content)})

    assert (Answer.objects.get().value, Answer.objects.get().note) == (2, "One is a spare.")
