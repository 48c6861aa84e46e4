"""No secret ends in the handoff pack, wherever somebody put one: in what was uploaded, in settings, in notes."""

import io
import secrets
import zipfile

import pytest

from accounts.domain.link_calendar import link_calendar
from core.models import AuditEvent
from delivery.domain.keep_key import set_journal_key
from delivery.domain.set_mailbox import set_mailbox
from delivery.domain.set_webhook import set_webhook
from delivery.domain.suppress_address import suppress_address
from delivery.feedback.imap import Account
from discovery.questions.values import Given
from engagements.domain.ask_question import answer_question, ask_question
from engagements.today import today_of
from reports.domain.approve_runbook import note_drill
from reports.domain.draw_up_runbooks import note_runbook_fact
from reports.models import RunbookRevision
from tests.discovery.test_secrets_nowhere import found_in, new_secret, planted
from tests.factories.accounts import invite_person, make_token
from tests.factories.answers import write
from tests.factories.discovery import stored_translations
from tests.factories.training import plan_session
from tests.reports.handoff.conftest import make_pack

pytestmark = pytest.mark.django_db


def everything_in(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_no_secret_of_an_uploaded_configuration_is_in_the_pack(worked, ada, lea, quick_paper):
    files, known = planted()
    stored_translations(worked, actor=ada, files=files, host="mta9")

    text = everything_in(make_pack(worked, actor=lea))

    assert "mta9" in text
    assert found_in(text, known) == []


def test_no_secret_of_the_settings_is_in_the_pack(worked, ada, carl, lea, quick_paper):
    password, key, place = new_secret(), secrets.token_hex(32), new_secret()
    set_mailbox(worked, account=Account("imap.northlake.example", 993, "bounces", password, "INBOX"), actor=ada)
    _, signed_with = set_webhook(worked, url=f"https://hooks.example/{place}", from_start=True, actor=ada)
    set_journal_key(worked, key=key, actor=ada)
    invited = invite_person("new@northlake.example", organization=worked.organization, role="viewer", actor=carl)[1]
    known = [
        password,
        key,
        place,
        signed_with,
        make_token(carl, name="export", days=30)[1],
        link_calendar(carl),
        invited,
    ]

    text = everything_in(make_pack(worked, actor=lea))

    assert "imap.northlake.example" in text, "that a mailbox was set stands in the history"
    assert found_in(text, known) == []


def asked(worked, words, *, ada, carl):
    ask_question(worked, actor=carl, text=words, is_blocking=False)


def answered(worked, words, *, ada, carl):
    answer_question(ask_question(worked, actor=carl, text="How?", is_blocking=False), actor=ada, text=words)


def given(worked, words, *, ada, carl):
    write(worked, actor=carl, send_hosts=Given(3, note=words))


def suppressed(worked, words, *, ada, carl):
    suppress_address(worked, address="gone@gmail.com", reason=words, actor=ada)


def noted(worked, words, *, ada, carl):
    note_runbook_fact(worked, key="on_call", value=words, actor=ada)


def drilled(worked, words, *, ada, carl):
    revision = RunbookRevision.objects.filter(engagement=worked).first()
    facts = {"held_on": today_of(worked), "minutes": 5, "participants": "Carl"}
    note_drill(revision, outcome=words, actor=ada, **facts)


def trained(worked, words, *, ada, carl):
    plan_session(worked, actor=ada, title=words)


@pytest.mark.parametrize("note", [asked, answered, given, suppressed, noted, drilled, trained])
def test_no_secret_that_somebody_wrote_into_a_note_is_in_the_pack(worked, ada, carl, lea, note, quick_paper):
    secret = new_secret()

    note(worked, f"We use password = {secret} there", ada=ada, carl=carl)

    text = everything_in(make_pack(worked, actor=lea))
    assert found_in(text, [secret]) == []
    assert "We use password" in text
    assert not AuditEvent.objects.filter(data__icontains=secret).exists()
