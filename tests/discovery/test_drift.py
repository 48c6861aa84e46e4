"""A signed plan holds for the uploads it was made from; what differs later is a finding."""

import pytest

from discovery.models import Finding
from tests.discovery.test_staleness import plan_over_the_estate  # noqa: F401 (a fixture)
from tests.engagements.journey import begin, gate_of, put_up, sign
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, read
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plan_over_the_estate")]

MOVED = SMALL_ESTATE | {"etc/postfix/main.cf": MAIN_CF.replace("192.0.2.10", "192.0.2.99")}


@kept
def signed(engagement, ada, carl):
    read(engagement, actor=ada)
    begin(engagement, accepted_by=carl)
    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)
    return engagement


def drift(engagement):
    return Finding.objects.filter(engagement=engagement, source="drift").current()


def test_without_a_signed_plan_nothing_drifts(engagement, ada, carl):
    read(engagement, actor=ada)
    begin(engagement, accepted_by=carl)
    put_up(engagement, 1, consultant=ada, customer=carl)

    read(engagement, actor=ada, files=MOVED)

    assert not drift(engagement).exists()


def test_the_same_upload_after_the_signature_is_no_drift(signed, ada):
    read(signed, actor=ada)

    assert not drift(signed).exists()
    assert gate_of(signed, 1).state == "signed"


def test_a_changed_upload_is_named_with_both_values_and_its_line(signed, ada):
    read(signed, actor=ada, files=MOVED)

    found = drift(signed).get()
    assert (found.rule, found.file, found.line) == ("drift-parameter", "etc/postfix/main.cf", 5)
    assert found.message.startswith("smtp_bind_address was 192.0.2.10 in upload 1")
    assert "192.0.2.99 in upload 2" in found.message


def test_drift_goes_away_with_the_old_state(signed, ada):
    read(signed, actor=ada, files=MOVED)
    found = drift(signed).get()

    read(signed, actor=ada)

    assert not drift(signed).exists()
    assert Finding.objects.get(pk=found.pk).is_gone


def test_a_host_the_plan_does_not_know_is_said_once(signed, ada):
    read(signed, actor=ada, host="mta9")

    assert [(found.rule, found.host_label) for found in drift(signed)] == [("drift-host", "mta9")]


def test_a_new_signature_makes_the_new_state_the_agreed_one(signed, ada, carl):
    read(signed, actor=ada, files=MOVED)

    document = put_up(signed, 1, consultant=ada, customer=carl)
    before = drift(signed).count()
    sign(document, signer=carl)

    assert before == 1
    assert not drift(signed).exists()
    assert gate_of(signed, 1).state == "signed"
