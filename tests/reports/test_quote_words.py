"""What a quote on paper says of the ways to accept and to check it."""

import pytest
from django.urls import reverse

from core.languages import LANGUAGES
from reports.sheets.words import Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quote_names_the_address_where_its_file_is_checked(language):
    assert f" {reverse('verify:fingerprint')} " in Words(language)("quote.how_to_compare")


def test_a_quote_asks_nobody_to_sign_in_to_accept():
    said = Words("en")("quote.how_to_accept")

    assert "sign in" not in said
    assert "No account is needed" in said
