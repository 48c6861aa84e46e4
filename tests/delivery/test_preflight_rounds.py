"""Rounds of questions about several sets, names in capitals, and generated files that are not there."""

import pytest

from core.jobs import run_job
from core.models import Job
from delivery.domain.ask_dns import request_preflight
from delivery.domain.note_key import note_key
from delivery.models import PreflightRun
from delivery.preflight.outcomes import State
from delivery.preflight.sources import ZoneFile
from delivery.preflight_state import answers_to, files_of
from discovery.models import TranslationSet
from engagements.domain.choose_target import choose_target
from tests.delivery.flights import KEYS, LOUD_KEYS, RECORD, ask, state
from tests.delivery.preflight.test_checking import GOOD
from tests.discovery.test_translation_evidence import CHANGED
from tests.factories.discovery import SMALL_ESTATE, stored_translations
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def loud(engagement, kumomta, ada):
    """The newest set, of a host whose key table writes names in capitals."""
    sets = stored_translations(engagement, actor=ada, files=SMALL_ESTATE | LOUD_KEYS)
    return next(one for one in sets if one.target == "kumomta")


def test_a_selector_in_capitals_finds_its_key_and_its_answers(engagement, loud, zone, ada):
    note_key(engagement, record_name=RECORD.replace("s1", "S1"), text=GOOD, actor=ada)

    ask(loud, ada, ZoneFile(zone))

    found = state(engagement, "dkim")
    assert [outcome.subject for outcome in found.outcomes] == [RECORD]
    assert found.known is State.PASSED
    assert [answer.name for answer in answers_to(found, ada)] == [RECORD]


def test_a_name_in_capitals_that_dns_itself_gave_finds_its_answers(engagement, kumomta, zone, ada):
    zone.write_text(zone.read_text().replace("PTR mta1", "PTR MTA1"))

    ask(kumomta, ada, ZoneFile(zone))

    names = [answer.name for answer in answers_to(state(engagement, "hosts"), ada)]
    assert "mta1.northlake.example" in names
    assert len(names) == 3


def test_two_sets_are_asked_about_by_two_jobs_and_one_set_by_one(engagement, kumomta, zone, ada):
    first = request_preflight(engagement, actor=ada)
    again = request_preflight(engagement, actor=ada)
    newer = next(
        one for one in stored_translations(engagement, actor=ada, files=CHANGED | KEYS) if one.target == "kumomta"
    )

    second = request_preflight(engagement, actor=ada)

    assert again == first
    assert (first.subject_id, second.subject_id) == (str(kumomta.pk), str(newer.pk))
    assert Job.objects.filter(kind="ask_dns").count() == 2


def test_a_round_about_older_files_that_ends_last_does_not_hide_the_newer(engagement, kumomta, zone, ada):
    older = request_preflight(engagement, actor=ada)
    stored_translations(engagement, actor=ada, files=CHANGED | KEYS)
    newer = request_preflight(engagement, actor=ada)

    run_job(newer.pk)
    run_job(older.pk)

    assert list(PreflightRun.objects.order_by("number").values_list("translation_id", flat=True)) == [
        int(newer.subject_id),
        kumomta.pk,
    ]
    assert files_of(engagement).run.number == 1
    assert state(engagement, "spf").outdated == ""


def copied(translation, *, without):
    """The same set once more, as the newest, without the files of that name."""
    files, sources = list(translation.files.all()), list(translation.sources.all())
    copy = TranslationSet.objects.get(pk=translation.pk)
    copy.pk, copy.number, copy._state.adding = None, copy.number + 10, True
    copy.save()
    for part in [*sources, *(one for one in files if not one.path.endswith(f"/{without}"))]:
        part.pk, part.translation, part._state.adding = None, copy, True
        part.save()
    return copy


@pytest.mark.parametrize(("target", "name"), [("kumomta", "init.lua"), ("powermta", "config")])
def test_a_set_without_the_file_that_says_what_is_logged_is_a_problem_that_names_it(engagement, ada, target, name):
    choose_target(engagement, target=target, reason="Known in house.", actor=ada)
    engagement.refresh_from_db()
    whole = next(one for one in stored_translations(engagement, actor=ada) if one.target == target)
    before = state(engagement, "message_id_target")

    copied(whole, without=name)

    after = state(engagement, "message_id_target")
    assert (before.known, [outcome.subject for outcome in before.outcomes]) == (State.PASSED, [f"mta1/{name}"])
    assert after.known is State.PROBLEM
    assert after.reasons == [
        f"mta1/{name}: There is no {name} among the generated files of this host, so nothing says that it logs."
    ]
