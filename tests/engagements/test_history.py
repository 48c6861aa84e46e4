"""Everybody reads the history of their engagement, as far as it is theirs to know."""

import pytest
from django.db import transaction
from django.urls import reverse

from core.audit import record
from core.origin import Origin, acting_from
from pricing.domain.advise_stay import advise_stay
from tests.factories.discovery import add_finding, bare_upload
from tests.factories.pricing import STAY, make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(engagement, ada, carl, sam):
    finding = add_finding(bare_upload(engagement, actor=ada), 1)
    with transaction.atomic():
        with acting_from(Origin(ip_address="192.0.2.77")):
            record("finding.accepted", subject=finding, actor=ada)
            record("engagement.target_chosen", subject=engagement, actor=carl, after="KumoMTA", reason="It fits.")
        record("quote.drafted", subject=engagement, actor=sam, reference="Q-1", tier="Multi-IP")
        record("request.recorded", subject=engagement, actor=sam, known=4)
    return reverse("engagements:history", args=[engagement.code])


@pytest.mark.parametrize(
    ("person", "evidence", "drafts", "origins"),
    [("vera", 1, 0, 0), ("carl", 1, 0, 1), ("ada", 1, 1, 1), ("sam", 0, 1, 0), ("lea", 1, 1, 2)],
)
def test_the_history_tells_each_person_what_is_theirs_to_know(client, told, request, person, evidence, drafts, origins):
    client.force_login(request.getfixturevalue(person))

    page = client.get(told).text

    assert ("accepted F-001" in page) == bool(evidence)
    assert ("drafted Q-1" in page) == bool(drafts)
    assert ("recorded the request" in page) == bool(drafts)
    assert page.count("192.0.2.77") == origins


@pytest.mark.parametrize(("person", "status"), [("vera", 403), ("carl", 200)])
def test_the_advice_to_stay_names_money_and_is_not_for_a_viewer(client, northlake, sam, person, status, request):
    reader = request.getfixturevalue(person)
    advice = advise_stay(make_request(northlake, actor=sam, points=STAY), actor=sam, note="One IP is enough.")
    client.force_login(reader)
    code = advice.engagement.code

    page = client.get(reverse("engagements:document_pdf", args=[code, advice.pk]))
    listed = client.get(reverse("engagements:documents", args=[code])).context["documents"]

    assert page.status_code == status
    assert bool(listed) == (status == 200)
