"""Gate 2 and the files that are installed."""

import pytest

from delivery.install_gate import the_files_were_checked
from delivery.preflight_state import states_of
from discovery.domain.check_translation import read_set, store_check
from engagements.domain.choose_target import choose_target
from engagements.gates import results, shortened
from tests.discovery.test_translation_evidence import CHANGED, failed_check
from tests.factories.discovery import stored_translations
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def plain_kumomta(engagement, ada):
    choose_target(engagement, target="kumomta", reason="Lua in house.", actor=ada)
    engagement.refresh_from_db()
    return next(one for one in stored_translations(engagement, actor=ada) if one.target == "kumomta")


def test_without_a_target_or_files_there_is_nothing_to_install(engagement):
    assert list(the_files_were_checked(engagement)) == ["There are no generated files for the chosen target yet."]


def test_files_that_nobody_checked_keep_the_gate_shut(engagement, plain_kumomta):
    assert list(the_files_were_checked(engagement)) == [
        "The files of Translation 1 to KumoMTA have not been checked yet."
    ]


def test_the_newest_check_counts_with_its_words(engagement, plain_kumomta, ada):
    failed_check(plain_kumomta, ada, lines=12)
    reasons = list(the_files_were_checked(engagement))
    assert reasons[0] == "mta1/init.lua:1: Lua: made up."
    assert len(reasons) == 12

    store_check(plain_kumomta, read_set(plain_kumomta), actor=ada)

    assert list(the_files_were_checked(engagement)) == []


def test_lines_of_which_the_words_were_not_kept_are_counted_too(engagement, plain_kumomta, ada):
    failed_check(plain_kumomta, ada, lines=205)

    reasons = list(the_files_were_checked(engagement))

    assert shortened(reasons).endswith("mta1/init.lua:3: Lua: made up. And 202 more.")


def test_a_newer_set_has_to_be_checked_anew(engagement, plain_kumomta, ada):
    store_check(plain_kumomta, read_set(plain_kumomta), actor=ada)

    stored_translations(engagement, actor=ada, files=CHANGED)

    assert list(the_files_were_checked(engagement)) == [
        "The files of Translation 3 to KumoMTA have not been checked yet."
    ]


def test_the_list_of_the_preflight_is_read_once_for_all_its_checks(
    engagement, plain_kumomta, django_assert_max_num_queries
):
    gate = engagement.gates.get(number=2)

    with django_assert_max_num_queries(45) as asked:
        said = results(gate)

    questions = [query["sql"] for query in asked.captured_queries]
    preflight = {one.check.key: list(one.reasons) for one in said if one.check.key.startswith("preflight_")}
    assert preflight == {f"preflight_{state.item.key}": state.reasons for state in states_of(engagement)}
    for table in ("delivery_preflightrun", "delivery_preflightstatement", "discovery_finding"):
        assert sum(f'FROM "{table}"' in sql for sql in questions) == 1
