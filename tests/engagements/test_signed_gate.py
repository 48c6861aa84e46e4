"""Whether its document still tells what holds is worked out for a gate until the last signature stands."""

import pytest

from engagements import gates, own_checks
from tests.engagements.journey import begin, gate_of, put_up, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


@pytest.fixture
def compared(monkeypatch):
    """The documents that were held against the records."""
    documents, is_current = [], own_checks.is_current

    def watched(document, gate):
        documents.append(document)
        return is_current(document, gate)

    monkeypatch.setattr(own_checks, "is_current", watched)
    return documents


def is_frozen(engagement):
    return next(one.holds for one in gates.results(gate_of(engagement, 1)) if one.check.key == "document_frozen")


def test_a_document_is_held_against_the_records_while_it_is_out_and_no_more_once_it_is_signed(
    engagement, ada, carl, compared
):
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    compared.clear()

    holds_out = is_frozen(engagement)
    while_out = list(compared)
    sign(document, signer=carl)
    compared.clear()
    holds_signed = is_frozen(engagement)

    assert gate_of(engagement, 1).state == "signed"
    assert (holds_out, while_out) == (True, [document])
    assert (holds_signed, compared) == (True, [])
