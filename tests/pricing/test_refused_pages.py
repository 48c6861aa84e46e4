"""A refusal comes back on the form with what was typed."""

import pytest
from django.urls import reverse

from core.errors import Conflict, DomainError
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db

WORDS = "Written with care, over half an hour."


@pytest.mark.parametrize("error", [Conflict("Somebody was first."), DomainError("Not so.")])
@pytest.mark.parametrize(
    ("page_of", "act", "typed"),
    [
        (("decline", "carl"), "answers.decline_quote", {"reason": "other", "text": WORDS}),
        (("changed", "carl"), "answers.ask_about_quote", {"text": WORDS}),
        (("withdraw", "sam"), "quotes.withdraw_quote", {"reason": WORDS}),
        (("stay", "sam"), "requests.request_advice", {"reason": WORDS}),
    ],
)
def test_a_refusal_comes_back_with_what_was_typed(client, sent, monkeypatch, page_of, act, typed, error, request):
    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(f"pricing.views.{act}", refuse)
    name, person = page_of
    client.force_login(request.getfixturevalue(person))

    page = client.post(url_of(name, sent.engagement.code if name == "stay" else sent.reference), typed)

    assert page.status_code == error.status_code
    assert error.reasons[0] in text_of(page)
    assert WORDS in text_of(page)


def test_a_code_with_a_nul_is_not_found(client, sam):
    client.force_login(sam)

    assert client.post(reverse("pricing:preview"), {"code": "E-\0"}).status_code == 404
