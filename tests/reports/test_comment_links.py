"""Where an open comment is named, one gets to it: by its number within the engagement."""

import re

import pytest
from django.urls import reverse

from engagements.models import Question
from reports.domain.comment_on_section import comment_on_section
from tests.engagements.journey import gate_of, put_up

pytestmark = pytest.mark.django_db


def test_each_page_that_names_an_open_comment_leads_to_it(begun, ada, carl, client, quick_paper):
    put_up(begun, 1, consultant=ada, customer=carl)
    comment = comment_on_section(gate_of(begun, 1), actor=carl, section="summary", text="Which one is meant?")
    Question.objects.filter(pk=comment.pk).update(number=comment.pk + 1000)
    its = reverse("engagements:question", args=[begun.code, comment.pk + 1000])
    questions = reverse("engagements:questions", args=[begun.code])

    def linked(reader, page):
        client.force_login(reader)
        found = re.findall(rf'href="({re.escape(questions)}\d+/)"', client.get(page).content.decode())
        return set(found), {client.get(url).status_code for url in found}

    at_gate = linked(ada, reverse("engagements:gate", args=[begun.code, 1]))
    at_signature = linked(carl, reverse("engagements:sign", args=[begun.code, 1]))
    at_document = linked(ada, reverse("reports:document", args=[begun.code, 1]))

    assert at_gate == at_signature == at_document == ({its}, {200})
