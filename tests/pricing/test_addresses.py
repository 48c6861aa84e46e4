"""From where somebody accepted a quote or signed the NDA is told to them and to whoever may open receipts."""

import pytest

from core.origin import Origin, acting_from
from tests.factories.nda import sign_both
from tests.factories.pricing import make_accepted_quote
from tests.pricing.pages import url_of

ADDRESS = "192.0.2.77"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("person", "is_told"), [("sam", False), ("carl", True), ("lea", True)])
def test_the_receipt_of_a_quote(client, northlake, sam, carl, request, person, is_told):
    with acting_from(Origin(ip_address=ADDRESS)):
        quote = make_accepted_quote(northlake, actor=sam, signatory=carl)
    client.force_login(request.getfixturevalue(person))

    page = client.get(url_of("receipt", quote.reference)).text

    assert quote.receipt in page
    assert (ADDRESS in page) == is_told


@pytest.mark.parametrize(("person", "told"), [("vera", 0), ("sam", 0), ("carl", 2), ("lea", 2)])
def test_the_receipt_of_an_nda(client, bare, carl, lea, request, person, told):
    with acting_from(Origin(ip_address=ADDRESS)):
        nda = sign_both(bare, customer=carl, practice=lea)
    reference = nda.signatures.get(signed_by=carl).reference
    client.force_login(request.getfixturevalue(person))

    page = client.get(url_of("nda_receipt", reference)).text

    assert reference in page
    assert page.count(ADDRESS) == told
