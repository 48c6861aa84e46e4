"""From where somebody accepted a quote or signed the NDA is told to them and to whoever may open receipts."""

import pytest

from core.origin import Origin, acting_from
from tests.factories.nda import choose_our_nda, sign
from tests.factories.pricing import accept_quote, consent, fetch, make_sent_quote
from tests.pricing.pages import url_of

ADDRESS = "192.0.2.77"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("person", "is_told"), [("sam", False), ("carl", True), ("lea", True)])
def test_the_receipt_of_a_quote(client, northlake, sam, carl, request, person, is_told):
    sent = make_sent_quote(northlake, actor=sam)
    with acting_from(Origin(ip_address=ADDRESS)):
        quote = fetch(accept_quote(sent, actor=carl, consent=consent(sent)))
    client.force_login(request.getfixturevalue(person))

    page = client.get(url_of("receipt", quote.reference)).text

    assert quote.receipt in page
    assert (ADDRESS in page) == is_told


@pytest.mark.parametrize(("person", "told"), [("vera", 0), ("sam", 0), ("carl", 2), ("lea", 2)])
def test_the_receipt_of_an_nda(client, bare, carl, lea, request, person, told):
    nda = choose_our_nda(bare, actor=carl)
    with acting_from(Origin(ip_address=ADDRESS)):
        for person_of_a_side in (carl, lea):
            sign(nda, person_of_a_side)
    reference = nda.signatures.get(signed_by=carl).reference
    client.force_login(request.getfixturevalue(person))

    page = client.get(url_of("nda_receipt", reference)).text

    assert reference in page
    assert page.count(ADDRESS) == told
