import pytest
from django.urls import reverse

from pricing.models import Quote
from tests.factories.pricing import fetch
from tests.pricing.pages import url_of

pytestmark = pytest.mark.django_db

PEOPLE = ("nobody", "otto", "vera", "carl", "sam")


@pytest.mark.parametrize(
    ("name", "argument", "answers"),
    [
        ("pipeline", None, (302, 403, 403, 403, 200)),
        ("request_new", None, (302, 403, 403, 403, 200)),
        ("request", "code", (302, 404, 404, 404, 200)),
        ("request_edit", "code", (302, 404, 404, 404, 200)),
        ("stay", "code", (302, 404, 404, 404, 200)),
        ("engagement_quote", "code", (302, 404, 403, 302, 302)),
        ("quote", "reference", (302, 404, 403, 200, 200)),
        ("quote_pdf", "reference", (302, 404, 403, 200, 200)),
        ("revise", "reference", (302, 404, 403, 403, 200)),
        ("withdraw", "reference", (302, 404, 403, 403, 200)),
        ("decline", "reference", (302, 404, 403, 200, 403)),
        ("changed", "reference", (302, 404, 403, 200, 200)),
        ("send", "reference", (302, 404, 403, 403, 409)),
        ("receipt", "reference", (302, 404, 403, 404, 404)),
    ],
)
def test_each_page_answers_each_person(client, sent, name, argument, answers, request):
    subject = {"code": sent.engagement.code, "reference": sent.reference}.get(argument)
    url = url_of(name, subject) if subject else reverse(f"pricing:{name}")

    found = []
    for person in PEOPLE:
        client.logout()
        if person != "nobody":
            client.force_login(request.getfixturevalue(person))
        found.append(client.get(url).status_code)

    assert tuple(found) == answers


@pytest.mark.parametrize(("name", "status"), [("accept", 302), ("renew", 405)])
def test_nothing_acts_on_get(client, sent, carl, name, status):
    client.force_login(carl)

    page = client.get(url_of(name, sent.reference))

    assert page.status_code == status
    assert fetch(sent).state == "sent"


@pytest.mark.parametrize("name", ["draft", "preview"])
def test_working_out_and_drafting_are_posts(client, request_of_northlake, sam, name):
    client.force_login(sam)
    arguments = [request_of_northlake.engagement.code] if name == "draft" else []

    assert client.get(reverse(f"pricing:{name}", args=arguments)).status_code == 405
    assert not Quote.objects.exists()


def test_a_draft_is_not_there_for_the_customer(client, draft, carl):
    client.force_login(carl)

    assert client.get(url_of("quote", draft.reference)).status_code == 404
