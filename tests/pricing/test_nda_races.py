"""Two people at the same moment."""

import pytest

from core.audit import verify_chain
from core.errors import Conflict
from pricing.models import Nda, NdaSignature
from tests.factories.nda import choose_our_nda, fetch, hand_over, sign
from tests.threads import at_once, in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_sides_at_once_conclude_it_once(bare, carl, sam):
    nda = choose_our_nda(bare, actor=carl)

    found = at_once(lambda: sign(nda, carl), lambda: sign(nda, sam))

    assert {signed.side for signed in found} == {"customer", "practice"}
    assert fetch(nda).state == Nda.State.SIGNED
    assert list(verify_chain(bare.audit_chain)) == []


def test_two_colleagues_at_once_make_one_signature(bare, carl, sam, lea):
    nda = choose_our_nda(bare, actor=carl)

    found = at_once(lambda: sign(nda, sam), lambda: sign(nda, lea))

    assert sorted(isinstance(each, Conflict) for each in found) == [False, True]
    assert NdaSignature.objects.count() == 1


def test_the_same_person_twice_at_once_gets_one_signature(bare, carl):
    nda = choose_our_nda(bare, actor=carl)

    found = in_threads(2, lambda: sign(nda, carl))

    assert len({signed.pk for signed in found}) == 1


def test_who_signs_while_it_is_replaced_signs_what_was_read_or_nothing(bare, carl, sam):
    nda = choose_our_nda(bare, actor=carl)

    found = at_once(lambda: sign(nda, sam), lambda: hand_over(bare, actor=carl))

    assert fetch(nda).state == Nda.State.REPLACED
    signed = [one for one in found if isinstance(one, NdaSignature)]
    assert len(found) == 2
    assert [one.document_digest for one in NdaSignature.objects.all()] == [nda.digest] * len(signed)
    assert Nda.objects.current().get().kind == Nda.Kind.THEIRS
