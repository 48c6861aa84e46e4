"""From where somebody signed is told to the signer and to whoever may open receipts, on the page of proof."""

import pytest
from django.urls import reverse

from core.origin import Origin, acting_from
from tests.engagements.journey import begin, put_up, sign

ADDRESS = "192.0.2.77"
READERS = [("vera", False), ("sam", False), ("carl", True), ("ada", True), ("lea", True)]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


@pytest.mark.parametrize(("person", "is_told"), READERS)
def test_the_receipt_of_a_gate_tells_where_it_was_signed_to_who_may_open_receipts(
    client, engagement, ada, carl, request, person, is_told
):
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    with acting_from(Origin(ip_address=ADDRESS)):
        signoff = sign(document, signer=carl)
    client.force_login(request.getfixturevalue(person))

    page = client.get(reverse("engagements:receipt", args=[signoff.reference])).text

    assert signoff.reference in page
    assert (ADDRESS in page) == is_told
