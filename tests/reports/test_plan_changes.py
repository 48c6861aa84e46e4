"""One line of one host changed: the plan tells that line first, and nothing that only has another number now."""

import pytest

from engagements.changes import Change, changed_fields
from engagements.formats import comparable
from engagements.models import FrozenDocument
from reports.content.formats import formats
from reports.content.plan import plan_content
from reports.outline import record_wording
from reports.reading import Reading
from tests.factories import discovery

pytestmark = pytest.mark.django_db

PLAN = FrozenDocument.Kind.PLAN.value


def test_a_changed_relay_host_is_told_first_and_no_number_of_a_record(begun, gate, ada):
    discovery.stored_translations(begun, actor=ada, files=discovery.SMALL_ESTATE)
    before = plan_content(gate)
    main_cf = discovery.MAIN_CF + "relayhost = [relay9.example.net]:587\n"
    discovery.stored_translations(begun, actor=ada, files=discovery.SMALL_ESTATE | {"etc/postfix/main.cf": main_cf})
    after = plan_content(gate)

    changes = changed_fields(*comparable(before, after, provenance=formats().provenance), record_wording(PLAN))

    said = [f"{change.full_place}: {change.was} {change.now}" for change in changes]
    assert said[0] == "The estate today, instances, postfix, relay hosts:  [relay9.example.net]:587"
    assert [text for text in said if "upload" in text or "translation:" in text or ", number:" in text] == []
    assert [text for text in said[:20] if ", files, " in text] == []
    assert any("readings, mta1, sha256" in text for text in said)
    assert any("routes.lua, extract" in text and "relay9.example.net" in text for text in said)
    assert [change for change in changes if change.was == change.now] == []


def test_the_count_of_what_changed_is_of_all_that_changed():
    changes = [Change("Hosts", number, number + 1) for number in range(118)]

    reading = Reading({}, None, changes, is_for_all=True)

    assert (len(reading.told), reading.told[-1]) == (41, "And 78 more.")
    assert len(reading.changes) == 118
