"""The paper of a quote in an engagement whose plan is Spanish, laid out for real; what people wrote stays."""

import io

import pytest
from pypdf import PdfReader

from engagements.models import Gate
from pricing.calculation.changes import LISTS, TEXTS
from pricing.calculation.facts import NOUNS, capitalized
from pricing.revisions import quote_snapshot
from reports.rendering import document_html, render_kind
from reports.sheets.phrases import say, say_value
from reports.sheets.words import Words
from tests.factories.pricing import MULTI_IP, STAY, advise_stay, make_request, make_sent_quote

pytestmark = pytest.mark.django_db

SPANISH = Words("es")


def paper_text(document):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(document.pdf))).pages).split())


def in_spanish(engagement):
    Gate.objects.filter(engagement=engagement, number=1).update(language="es")


@pytest.mark.parametrize("points", [MULTI_IP, STAY])
def test_a_quote_of_a_spanish_engagement_is_spanish_and_fits_on_two_pages(northlake, sam, carl, points):
    sent = make_sent_quote(northlake, actor=sam, points=points)
    assert sent.document.snapshot["language"] == "en"
    in_spanish(sent.engagement)

    content = quote_snapshot(sent)
    html = document_html("quote", content, ()).replace("\N{NO-BREAK SPACE}", " ")
    pdf = render_kind("quote", content)

    assert content["language"] == "es"
    assert '<html lang="es">' in html
    assert pdf.page_count <= 2
    for said in ("Precio fijo total", "En qué nos basamos", "Considerado y descartado", "Para aceptar"):
        assert said in html
    english = ("Total fixed fee", "What we sized", "Considered and", "To accept", "Included", "Valid until")
    assert [words for words in english if words in html] == []
    assert content["total"] not in html
    assert say(SPANISH, content["total"]) in html


def test_an_english_quote_says_what_it_said(northlake, sam, carl):
    html = document_html("quote", quote_snapshot(make_sent_quote(northlake, actor=sam)), ())

    for said in ("<h1>Multi-IP quote</h1>", "Total fixed fee", "Considered and rejected:", "What we sized this on"):
        assert said in html
    assert "Oferta" not in html


def test_the_advice_to_stay_is_spanish_and_its_note_stays(northlake, sam, carl):
    request = make_request(northlake, actor=sam, points=STAY)
    in_spanish(request.engagement)

    document = advise_stay(request, actor=sam, note="One stream, one IP. Nothing has been charged.")

    text = paper_text(document)
    assert (document.page_count, document.snapshot["language"]) == (1, "es")
    for said in ("Consejo de quedarse en Postfix", "No se ha cobrado nada.", "Vuelva a preguntar cuando", "Apagada"):
        assert said in text
    assert "One stream, one IP. Nothing has been charged." in text
    assert "Ask again when" not in text


def test_whatever_a_revision_can_change_is_named_in_spanish(northlake, sam, carl):
    nouns = [capitalized(many) for _, many in NOUNS.values()] + ["Team"]
    titles = [*LISTS.values(), *TEXTS.values(), "Tier", "Diagnosis", "Total fixed fee", "Valid until", *nouns]

    left = {title for title in titles if say(SPANISH, title) == title}

    assert left == {"Milters"}
    assert say(SPANISH, "Line: Multi-IP: up to 8 IPs, streams kept apart").startswith("Concepto: Multi-IP: hasta 8 IP")


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Thu 14 May 2026", "jue 14 may 2026"),
        ("Thu 14 May 2026, 23:59 GMT-5", "jue 14 may 2026, 23:59 GMT-5"),
        ("9,200,000", "9.200.000"),
        ("USD 28,500", "USD 28.500"),
        ("USD 60,000 to 80,000 a year", "USD 60.000 a 80.000 al año"),
        ("Somebody else wrote this", "Somebody else wrote this"),
    ],
)
def test_a_value_is_written_as_the_language_writes_it(english, spanish):
    assert say_value(SPANISH, english) == spanish
    assert say_value(Words(), english) == english
