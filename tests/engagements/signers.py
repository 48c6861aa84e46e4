"""More people of Northlake who may have to sign, and a document that waits for two of them in turn."""

import pytest

from accounts.domain.give_membership import give_membership
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.domain.submit_gate import submit_gate
from tests.engagements.journey import begin, do_tasks, gate_of
from tests.factories.accounts import UserFactory


def colleague(name, organization, olga, *, role="signatory", duties=(("sign_phase", 1),)):
    person = UserFactory(full_name=name, email=f"{name.split()[0].lower()}@northlake.example")
    give_membership(person, organization=organization, role=role, duties=list(duties), actor=olga)
    return person


@pytest.fixture
def petra(northlake, olga):
    """Budget owner of Northlake: signs phase 1 as well."""
    return colleague("Petra Lang", northlake, olga, role="finance")


@pytest.fixture
def in_turns(engagement, carl, petra, ada):
    """The plan of gate 1, out for Carl's signature first and Petra's after it."""
    begin(engagement, accepted_by=carl)
    do_tasks(engagement, 1, consultant=ada, customer=carl)
    gate = gate_of(engagement, 1)
    document = freeze_document(gate, prepare_document(gate), actor=ada)
    submit_gate(gate_of(engagement, 1), actor=ada, turns={carl.pk: 1, petra.pk: 2})
    return document


@pytest.fixture
def finn(in_turns, northlake, olga):
    """Given the duty after the document went out, so that he can stand in."""
    return colleague("Finn Aalto", northlake, olga)
