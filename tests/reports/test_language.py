"""Whoever builds the plan says in which language; it is kept with the gate and in what is frozen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.jobs import run_job
from core.models import AuditEvent
from engagements.content import current_content, is_current
from engagements.domain.note_reference import note_reference
from engagements.domain.revoke_signature import revoke_signature
from engagements.models import FrozenDocument, SignOff
from engagements.statements import revocation_statement
from reports.domain.choose_language import choose_language
from reports.domain.request_freeze import request_freeze
from reports.drafts import draft_of, frozen_snapshot
from reports.outline import outline_of
from reports.rendering import document_html
from tests.engagements.journey import gate_of, put_up, sign, signature_for
from tests.engagements.test_pages import typed
from tests.proof import sign_in

pytestmark = pytest.mark.django_db


def built(gate, actor, language=""):
    run_job(request_freeze(gate, actor=actor, language=language).pk)
    return FrozenDocument.objects.filter(gate=gate).order_by("-version").first()


def test_a_plan_is_english_until_somebody_chooses(gate):
    assert draft_of(gate)["content"]["language"] == "en"


def test_the_chosen_language_stands_in_what_is_frozen_and_is_kept_for_the_next(gate, ada, quick_paper):
    document = built(gate, ada, "es")

    again = gate_of(gate.engagement, 1)
    assert document.snapshot["language"] == "es"
    assert again.language == "es"
    assert is_current(document, again)
    assert draft_of(again)["content"]["language"] == "es"
    event = AuditEvent.objects.get(action="gate.language_chosen")
    assert (event.data["language"], event.actor) == ("Español", ada)


def test_another_language_makes_another_version_of_the_same_records(gate, ada, quick_paper):
    first = built(gate, ada)

    second = built(gate_of(gate.engagement, 1), ada, "es")

    assert (first.version, second.version) == (1, 2)
    assert first.snapshot | {"language": "es"} == second.snapshot
    first.refresh_from_db()
    assert first.snapshot["language"] == "en"


def test_the_same_language_again_is_nothing_to_freeze(gate, ada, quick_paper):
    built(gate, ada, "es")

    with pytest.raises(Conflict, match="There is nothing to freeze"):
        request_freeze(gate_of(gate.engagement, 1), actor=ada, language="es")

    assert FrozenDocument.objects.filter(gate=gate).count() == 1


def test_a_language_in_which_nobody_wrote_it_is_refused(gate, ada):
    with pytest.raises(DomainError, match="is written in English or Español"):
        request_freeze(gate, actor=ada, language="fr")

    assert gate_of(gate.engagement, 1).language == "en"


def test_nobody_changes_the_language_under_a_build(gate, ada):
    request_freeze(gate, actor=ada)

    with pytest.raises(Conflict, match="A version in English is being built"):
        choose_language(gate, actor=ada, language="es")

    assert gate_of(gate.engagement, 1).language == "en"


def test_what_is_out_for_signature_or_signed_stays_in_its_language(begun, ada, carl, quick_paper, client):
    document = put_up(begun, 1, consultant=ada, customer=carl)
    client.force_login(ada)

    with pytest.raises(Conflict, match="out for signature or signed"):
        choose_language(gate_of(begun, 1), actor=ada, language="es")
    page = client.get(f"/engagements/{begun.code}/gates/1/document/").content.decode()
    sign(document, signer=carl)
    with pytest.raises(Conflict, match="out for signature or signed"):
        choose_language(gate_of(begun, 1), actor=ada, language="es")

    assert "Draft in this language" not in page
    assert (gate_of(begun, 1).language, is_current(document, gate_of(begun, 1))) == ("en", True)


def test_a_spanish_plan_is_signed_in_spanish_with_a_condition_and_a_change_number(
    begun, gate, ada, carl, quick_paper, client
):
    choose_language(gate, actor=ada, language="es")
    note_reference(gate_of(begun, 1), actor=carl, text="CHG-4711")
    document = put_up(begun, 1, consultant=ada, customer=carl)
    cover = [section for section in outline_of("plan", "es") if section.key == "cover"]
    printed = document_html("plan", frozen_snapshot(gate_of(begun, 1), document), cover)
    sign_in(client, carl)
    url, due = reverse("engagements:sign", args=[begun.code, 1]), timezone.localdate() + timedelta(days=30)
    condition = {"condition-1": "Ventana acordada.", "condition-1-due": due.isoformat()}

    page = client.get(url).content.decode()
    receipt = client.post(url, typed(document, **condition), follow=True).content.decode()

    signoff = SignOff.objects.get()
    assert "Su número de cambio" in printed
    assert "CHG-4711" in printed
    assert '<p lang="es">He leído el plan de migración, versión 1' in page
    assert signoff.statement.startswith("He leído el plan de migración, versión 1, y lo firmo en nombre de Northlake")
    assert signoff.external_reference == "CHG-4711"
    assert gate_of(begun, 2).tasks.filter(title__contains="Ventana acordada.", done_at=None).exists()
    assert "Ventana acordada." in receipt
    statement = revocation_statement(signoff)
    assert (statement.language, statement.text[:13]) == ("es", "Revoco mi fir")


def test_a_declaration_is_read_out_in_the_language_that_was_stored(begun, gate, ada, carl, quick_paper, client):
    """Earlier releases stored an English declaration on a Spanish plan."""
    choose_language(gate, actor=ada, language="es")
    document = put_up(begun, 1, consultant=ada, customer=carl)
    stored = "I have read Migration plan, version 1, and sign it for Northlake."
    signoff = sign(document, signer=carl, statement=stored)
    revoked = signature_for(document, statement=revocation_statement(signoff).text)
    revoke_signature(signoff, actor=carl, signature=revoked, reason="Not approved.")
    sign_in(client, carl)

    page = client.get(reverse("engagements:receipt", args=[signoff.reference])).content.decode()

    assert f'<span lang="en">{stored}</span>' in page
    assert '<p lang="es">Revoco mi firma' in page


@pytest.mark.parametrize("person", ["carl", "vera", "sam"])
def test_only_who_may_freeze_chooses(gate, person, request):
    with pytest.raises(Refused):
        choose_language(gate, actor=request.getfixturevalue(person), language="es")

    assert gate_of(gate.engagement, 1).language == "en"


def test_the_page_offers_the_languages_and_takes_the_choice(gate, ada, client):
    client.force_login(ada)
    url = f"/engagements/{gate.engagement.code}/gates/1/document/"

    before = client.get(url).content.decode()
    answer = client.post(f"{url}language/", {"language": "es"}, follow=True).content.decode()

    again = client.post(f"{url}language/", {"language": "es"}, follow=True).content.decode()

    assert "The draft is written in Español from now on, as you read it here. Nothing was frozen" in answer
    assert "“Build and freeze version 1” does that." in answer
    assert "The draft is written in Español already. Nothing was changed." in again
    assert not FrozenDocument.objects.exists()
    assert 'value="en" checked' in before
    assert "Executive summary" in before
    assert 'value="es" checked' in answer
    assert "Resumen ejecutivo" in answer


def test_the_api_takes_the_same_choice_and_the_same_refusals(gate, ada, client):
    client.force_login(ada)
    url = f"/api/v1/engagements/{gate.engagement.code}/gates/1/document"

    chosen = client.post(f"{url}/language/", {"language": "es"}, content_type="application/json")
    asked = client.post(f"{url}/freeze/", {}, content_type="application/json")
    refused = client.post(f"{url}/language/", {"language": "fr"}, content_type="application/json")

    assert chosen.json() == {"language": "es", "build": None, "said": ""}
    assert (asked.json()["language"], asked.json()["build"]) == ("es", "queued")
    assert refused.status_code == 422
    assert current_content(gate_of(gate.engagement, 1))["language"] == "es"
