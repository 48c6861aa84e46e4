"""The pages of what is kept: shown with everything on them, taken, held and erased through their forms."""

import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core.jobs import run_job
from core.models import Job
from engagements.domain.ask_export import ask_customer_export
from engagements.domain.run_retention import tell_round
from engagements.domain.set_hold import lift_hold, set_hold
from engagements.models import DataExport, Erasure, LegalHold
from engagements.records import told_events
from tests.engagements.test_retention import LATER, over  # noqa: F401 (a fixture)
from tests.proof import sign_in, sign_in_long_ago

pytestmark = pytest.mark.django_db


def page(name, *arguments):
    return reverse(f"records:{name}", args=arguments)


def over_api(name, *arguments):
    return reverse(f"api:records:{name}", args=arguments)


def test_the_customers_manager_packs_and_takes_everything(client, engagement, northlake, carl):
    client.force_login(carl)

    client.post(page("export", northlake.pk))
    run_job(Job.objects.get(kind="export_records").pk)
    shown = client.get(page("customer", northlake.pk))
    taken = client.post(page("take", northlake.pk, DataExport.objects.get().pk))

    assert b"Take it away" in shown.content
    assert b"Legal holds" not in shown.content
    assert b"".join(taken.streaming_content).startswith(b"PK")


def test_the_owners_pack_is_not_on_the_customers_page_and_not_theirs_to_take(client, engagement, northlake, olga, carl):
    pack = ask_customer_export(northlake, actor=olga)
    run_job(pack.job_id)
    client.force_login(carl)

    shown = client.get(page("customer", northlake.pk))
    taken = client.post(page("take", northlake.pk, pack.pk))
    told = client.get(over_api("customer", northlake.pk)).json()
    taken_over_api = client.post(over_api("take", northlake.pk, pack.pk))

    assert b"Take it away" not in shown.content
    assert (taken.status_code, taken_over_api.status_code) == (404, 404)
    assert told["exports"] == []
    client.force_login(olga)
    assert b"Take it away" in client.get(page("customer", northlake.pk)).content
    assert [one["id"] for one in client.get(over_api("customer", northlake.pk)).json()["exports"]] == [pack.pk]


def test_why_something_is_held_is_told_to_whoever_may_erase(client, engagement, northlake, olga, carl):
    set_hold(northlake, engagement=engagement, reason="A court asked.", actor=olga)

    client.force_login(carl)
    customers = client.get(over_api("customer", northlake.pk)).json()
    client.force_login(olga)
    owners = client.get(over_api("customer", northlake.pk)).json()

    assert (customers["holds"], customers["obstacles"]) == (None, None)
    assert customers["rows"]
    assert owners["holds"][0]["reason"] == "A court asked."
    assert any("A court asked." in sentence for sentence in owners["obstacles"])


def test_the_history_tells_of_a_hold_to_the_practice_alone(engagement, northlake, olga, ada, carl):
    hold = set_hold(northlake, engagement=engagement, reason="A court asked.", actor=olga)
    lift_hold(hold, reason="The court is done.", actor=olga)

    told = [list(told_events(one, engagement).values_list("action", flat=True)) for one in (carl, ada)]

    assert "engagement.opened" in told[0]
    assert not {"hold.set", "hold.lifted"} & set(told[0])
    assert {"hold.set", "hold.lifted"} <= set(told[1])


def test_the_owner_sees_holds_and_sets_and_lifts_one(client, engagement, northlake, olga):
    client.force_login(olga)

    client.post(page("hold", northlake.pk), {"engagement": engagement.pk, "reason": "A court asked."})
    held = client.get(page("customer", northlake.pk))
    hold = LegalHold.objects.get()
    empty = client.post(page("lift", northlake.pk, hold.pk), {"reason": ""})
    client.post(page("lift", northlake.pk, hold.pk), {"reason": "The court is done."})

    assert b"A court asked." in held.content
    assert empty.status_code == 422
    hold.refresh_from_db()
    assert hold.lifted_because == "The court is done."


def test_what_stands_against_erasing_is_said_before_anything_is_typed(client, engagement, northlake, olga):
    client.force_login(olga)

    shown = client.get(page("erase_customer", northlake.pk)).content.decode()

    assert f"{engagement.code} is at “Intake”. It has to be completed or cancelled first." in shown
    assert "Erase for good" not in shown


def test_erasing_asks_for_a_fresh_proof_and_keeps_what_was_typed(client, over, northlake, olga):  # noqa: F811 (a fixture)
    sign_in_long_ago(client, olga)

    answer = client.post(page("erase_customer", northlake.pk), {"typed": northlake.name})

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not Erasure.objects.exists()


def test_a_mistyped_name_erases_nothing_and_the_right_one_erases(client, over, northlake, olga):  # noqa: F811 (a fixture)
    sign_in(client, olga)

    wrong = client.post(page("erase_customer", northlake.pk), {"typed": "Northlake"})
    right = client.post(page("erase_customer", northlake.pk), {"typed": northlake.name})
    run_job(Job.objects.get(kind="erase_records").pk)
    shown = client.get(page("customer", northlake.pk)).content.decode()

    assert wrong.status_code == 422
    assert "Type “Northlake Logistics” as it stands here. Nothing was erased." in wrong.content.decode()
    assert right["Location"] == page("customer", northlake.pk)
    assert "What is kept about Erased customer 1" in shown
    assert "Everything that is not kept for a reason was erased" in shown


def test_one_person_is_erased_from_their_membership(client, over, northlake, olga, carl):  # noqa: F811 (a fixture)
    sign_in(client, olga)
    member = carl.memberships.get().pk

    shown = client.get(page("erase_person", northlake.pk, member))
    client.post(page("erase_person", northlake.pk, member), {"typed": carl.email})
    run_job(Job.objects.get(kind="erase_records").pk)

    assert b"Erase Carl Brandt?" in shown.content
    carl.refresh_from_db()
    assert str(carl) == "Erased person 1"


def test_somebody_packs_their_own_data_and_nobody_elses(client, carl, vera):
    client.force_login(carl)
    client.post(page("own"))
    run_job(Job.objects.get(kind="export_records").pk)
    pack = DataExport.objects.get()

    assert b"Take it away" in client.get(page("own")).content
    client.force_login(vera)
    assert client.post(page("own_take", pack.pk)).status_code == 404


def test_the_next_round_is_shown_with_what_a_hold_takes_out_of_it(client, over, northlake, olga):  # noqa: F811 (a fixture)
    client.force_login(olga)
    empty = client.get(page("retention")).content.decode()

    with time_machine.travel(timezone.now() + LATER):
        tell_round()
        set_hold(northlake, reason="A court asked.", actor=olga)
    shown = " ".join(client.get(page("retention")).content.decode().split())

    assert "Nothing has had its time" in empty
    assert "Questions and comments" in shown
    assert re.search(r"Questions and comments.*?<td[^>]*>1</td>\s*<td[^>]*>0</td>", shown)
