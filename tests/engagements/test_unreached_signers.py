"""Before something waits for somebody to whom mail comes back, the pages say so."""

import pytest
from django.urls import reverse

from core.domain.note_failure import note_failure
from engagements.domain.freeze_document import freeze_document, prepare_document
from tests.engagements.journey import begin, do_tasks, gate_of, put_up
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]
SAID = "they see what waits for them only when they sign in"


def fail(person):
    note_failure(person.email, said="5.1.1 unknown", is_dead=True, came_back=True)


@kept
def submitted(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


def test_the_page_that_asks_for_signatures_says_who_cannot_be_reached(client, engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    do_tasks(engagement, 1, consultant=ada, customer=carl)
    gate = gate_of(engagement, 1)
    freeze_document(gate, prepare_document(gate), actor=ada)
    client.force_login(ada)
    url = reverse("engagements:submit", args=[engagement.code, 1])
    before = client.get(url).content.decode()

    fail(carl)

    after = client.get(url).content.decode()
    assert SAID not in before
    assert after.count(SAID) == 1
    assert "Ask 1 person to sign" in after


def test_the_gate_says_beside_a_missing_signature_that_its_signer_cannot_be_reached(client, submitted, carl, ada):
    client.force_login(ada)
    url = reverse("engagements:gate", args=[submitted.engagement.code, 1])
    before = client.get(url).content.decode()

    fail(carl)

    assert SAID not in before
    assert client.get(url).content.decode().count(SAID) == 1
