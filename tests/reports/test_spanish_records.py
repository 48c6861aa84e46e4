"""Who signed a Spanish plan reads the records of its phases in Spanish; what people wrote stays as they wrote it."""

import pytest
from django.urls import reverse

from core.languages import LANGUAGES
from engagements.content import current_content
from engagements.domain.ask_question import answer_question, ask_question
from engagements.domain.override_check import override_check
from engagements.gates import check
from engagements.models import FrozenDocument
from engagements.statements import statement_for
from reports.content.receipt import receipt_content
from reports.domain.choose_language import choose_language
from reports.drafts import draft_of
from reports.outline import outline_of
from reports.rendering import document_html
from tests.engagements.journey import do_tasks, gate_of, put_up, sign
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


@kept
def spanish(begun, carl, ada):
    """Phase 2, after a Spanish plan was signed."""
    choose_language(gate_of(begun, 1), actor=ada, language="es")
    sign(put_up(begun, 1, consultant=ada, customer=carl), signer=carl)
    begun.refresh_from_db()
    return begun


def printed(gate, language):
    snapshot = draft_of(gate)
    snapshot["content"] |= {"language": language}
    return document_html("phase_record", snapshot, outline_of("phase_record", language))


def test_the_next_gate_opens_in_the_language_of_the_plan_and_can_leave_it(spanish, ada):
    assert [gate.language for gate in spanish.gates.order_by("number")] == ["es", "es", "en", "en", "en"]

    choose_language(gate_of(spanish, 2), actor=ada, language="en")

    assert current_content(gate_of(spanish, 2))["language"] == "en"
    assert gate_of(spanish, 1).language == "es"


def test_a_record_is_printed_in_its_language_and_what_people_wrote_stays(spanish, ada, carl, lea):
    check(2, key="never", title="Every completed task notes what shows it")(
        lambda engagement: ["Monitoring has not begun."]
    )
    override_check(gate_of(spanish, 2), key="never", reason="Seen by hand: Monitoring has not begun.", actor=lea)
    do_tasks(spanish, 2, consultant=ada, customer=carl)
    answer_question(ask_question(spanish, actor=carl, text="Cutover"), actor=ada, text="Team")

    texts = {language: printed(gate_of(spanish, 2), language) for language in LANGUAGES}

    said = {
        "es": [
            '<html lang="es">',
            "Informe de la fase 2: Instalación y configuración",
            "Qué se hizo y quién lo hizo",
            "MTA de destino instalado con la configuración generada",
            "Cada tarea terminada anota qué la demuestra",
            "<li>La supervisión no ha comenzado.</li>",
            "1 comprobación superada por decisión de la dirección",
            "2 tareas terminadas con lo que las demuestra",
            "Quién tiene que firmar",
            'data-draft="Borrador, no se firma"',
        ],
        "en": [
            '<html lang="en">',
            "Record of phase 2: Install + config",
            "What was done, and by whom",
            "<li>Monitoring has not begun.</li>",
            "Who has to sign",
            'data-draft="Draft, not for signature"',
        ],
    }
    for language, wanted in said.items():
        other = said["en" if language == "es" else "es"]
        assert [words for words in wanted if words not in texts[language]] == []
        assert [words for words in other if words in texts[language]] == []
        for written in ("Seen by hand: Monitoring has not begun.", "Seen in a test.", "<p>Cutover</p>", "<p>Team</p>"):
            assert written in texts[language]


def test_a_spanish_record_is_read_and_signed_in_spanish_and_so_is_its_receipt(spanish, ada, carl, client):
    document = put_up(spanish, 2, consultant=ada, customer=carl)
    client.force_login(carl)
    page = client.get(reverse("reports:document", args=[spanish.code, 2])).content.decode()

    statement = statement_for(gate_of(spanish, 2), document)
    sign(document, signer=carl, statement=statement.text)

    receipt = document_html("receipt", receipt_content(FrozenDocument.objects.get(pk=document.pk)), [])
    assert document.language == "es"
    assert '<article class="document" lang="es">' in page
    assert "Qué se hizo y quién lo hizo" in page
    assert statement.text.startswith("He leído el informe de la fase 2, versión 1, y lo firmo en nombre de Northlake")
    assert "Recibo: Informe de la fase 2: Instalación y configuración" in receipt
