"""Nothing of a customer's configuration or logs is taken in before both sides have signed the NDA."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.errors import GateClosed
from core.models import Job
from discovery.domain.attach_output import attach_output
from discovery.domain.check_translation import check_translation
from discovery.domain.import_answers import import_answers
from discovery.domain.import_components import import_components
from discovery.domain.make_translation import make_translation
from discovery.domain.receive_log import receive_log
from discovery.domain.receive_upload import receive_upload
from discovery.models import Answer, ComponentImport, LogReading, TranslationSet, UnreadFile, Upload
from tests.factories.accounts import make_token
from tests.factories.answers import write
from tests.factories.nda import choose_our_nda, hand_over, sign, sign_both, sign_on_paper

pytestmark = pytest.mark.django_db

LOCKED = "Configurations open for upload after the NDA"


def bundle():
    return SimpleUploadedFile("main.cf", b"myhostname = mta1.northlake.example\n")


def log():
    return SimpleUploadedFile("mail.log", b"Nov 2 09:00:00 mta1 postfix/smtpd[1]: x\n")


def sheet():
    return SimpleUploadedFile("own.csv", b"kind,name\nmilter,tagger\n")


def filled():
    return SimpleUploadedFile("filled.csv", b"question,answer\nsend_hosts,2\n")


def a_translation(engagement, actor):
    """A set as if it had been made before: what no page can make while uploads are locked."""
    return TranslationSet(engagement=engagement, target="powermta", number=1, made_by=actor)


DOORS = {
    "upload": lambda engagement, actor: receive_upload(
        engagement, filename="main.cf", content_file=bundle().file, host_label="mta1", actor=actor
    ),
    "log": lambda engagement, actor: receive_log(
        engagement, filename="mail.log", content_file=log().file, host_label="mta1", zone="UTC", actor=actor
    ),
    "components": lambda engagement, actor: import_components(
        engagement, filename="own.csv", content=sheet().read(), actor=actor
    ),
    "output": lambda engagement, actor: attach_output(
        a_translation(engagement, actor), text="exit status 0", actor=actor
    ),
    "check": lambda engagement, actor: check_translation(a_translation(engagement, actor), actor=actor),
    "translation": lambda engagement, actor: make_translation(engagement, actor=actor),
}


def nothing_came_in():
    kinds = (Upload, LogReading, UnreadFile, ComponentImport, Answer, Job)
    return not any(kind.objects.exists() for kind in kinds)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("person", ["carl", "ada", "lea"])
def test_every_door_of_the_domain_is_locked(bare, door, person, request):
    actor = request.getfixturevalue(person)

    with pytest.raises(GateClosed, match=LOCKED):
        DOORS[door](bare, actor)

    assert nothing_came_in()


def test_a_filled_in_questionnaire_is_a_file_and_locked_what_is_typed_is_not(bare, carl):
    with pytest.raises(GateClosed, match=LOCKED):
        import_answers(bare, actor=carl, filename="filled.csv", content=filled().read())
    assert not Answer.objects.exists()

    write(bare, actor=carl, send_hosts=2)

    assert Answer.objects.get().question == "send_hosts"


PAGES = {
    "discovery:inventory": lambda: {"host_label": "mta1", "bundle": bundle()},
    "discovery:volumes": lambda: {"host_label": "mta1", "zone": "UTC", "log": log()},
    "discovery:component_import": lambda: {"sheet": sheet()},
    "discovery:answers_import": lambda: {"answers": filled()},
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_refuses_what_is_sent_and_offers_no_form(client, bare, carl, page):
    client.force_login(carl)
    url = reverse(page, args=[bare.code])

    sent = client.post(url, PAGES[page]())
    shown = client.get(url)

    assert sent.status_code == 409
    assert LOCKED in sent.content.decode()
    assert LOCKED in shown.content.decode()
    assert reverse("pricing:nda", args=[bare.code]) in shown.content.decode()
    assert 'type="file"' not in shown.content.decode()
    assert nothing_came_in()


ROUTES = {
    "api:discovery:uploads": lambda: {"host_label": "mta1", "bundle": bundle()},
    "api:discovery:volumes": lambda: {"host_label": "mta1", "zone": "UTC", "log": log()},
    "api:discovery:component_imports": lambda: {"sheet": sheet()},
    "api:discovery:answers_import": lambda: {"answers": filled()},
}


@pytest.mark.parametrize("route", ROUTES)
def test_the_api_refuses_the_same_to_a_token(client, bare, carl, route):
    token = make_token(carl, name="a collector", days=30)[1]

    sent = client.post(reverse(route, args=[bare.code]), ROUTES[route](), headers={"Authorization": f"Bearer {token}"})

    assert sent.status_code == 409
    assert sent.json()["reasons"][0].startswith(LOCKED)
    assert nothing_came_in()


def upload(engagement, actor):
    content = io.BytesIO(b"myhostname = mta1.northlake.example\n")
    return receive_upload(engagement, filename="main.cf", content_file=content, host_label="mta1", actor=actor)


def test_the_refusal_says_whose_turn_it_is(bare, carl, sam):
    with pytest.raises(GateClosed, match="Northlake Logistics has not chosen one yet"):
        upload(bare, carl)

    nda = choose_our_nda(bare, actor=carl)
    sign(nda, carl)
    with pytest.raises(GateClosed, match=r"after the NDA\. EMP must sign by \w{3} \d\d:\d\d GMT-5\.$"):
        upload(bare, carl)

    hand_over(bare, actor=carl)
    with pytest.raises(GateClosed, match="EMP must review and sign by"):
        upload(bare, carl)


def test_one_signature_opens_nothing_the_second_opens_it(bare, carl, sam):
    nda = choose_our_nda(bare, actor=carl)
    sign(nda, sam)
    with pytest.raises(GateClosed, match=LOCKED):
        upload(bare, carl)

    sign(nda, carl)

    assert upload(bare, carl).pk


@pytest.mark.parametrize("way", ["both", "paper"])
def test_a_signed_nda_opens_the_uploads(bare, carl, sam, lea, way):
    if way == "both":
        sign_both(bare, customer=carl, practice=sam)
    else:
        sign_on_paper(bare, lead=lea)

    assert upload(bare, carl).pk
