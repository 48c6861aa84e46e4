"""Who reads a sealed receipt, and in which language each part of it is read out."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from core import documents
from reports.content.receipt import receipt_content
from reports.rendering import document_html
from tests.engagements.journey import put_up, sign
from tests.kept import kept
from tests.reports.test_receipt import issue, quick_plan  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db


@kept
def signed(begun, quick_plan, ada, carl):  # noqa: F811 (the fixture)
    return sign(put_up(begun, 1, consultant=ada, customer=carl), signer=carl)


@pytest.mark.parametrize("person", ["sam", "vera"])
def test_who_may_not_read_a_receipt_is_told_who_may_and_whom_to_ask(client, signed, request, person):
    receipt, code = issue().get(), signed.document.engagement.code
    client.force_login(request.getfixturevalue(person))

    page = client.get(reverse("engagements:document_pdf", args=[code, receipt.pk]))

    said = page.content.decode()
    assert page.status_code == 403
    assert "may ask for changes at Northlake" in said
    assert "(Carl Brandt)" in said
    assert "stands on the page of each signature. For more, ask" in said
    assert "you may not request changes" not in said


def languages_in(pdf):
    """Of every tag that says its own, with the text of nothing else."""
    found, waiting = [], [PdfReader(io.BytesIO(bytes(pdf))).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            found += [node["/Lang"]] if "/Lang" in node else []
            waiting += [node["/K"]] if "/K" in node else []
    return found


def test_an_english_declaration_in_a_spanish_receipt_is_tagged_as_english(signed):
    english = {"statement": "I have read Migration plan, version 1, and sign it for Northlake."}
    spanish = {"statement": "He leído el plan de migración, versión 1, y lo firmo en nombre de Northlake."}
    content = receipt_content(signed.document) | {"language": "es"}
    (one,) = content["signatures"]

    told = {
        language: languages_in(documents._renderers["receipt"](content | {"signatures": [one | said]}).pdf)
        for language, said in {"en": english, "es": spanish}.items()
    }

    assert set(told["en"]) == {"en"}
    assert set(told["es"]) == {"es"}
    assert f'<span lang="en">{english["statement"]}</span>' in document_html(
        "receipt", content | {"signatures": [one | english]}, ()
    )
