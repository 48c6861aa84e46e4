"""What is typed around a signature: nothing is cut, nothing is lost, and the gate leads to what was signed."""

import pytest
from django.urls import reverse

from core.evidence import verify
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.domain.revoke_signature import revoke_signature
from engagements.domain.set_reservations import ConditionText
from engagements.models import Condition, SignOff
from engagements.overview import last_revocation
from tests.engagements.journey import begin, gate_of, put_up, sign, signature_for
from tests.engagements.test_conditions import reserve, soon
from tests.engagements.test_pages import sign_url, typed
from tests.kept import kept
from tests.proof import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


@kept
def submitted(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


def test_a_condition_that_is_too_long_is_refused_whole_and_stays_in_its_field(client, submitted, engagement, carl):
    sign_in(client, carl)
    words = "Rotate the keys.\n" * 6_000
    due = soon(engagement).isoformat()

    page = client.post(sign_url(engagement), typed(submitted, **{"condition-1": words, "condition-1-due": due}))

    shown = page.content.decode()
    assert page.status_code == 422
    assert f"It has {len(words.strip())} characters; 1,000 fit." in shown
    assert shown.count("Rotate the keys.") == 6_000
    assert 'name="condition-1" cols' in shown
    assert "maxlength" not in shown.partition("<main")[2]
    assert not SignOff.objects.exists()


def test_a_condition_of_yesterday_shows_the_form_again_with_everything_in_it(client, submitted, engagement, carl):
    sign_in(client, carl)
    past = {"condition-1": "Rotate the keys.", "condition-1-due": soon(engagement, -1).isoformat()}

    page = client.post(sign_url(engagement), typed(submitted, role_title="Keeper of the queue", **past))

    shown = page.content.decode()
    assert page.status_code == 422
    assert "That day has passed" in shown
    assert 'value="Keeper of the queue"' in shown
    assert "Rotate the keys.</textarea>" in shown
    assert not SignOff.objects.exists()


@pytest.mark.parametrize(("digest", "is_ticked"), [(None, True), ("0" * 64, False)])
def test_the_word_that_it_was_read_waits_through_the_proof_for_the_same_document(
    client, submitted, engagement, carl, digest, is_ticked
):
    sign_in(client, carl, seconds_ago=16 * 60)
    client.post(sign_url(engagement), typed(submitted, shown_digest=digest or submitted.digest))
    session = client.session
    session["account_authentication_methods"] = session["account_authentication_methods"][:0]
    session.save()

    page = client.get(sign_url(engagement)).content.decode()

    box = page.partition('name="has_read"')[2].partition(">")[0]
    assert ("checked" in box) == is_ticked
    assert 'value="Carl Brandt"' in page


def test_a_gate_leads_to_the_receipt_of_each_signature_and_shows_its_conditions(client, submitted, engagement, carl):
    signoff = reserve(submitted, signer=carl, conditions=[ConditionText("Rotate the keys.", soon(engagement))])
    client.force_login(carl)

    page = client.get(reverse("engagements:gate", args=[engagement.code, 1])).content.decode()

    assert reverse("engagements:receipt", args=[signoff.reference]) in page
    assert f"On condition that: <bdi>{Condition.objects.get().text}</bdi>" in page


def test_a_gate_stays_revoked_until_somebody_signs_again(submitted, engagement, carl, ada):
    signoff = sign(submitted, signer=carl)
    revocation = revoke_signature(signoff, actor=carl, signature=signature_for(submitted), reason="Budget is gone.")
    freeze_document(gate_of(engagement, 1), prepare_document(gate_of(engagement, 1)), actor=ada)

    after_a_new_version = last_revocation(gate_of(engagement, 1))
    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    assert after_a_new_version == revocation
    assert last_revocation(gate_of(engagement, 1)) is None


def test_a_pack_that_is_not_there_is_told_from_one_that_is_none(tmp_path, capsys):
    assert verify.main([str(tmp_path / "nope.zip")]) == verify.UNREADABLE

    assert "nope.zip is not there" in capsys.readouterr().err


@pytest.mark.parametrize(("left", "said"), [(("head", "key"), 2), (("key",), 1), ((), 0)])
def test_only_what_was_not_given_is_said_to_be_left_to_compare(left, said):
    told = "\n".join(verify.tell(verify.Report(), left))

    assert told.count("with the one on a receipt that you kept") == said
