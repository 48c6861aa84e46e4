import pytest
from django.db import transaction

from core.domain.take_number import take_number
from core.models import Counter
from tests.threads import in_threads


@pytest.mark.django_db(transaction=True)
def test_numbers_taken_at_once_have_no_gap_and_no_double():
    found = in_threads(6, lambda: [take_number("quote-2026"), take_number("quote-2026")])

    assert sorted(number for pair in found for number in pair) == list(range(1, 13))
    assert Counter.objects.get(name="quote-2026").value == 12


@pytest.mark.django_db(transaction=True)
def test_a_number_that_was_not_used_is_given_again():
    with transaction.atomic():
        take_number("quote-2026")
        transaction.set_rollback(True)

    with transaction.atomic():
        assert take_number("quote-2026") == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_is_taken_inside_the_transaction_that_uses_it():
    with pytest.raises(RuntimeError, match="belongs inside the transaction"):
        take_number("quote-2026")

    assert not Counter.objects.exists()


def test_each_series_counts_by_itself(db):
    taken = [take_number("quote-2026"), take_number("signoff-2026"), take_number("quote-2026")]

    assert taken == [1, 1, 2]
