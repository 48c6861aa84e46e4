"""The pre-flight of gate 2: asked by a job, stored with every answer, stated by people where nobody can tell."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from accounts.permissions import Refused
from core.errors import Conflict, DomainError
from core.jobs import run_job
from core.models import AuditEvent
from delivery.domain.ask_dns import request_preflight
from delivery.domain.note_key import note_key
from delivery.domain.state_check import withdraw_statement
from delivery.models import DnsAnswer, PreflightRun, PreflightStatement, SelectorKey
from delivery.preflight.book import load_book
from delivery.preflight.outcomes import State
from delivery.preflight.sources import ZoneFile, source_of
from discovery.domain.attach_output import attach_output
from engagements.gates import checks_of
from tests.delivery.flights import KEYS, RECORD, ZONE, ask, state, stated
from tests.delivery.preflight.test_checking import GOOD
from tests.discovery.test_translation_evidence import CHANGED
from tests.factories.discovery import read_mail_log, stored_translations

pytestmark = pytest.mark.django_db


def test_dns_is_asked_by_a_job_and_every_answer_is_kept(engagement, kumomta, zone, ada):
    run_job(request_preflight(engagement, actor=ada).pk)

    run = PreflightRun.objects.get()
    answer = run.answers.get(name="northlake.example", kind="TXT")
    assert (run.number, run.translation, run.resolver, run.asked_by) == (1, kumomta, "zone file zone", ada)
    assert (answer.found, answer.values) == ("found", ["v=spf1 ip4:192.0.2.0/24 -all"])
    assert answer.asked_at <= timezone.now()
    assert AuditEvent.objects.get(action="preflight.asked").data["questions"] == run.answers.count() > 5


def test_a_resolver_that_cannot_be_one_fails_the_job_with_a_sentence(engagement, kumomta, ada, settings):
    settings.DNS_RESOLVER = "resolver.example"
    job = request_preflight(engagement, actor=ada)

    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 1)
    assert "has to look at DNS_RESOLVER" in job.error_sentence
    assert not PreflightRun.objects.exists()


def test_what_is_asked_about_comes_from_the_configuration(engagement, asked):
    subjects = {
        check: [row["subject"] for row in asked.outcomes if row["check"] == check] for check in ("dkim", "hosts")
    }

    assert subjects == {"dkim": [RECORD], "hosts": ["192.0.2.10", "192.0.2.11"]}
    assert state(engagement, "spf").known is State.PASSED
    assert state(engagement, "hosts").known is State.PASSED
    assert state(engagement, "dmarc").known is State.PASSED


def test_a_published_key_is_known_only_once_its_public_half_was_noted(engagement, kumomta, asked, zone, ada):
    assert state(engagement, "dkim").known is State.UNKNOWN

    note_key(
        engagement, record_name=RECORD, text=f"-----BEGIN PUBLIC KEY-----\n{GOOD}\n-----END PUBLIC KEY-----", actor=ada
    )
    ask(kumomta, ada, ZoneFile(zone))

    assert state(engagement, "dkim").known is State.PASSED
    assert SelectorKey.objects.get().public_key == GOOD


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n", "This is a private key"),
        ("hello", "no public RSA key"),
        ("", "no public RSA"),
    ],
)
def test_a_private_key_or_nonsense_is_refused_and_not_kept(engagement, kumomta, ada, text, said):
    with pytest.raises(DomainError, match=said):
        note_key(engagement, record_name=RECORD, text=text, actor=ada)

    assert not SelectorKey.objects.exists()


def test_without_a_resolver_the_round_is_stored_and_nothing_is_green(engagement, kumomta, ada):
    run = ask(kumomta, ada, source_of(""))

    assert run.resolver == ""
    assert {answer.found for answer in run.answers.all()} == {"unknown"}
    for item in load_book().items:
        if item.source == "dns":
            found = state(engagement, item.key)
            assert (found.known, found.holds, found.status.icon) == (State.UNKNOWN, False, "")


def test_an_old_answer_and_one_about_other_files_are_not_green(engagement, kumomta, asked, ada, time_machine):
    assert state(engagement, "spf").holds
    time_machine.move_to(timezone.now() + timedelta(days=7, minutes=1))
    aged = state(engagement, "spf")
    assert (aged.holds, aged.known) == (False, State.UNKNOWN)
    assert "more than 7 days ago" in aged.reasons[0]

    stored_translations(engagement, actor=ada, files=CHANGED | KEYS)

    assert not state(engagement, "spf").holds
    assert "The files have changed since DNS was asked" in state(engagement, "spf").reasons[0]


def test_a_statement_settles_what_is_not_known_and_says_who(engagement, kumomta, carl):
    assert not state(engagement, "spf").holds

    stated(engagement, "spf", carl, note="It is published. password = hunter2secret")

    found = state(engagement, "spf")
    assert (found.holds, found.known, found.status.text) == (True, State.UNKNOWN, "Stated by Carl Brandt")
    assert "hunter2secret" not in PreflightStatement.objects.get().note
    assert AuditEvent.objects.get(action="preflight.stated").actor == carl


def test_a_problem_that_was_found_is_not_stated_away(engagement, kumomta, zone, ada):
    zone.write_text(ZONE.replace("ip4:192.0.2.0/24", "ip4:198.51.100.1"))
    ask(kumomta, ada, ZoneFile(zone))

    with pytest.raises(DomainError, match="has to be put right"):
        stated(engagement, "spf", ada)

    assert not PreflightStatement.objects.exists()
    assert state(engagement, "spf").status.icon == "octagon"


def test_what_the_system_knows_needs_no_statement(engagement, asked, ada):
    with pytest.raises(DomainError, match="there is nothing to state"):
        stated(engagement, "spf", ada)


def test_a_statement_about_earlier_files_counts_no_longer(engagement, kumomta, ada):
    stated(engagement, "warm_up", ada)
    assert state(engagement, "warm_up").holds

    stored_translations(engagement, actor=ada, files=CHANGED | KEYS)

    assert not state(engagement, "warm_up").holds
    assert PreflightStatement.objects.count() == 1


def test_a_statement_can_be_withdrawn_and_stays_in_the_record(engagement, kumomta, ada):
    stated(engagement, "warm_up", ada)

    withdraw_statement(engagement, load_book().item("warm_up"), reason="The addresses are new after all.", actor=ada)

    assert not state(engagement, "warm_up").holds
    assert PreflightStatement.objects.count() == 2
    with pytest.raises(Conflict):
        withdraw_statement(engagement, load_book().item("warm_up"), reason="Again.", actor=ada)


@pytest.mark.parametrize(("note", "evidence"), [("", "Seen."), ("It holds.", " "), ("x" * 4001, "Seen.")])
def test_a_statement_needs_words_and_something_that_shows_it(engagement, kumomta, ada, note, evidence):
    with pytest.raises(DomainError):
        stated(engagement, "warm_up", ada, note=note, evidence=evidence)

    assert not PreflightStatement.objects.exists()


def test_only_the_side_that_is_asked_states(engagement, kumomta, carl, vera):
    for person, key in ((carl, "warm_up"), (vera, "spf")):
        with pytest.raises(Refused):
            stated(engagement, key, person)

    assert not PreflightStatement.objects.exists()


def test_without_files_nothing_is_asked_or_stated(engagement, ada):
    with pytest.raises(DomainError, match="no generated files"):
        request_preflight(engagement, actor=ada)
    with pytest.raises(DomainError, match="no generated files"):
        stated(engagement, "warm_up", ada)


def test_both_sides_log_the_message_id(engagement, kumomta, ada):
    assert state(engagement, "message_id_target").known is State.PASSED
    assert state(engagement, "message_id_postfix").reasons == ["mta1: No mail log of this host has been measured."]

    read_mail_log(engagement, actor=ada)

    assert state(engagement, "message_id_postfix").known is State.PASSED


def test_what_the_target_printed_counts_for_its_files(engagement, kumomta, ada):
    assert state(engagement, "target_check").known is State.UNKNOWN
    attach_output(kumomta, text="exit status 1", actor=ada)
    assert state(engagement, "target_check").known is State.PROBLEM

    attach_output(kumomta, text="hello", actor=ada)
    assert state(engagement, "target_check").known is State.PROBLEM  # silence takes back no failure
    attach_output(kumomta, text="exit status 0", actor=ada)

    assert state(engagement, "target_check").known is State.PASSED


def test_a_hard_stop_asks_for_a_statement(engagement, kumomta, ada):
    found = state(engagement, "injection")
    assert (found.known, found.holds) == (State.UNKNOWN, False)

    stated(engagement, "injection", ada)

    assert state(engagement, "injection").holds


def test_gate_2_asks_for_every_check_of_the_list(engagement, kumomta):
    keys = {check.key: check for check in checks_of(2)}

    for item in load_book().items:
        assert list(keys[f"preflight_{item.key}"].reasons(engagement)) == state(engagement, item.key).reasons


@pytest.mark.parametrize("model", [PreflightRun, DnsAnswer])
def test_what_was_answered_is_never_changed(asked, model):
    with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
        model.objects.update(asked_at=timezone.now())
