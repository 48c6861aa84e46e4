import pytest
from django.urls import reverse

from core.addresses import addresses_of


@pytest.mark.parametrize("code", ["NL-2026-01", "987654321", "ümlaut", "50%", "a b", "it's (one)"])
def test_the_address_of_a_word_is_the_one_that_is_looked_up(code):
    assert addresses_of("engagements:detail")(code) == reverse("engagements:detail", args=[code])


def test_the_address_of_a_number_stands_behind_what_comes_before_it():
    assert addresses_of("engagements:gate", "987654321")(3) == reverse("engagements:gate", args=["987654321", 3])
