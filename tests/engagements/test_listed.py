"""What the list of engagements tells, on the page and over the API."""

import pytest
from django.urls import reverse

from engagements.models import Gate
from tests.factories.engagements import make_engagement

pytestmark = pytest.mark.django_db


@pytest.fixture
def without_lead(northlake, sam, lea, ada):
    made = make_engagement(northlake, sales=sam, lead=lea, consultants=[ada], title="Northlake to KumoMTA")
    type(made).objects.filter(pk=made.pk).update(lead=None)
    return made


def test_the_page_tells_of_each_where_it_stands_and_who_leads_it(client, engagement, without_lead, olga):
    client.force_login(olga)

    page = client.get(reverse("engagements:list"))

    newest, oldest = page.context["rows"]
    assert oldest == {
        "code": engagement.code,
        "url": reverse("engagements:detail", args=[engagement.code]),
        "title": "Northlake to PowerMTA",
        "customer": "Northlake Logistics",
        "phase": engagement.get_phase_display(),
        "signed": "0 %",
        "lead": "Lea Moser",
    }
    assert (newest["code"], newest["lead"]) == (without_lead.code, "")
    assert "Nobody yet" in page.content.decode()


def test_the_api_tells_the_gates_in_their_order_and_no_lead_as_null(client, engagement, without_lead, olga):
    first = Gate.objects.get(engagement=engagement, number=1)
    Gate.objects.filter(pk=first.pk).update(state="open")  # written again: the table no longer holds it first
    client.force_login(olga)

    rows = client.get(reverse("api:engagements:engagements")).json()["results"]
    one = client.get(reverse("api:engagements:engagement", args=[engagement.code])).json()

    assert [row["code"] for row in rows] == [without_lead.code, engagement.code]
    assert [row["lead"] for row in rows] == [None, "Lea Moser"]
    assert one == rows[1]
    assert [gate["number"] for gate in one["gates"]] == [1, 2, 3, 4, 5]
    assert one["gates"][0]["state"] == "open"
