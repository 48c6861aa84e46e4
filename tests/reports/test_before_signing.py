"""What a signer reads last: in which language the document is, what moved, and what they themselves left open."""

import pytest
from django.urls import reverse

from engagements.domain.freeze_document import freeze_document, prepare_document
from reports.domain.choose_language import choose_language
from reports.domain.comment_on_section import comment_on_section
from tests.engagements.journey import gate_of, put_up
from tests.kept import kept
from tests.proof import sign_in

pytestmark = pytest.mark.django_db


@kept
def out(begun, ada, carl, quick_paper):
    """Version 1 in English, version 2 in Spanish, the second out for Carl's signature."""
    freeze_document(gate_of(begun, 1), prepare_document(gate_of(begun, 1)), actor=ada)
    choose_language(gate_of(begun, 1), actor=ada, language="es")
    put_up(begun, 1, consultant=ada, customer=carl)
    return begun


def test_the_page_names_the_language_and_the_open_comments_of_its_reader(client, out, carl, vera):
    gate = gate_of(out, 1)
    comment_on_section(gate, actor=carl, section="summary", text="Which of the two bounce mailboxes?")
    comment_on_section(gate, actor=vera, section="summary", text="Said by Vera.")
    sign_in(client, carl)

    page = " ".join(client.get(reverse("engagements:sign", args=[out.code, 1])).content.decode().split())

    assert "Language</dt><dd>Español</dd>" in page.replace("> ", ">").replace(" <", "<")
    assert "English is now Español" in page
    assert "en is now es" not in page
    assert "Which of the two bounce mailboxes?" in page
    assert "Said by Vera." not in page
    assert "1 open comment by others" in page
