"""Somebody who belongs to no organization any more is found by the owner, and erased like everybody else."""

import pytest

from accounts.models import User
from core.audit import verify_chain
from core.jobs import run_job
from core.models import AuditEvent, Job
from engagements.models import Question
from tests.engagements.test_erasing import over  # noqa: F401 (a fixture)
from tests.engagements.test_kept_record_pages import page
from tests.factories.accounts import end_membership
from tests.laws.erased_world import erase_person
from tests.proof import sign_in

pytestmark = pytest.mark.django_db


def test_whoever_left_is_erased_also_where_others_wrote_of_them_and_they_never_acted(over, northlake, olga, vera, carl):  # noqa: F811 (a fixture)
    Question.objects.update(text="Does Vera Holm decide?")
    end_membership(vera.memberships.get(), actor=carl)
    vera.refresh_from_db()

    erase_person(vera, owner=olga)

    vera.refresh_from_db()
    assert (vera.full_name, vera.is_active) == ("Erased person 1", False)
    assert Question.objects.get().text == "Does Erased person 1 decide?"
    assert User.objects.get(pk=carl.pk).full_name == "Carl Brandt"
    words = [f"{event.actor_label} {event.subject_label} {event.data}" for event in AuditEvent.objects.all()]
    assert [text for text in words if "Vera Holm" in text or "vera@" in text] == []
    assert list(verify_chain("portal")) == list(verify_chain(over.audit_chain)) == []


def test_whoever_belongs_nowhere_any_more_is_found_and_erased(client, over, northlake, olga, carl, vera):  # noqa: F811 (a fixture)
    sign_in(client, olga)
    before = client.get(page("former")).content.decode()
    end_membership(vera.memberships.get(), actor=carl)

    listed = client.get(page("former")).content.decode()
    shown = client.get(page("erase_former", vera.pk)).content.decode()
    asked = client.post(page("erase_former", vera.pk), {"typed": vera.email})
    run_job(Job.objects.get(kind="erase_records").pk)

    vera.refresh_from_db()
    assert "Nobody" in before
    assert page("erase_former", vera.pk) in listed
    assert "carl@northlake.example" not in listed
    assert "Erase Vera Holm?" in shown
    assert f'href="{page("former")}">Keep everything' in shown
    assert asked["Location"] == page("former")
    assert str(vera) == "Erased person 1"
    assert "Erased person" not in client.get(page("former")).content.decode()
    assert client.get(page("erase_former", vera.pk)).status_code == 404


@pytest.mark.parametrize("who", ["carl", "lea", "ugo"])
def test_nobody_but_the_owner_finds_them(client, engagement, northlake, vera, carl, ugo, who, request):
    end_membership(vera.memberships.get(), actor=carl)
    client.force_login(request.getfixturevalue(who))

    assert client.get(page("former")).status_code == 403
    assert client.get(page("erase_former", vera.pk)).status_code == 404
