"""What the checks say that a lead lets pass is said in Spanish, down to its day; names and what people wrote stay."""

import pytest

from core.languages import LANGUAGES
from delivery.preflight.book import load_book
from discovery.untold import NOTHING_READ, NOTHING_TRANSLATED
from reports.sheets.phrases import say
from reports.sheets.sentence_forms import form_of
from reports.sheets.words import Words, all_texts

SPANISH = Words("es")


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (NOTHING_READ, "Aún no se ha leído nada, así que esto no puede saberse."),
        (NOTHING_TRANSLATED, "Aún no se ha traducido nada, así que esto no puede saberse."),
        (
            "Finding F-002 has no answer: Own sending transports.",
            "El hallazgo F-002 no tiene respuesta: Transportes de envío propios.",
        ),
        ("Finding F-002 has no answer: A rule of before.", "El hallazgo F-002 no tiene respuesta: A rule of before."),
        (
            "Stream S-01 Billing is marked neither migrate nor stay.",
            "El flujo S-01 Billing no está marcado ni para migrar ni para quedarse.",
        ),
        (
            "G-001 milter x waits for the customer's decision (PowerMTA, mx1, main.cf:41).",
            "G-001 milter x espera la decisión del cliente (PowerMTA, mx1, main.cf:41).",
        ),
        (
            "The configuration shows 9 IPs; Multi-IP covers 8 IPs: a new quote is agreed before gate 1.",
            "La configuración muestra 9 IP; Multi-IP cubre 8 IP: se acuerda una oferta nueva antes de la puerta 1.",
        ),
        (
            "“Training held” is completed, but nothing was noted that shows it.",
            "«Formación impartida» está terminada, pero no se anotó nada que la demuestre.",
        ),
        (
            "“Condition of Carl Brandt: Training held” is completed, but nothing was noted that shows it.",
            "«Condición de Carl Brandt: Training held» está terminada, pero no se anotó nada que la demuestre.",
        ),
        ("Monitoring lasts 14 days: until Sun 31 May 2026.", "La supervisión dura 14 días: hasta el dom 31 may 2026."),
        (
            "The files of Translation 3 to PowerMTA have not been checked yet.",
            "Los archivos de la traducción 3 a PowerMTA aún no se han comprobado.",
        ),
        (
            "And 1,204 more lines stand against the files of Translation 3 to PowerMTA.",
            "Y 1.204 líneas más hablan contra los archivos de la traducción 3 a PowerMTA.",
        ),
        ("Decision 2 waits: Logs are missing or old.", "La decisión 2 espera: Faltan registros o son antiguos."),
        ("Decision 2 waits: Our own limit.", "La decisión 2 espera: Our own limit."),
        (
            "DNS was asked on Thu 14 May 2026, more than 7 days ago. Ask anew.",
            "Se preguntó al DNS el jue 14 may 2026, hace más de 7 días. Pregunte de nuevo.",
        ),
        ("northlake.example: There is no SPF record.", "northlake.example: No hay registro SPF."),
        (
            "northlake.example: It does not let every new address send: 192.0.2.1 gets fail, 192.0.2.2 gets none.",
            "northlake.example: No deja enviar a cada dirección nueva: 192.0.2.1 recibe fail, 192.0.2.2 recibe none.",
        ),
        (
            "northlake.example: northlake.example has no address, and bounces come back to it.",
            "northlake.example: northlake.example no tiene dirección, y los rebotes vuelven a él.",
        ),
        (
            "Translation 3 to KumoMTA: Nothing was attached for these files.",
            "traducción 3 a KumoMTA: No se adjuntó nada para estos archivos.",
        ),
        (
            "s1._domainkey.n.example: TXT of s1._domainkey.n.example has no answer: There is no such name.",
            "s1._domainkey.n.example: TXT de s1._domainkey.n.example no tiene respuesta: Ese nombre no existe.",
        ),
    ],
)
def test_what_a_check_said_in_spanish(english, spanish):
    assert say(SPANISH, english) == spanish
    assert say(Words(), english) == english


def test_what_the_preflight_asks_of_people_is_said_in_spanish():
    asked = [f"Nobody has answered this yet. {item.task}" for item in load_book().items]

    left = [
        text for text in asked if say(SPANISH, text).partition("Nadie lo ha respondido aún. ")[2] in {"", text[30:]}
    ]

    assert left == []


def test_a_place_of_a_sentence_stands_in_each_language():
    """A place that one language leaves out would swallow what the check said."""
    said = {key: texts for key, texts in all_texts().items() if key.startswith("phrase.said_")}

    places = {key: [set(form_of(texts[language]).names) for language in LANGUAGES] for key, texts in said.items()}

    assert len(said) > 60
    assert [key for key, (first, *others) in places.items() if any(each != first for each in others)] == []


def test_a_day_that_is_none_leaves_the_sentence_as_it_is():
    text = "Monitoring lasts 14 days: until the end of May."

    assert say(SPANISH, text) == text
