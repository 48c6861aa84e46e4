"""Pages of the inventory: uploading, what was understood, files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from discovery.models import Upload
from discovery.subjects import SUBJECTS
from tests.discovery.pages import text_of, url
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, pack, read, receive
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def read_upload(engagement, ada):
    return read(engagement, actor=ada)


@pytest.mark.parametrize(
    ("person", "status"), [("ada", 200), ("lea", 200), ("carl", 200), ("vera", 200), ("sam", 403), ("otto", 404)]
)
def test_who_may_read_the_evidence(client, engagement, read_upload, person, status, request):
    client.force_login(request.getfixturevalue(person))
    pages = [
        url("inventory", engagement),
        url("queue", engagement),
        url("upload", engagement, 1),
        url("progress", engagement, 1),
        url("file", engagement, 1, "etc/postfix/main.cf"),
        url("finding", engagement, 1),
    ]

    assert [client.get(page).status_code for page in pages] == [status] * len(pages)


def test_nobody_is_sent_to_the_login_page(client, engagement):
    response = client.get(url("inventory", engagement))

    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", ["accept_chosen", "undo_chosen"])
def test_nothing_acts_on_get(as_ada, engagement, name):
    assert as_ada.get(url(name, engagement)).status_code == 405


@pytest.mark.parametrize("name", ["finding_accept", "finding_dismiss", "finding_undo", "finding_answer"])
def test_no_decision_is_made_on_get(as_ada, engagement, read_upload, name):
    assert as_ada.get(url(name, engagement, 1)).status_code == 405


def test_the_empty_inventory_says_how_to_begin(as_ada, engagement):
    page = text_of(as_ada.get(url("inventory", engagement)))

    assert "No configuration has been read yet" in page
    assert "gatepost-collect.sh" in page


def test_an_upload_is_taken_in_and_waits(as_ada, engagement):
    bundle = SimpleUploadedFile("postfix.tar.gz", pack(SMALL_ESTATE))

    response = as_ada.post(url("inventory", engagement), {"host_label": "mta1", "bundle": bundle})

    assert response.url == url("upload", engagement, 1)
    page = text_of(as_ada.get(response.url))
    assert "Waiting for its turn" in page
    assert f'data-poll="{url("progress", engagement, 1)}"' in page
    assert "is kept, encrypted, only until it is read" in page


def test_a_refused_file_keeps_what_was_typed(as_ada, engagement):
    bundle = SimpleUploadedFile("empty.tar.gz", b"")

    response = as_ada.post(url("inventory", engagement), {"host_label": "mta7", "bundle": bundle})

    assert response.status_code == 422
    assert "The selected file is empty." in text_of(response)
    assert 'value="mta7"' in text_of(response)
    assert not Upload.objects.exists()


def test_a_viewer_sees_no_form_and_cannot_upload(client, engagement, vera):
    client.force_login(vera)

    response = client.post(url("inventory", engagement), {"host_label": "x", "bundle": SimpleUploadedFile("a", b"a")})

    assert 'name="bundle"' not in text_of(client.get(url("inventory", engagement)))
    assert response.status_code == 403
    assert not Upload.objects.exists()


def test_the_inventory_shows_what_was_understood(as_ada, engagement, read_upload):
    page = text_of(as_ada.get(url("inventory", engagement)))

    assert "3 files read, 0 skipped" in page
    assert "/opt/mail/tagger.py" in page
    assert f"{url('file', engagement, 1, 'etc/postfix/main.cf')}?line=7#L7" in page
    for subject in SUBJECTS:
        assert url("subject", engagement, subject.slug) in page


def test_skipped_members_show_their_reasons(as_ada, engagement, ada):
    read(engagement, actor=ada, files=SMALL_ESTATE | {"../../etc/evil": "x"})

    assert "climbs out of the archive" in text_of(as_ada.get(url("upload", engagement, 1)))


def test_a_refusal_reaches_the_page(as_ada, engagement, ada):
    read(engagement, actor=ada, files={"readme": "x\n"})

    page = text_of(as_ada.get(url("upload", engagement, 1)))
    assert "There is no main.cf in " in page
    assert "data-poll" not in page


def test_the_region_stops_asking_once_it_is_read(as_ada, engagement, ada, read_upload):
    waiting = receive(engagement, actor=ada)

    assert "data-poll" not in text_of(as_ada.get(url("progress", engagement, read_upload.number)))
    assert "data-poll" in text_of(as_ada.get(url("progress", engagement, waiting.number)))


def test_a_file_has_numbered_lines_and_no_secret(as_ada, engagement, ada):
    secret = "".join(chr(97 + number * 7 % 26) for number in range(19))
    files = SMALL_ESTATE | {
        "etc/postfix/main.cf": MAIN_CF + "smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd\n",
        "etc/postfix/sasl_passwd": f"[relay.example]:587 northlake:{secret}\n",
    }
    read(engagement, actor=ada, files=files)

    shown = text_of(as_ada.get(url("file", engagement, 1, "etc/postfix/sasl_passwd")))

    assert 'id="L1"' in shown
    assert "relay.example" in shown
    assert secret not in shown
    assert as_ada.get(url("file", engagement, 1, "etc/shadow")).status_code == 404


def test_what_customers_wrote_is_escaped(as_ada, engagement, ada):
    evil = "<script>alert(1)</script>"
    read(engagement, actor=ada, files={"etc/postfix/main.cf": MAIN_CF + f"unknown_thing = {evil}\n"})
    pages = [
        url("inventory", engagement),
        url("upload", engagement, 1),
        url("file", engagement, 1, "etc/postfix/main.cf"),
        *(url("finding", engagement, number) for number in engagement.findings.values_list("number", flat=True)),
    ]

    for page in pages:
        assert evil not in as_ada.get(page).content.decode()


def test_no_page_has_inline_style_or_script(as_ada, engagement, read_upload):
    for page in (url("inventory", engagement), url("upload", engagement, 1), url("finding", engagement, 1)):
        shown = as_ada.get(page).content.decode()
        assert " style=" not in shown
        assert "<script>" not in shown


def test_the_inventory_costs_the_same_for_one_and_three(as_ada, engagement, ada, django_assert_max_num_queries):
    read(engagement, actor=ada, host="mta1")
    as_ada.get(url("inventory", engagement))

    with django_assert_max_num_queries(38) as for_one:  # two of them raise and lower the second guard
        as_ada.get(url("inventory", engagement))
    read(engagement, actor=ada, host="mta2")
    read(engagement, actor=ada, host="mta3")
    with django_assert_max_num_queries(38) as for_three:
        response = as_ada.get(url("inventory", engagement))

    assert len(response.context["estate"].hosts) == 3
    assert len(for_three) == len(for_one)
