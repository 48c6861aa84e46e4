"""Who may act and sign for an organization is settled by somebody who has proved who they are a moment ago."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Membership
from core.errors import DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from tests.conftest import PASSWORD
from tests.factories.accounts import change_membership, end_membership, invite_person
from tests.proof import sign_in_long_ago

pytestmark = pytest.mark.django_db

SEAT = {
    "email": "ines@northlake.example",
    "full_name": "Ines Roth",
    "role": "contributor",
    "duties": ["sign_phase:4", "order_rollback"],
}
DUTIES = {"role": "finance", "duties": ["accept_quotes", "sign_phase:1"]}
STALE = pytest.mark.parametrize("age", [None, timedelta(hours=1)], ids=["no proof", "an hour"])


def url_of(name, membership):
    return reverse(f"accounts:{name}", args=[membership.organization_id, membership.pk])


def proved(age):
    return None if age is None else timezone.now() - age


def prove(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def traces():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def standing(membership):
    """Role and duties as they are stored now; nothing once it was ended."""
    found = Membership.objects.filter(pk=membership.pk).first()
    return found and (found.role, sorted(map(str, found.duties.all())))


def leads_to_the_proof(answer, page, anchor="%23sign"):
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_reauthenticate')}?next={page.replace('/', '%2F')}{anchor}"


@pytest.fixture
def veras(vera):
    return vera.memberships.get()


@STALE
def test_nobody_is_invited_on_an_old_proof(northlake, carl, age):
    before = traces()

    with pytest.raises(DomainError, match=r"Confirm who you are once more: .* Nothing was sent\."):
        invite_person(
            "ines@northlake.example", organization=northlake, role="viewer", authenticated_at=proved(age), actor=carl
        )

    assert not Invitation.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert traces() == before


@STALE
def test_neither_role_nor_duty_changes_on_an_old_proof(veras, carl, age):
    before = standing(veras), traces()

    with pytest.raises(DomainError, match=r"Confirm who you are once more: .* Nothing was changed\."):
        change_membership(veras, role="finance", duties=[("sign_phase", 1)], authenticated_at=proved(age), actor=carl)

    assert (standing(veras), traces()) == before
    assert not OutboxMessage.objects.exists()


@STALE
@pytest.mark.parametrize("who", ["olga", "carl"], ids=["another", "oneself"])
def test_no_membership_ends_on_an_old_proof_not_even_one_s_own(carl, who, age, request):
    found, actor = carl.memberships.get(), request.getfixturevalue(who)
    before = standing(found), traces()

    with pytest.raises(DomainError, match=r"Confirm who you are once more: .* Nothing was changed\."):
        end_membership(found, authenticated_at=proved(age), actor=actor)

    assert (standing(found), traces()) == before


def test_who_may_not_manage_people_is_told_that_and_asked_for_no_proof(northlake, carl, vera):
    with pytest.raises(Refused, match="you may not invite people"):
        invite_person("x@northlake.example", organization=northlake, role="viewer", authenticated_at=None, actor=vera)
    with pytest.raises(Refused, match="you may not invite people"):
        end_membership(carl.memberships.get(), authenticated_at=None, actor=vera)


def test_the_page_invites_after_the_proof_and_keeps_what_was_typed(client, northlake, carl):
    page = reverse("accounts:people", args=[northlake.pk])
    sign_in_long_ago(client, carl)
    before = traces()

    shown = client.get(page).content.decode()
    unproved = client.post(page, SEAT)
    kept = Invitation.objects.exists(), OutboxMessage.objects.exists(), traces()
    prove(client)
    back = client.get(page)
    form = back.context["form"]
    client.post(page, {name: form[name].value() for name in SEAT})

    leads_to_the_proof(unproved, page)
    assert kept == (False, False, before)
    assert "Inviting somebody needs a fresh proof" in shown
    assert "You have confirmed who you are. Nothing is sent yet." in back.content.decode()
    assert "needs a fresh proof" not in back.content.decode()
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.full_name, invitation.role) == (SEAT["email"], "Ines Roth", "contributor")
    assert invitation.duties == [["sign_phase", 4], ["order_rollback", None]]


def test_the_page_changes_role_and_duties_after_the_proof_and_keeps_what_was_chosen(client, carl, veras):
    page = url_of("membership", veras)
    sign_in_long_ago(client, carl)
    before = standing(veras), traces()

    shown = client.get(page).content.decode()
    unproved = client.post(page, DUTIES)
    kept = standing(veras), traces()
    prove(client)
    back = client.get(page)
    form = back.context["form"]
    client.post(page, {name: form[name].value() for name in DUTIES})

    leads_to_the_proof(unproved, page)
    assert kept == before
    assert "Changing a role or duties needs a fresh proof" in shown
    assert "You have confirmed who you are. Nothing is changed yet." in back.content.decode()
    assert standing(veras) == ("finance", ["Accepts quotes", "Signs phase 1"])


def test_the_page_ends_a_membership_after_the_proof(client, carl, veras):
    page = url_of("membership_end", veras)
    sign_in_long_ago(client, carl)
    before = standing(veras), traces()

    shown = client.get(page).content.decode()
    asked = client.post(page, {"prove": "1"})
    unproved = client.post(page)
    kept = standing(veras), traces()
    prove(client)
    back = client.get(page).content.decode()
    still = standing(veras)
    client.post(page)

    leads_to_the_proof(asked, page, anchor="")
    leads_to_the_proof(unproved, page, anchor="")
    assert (kept, still) == (before, before[0])
    assert "Ending a membership needs a fresh proof; it takes you back to this page." in shown
    assert "You have confirmed who you are. Nothing is ended yet." in back
    assert standing(veras) is None


def test_whoever_looks_at_the_page_with_a_fresh_proof_reads_of_none(client, carl, veras):
    client.force_login(carl)
    pages = [url_of("membership", veras), url_of("membership_end", veras)]
    pages.append(reverse("accounts:people", args=[veras.organization_id]))

    texts = [client.get(page).content.decode() for page in pages]

    assert not any("fresh proof" in text or "confirmed who you are" in text for text in texts)


def test_the_proof_comes_before_the_form_is_complete_and_nothing_strange_comes_back(client, northlake, carl, veras):
    """What is sent with the button beside the form is not checked yet and waits as it was typed."""
    sign_in_long_ago(client, carl)
    for page in (reverse("accounts:people", args=[northlake.pk]), url_of("membership", veras)):
        client.post(page, {"role": "emperor", "duties": ["sign_phase:x", "sign_phase:9"], "prove": "1"})

        back = client.get(page)

        assert back.status_code == 200
        assert "sign_phase:x" not in back.content.decode()


def test_duties_held_for_a_phase_that_was_not_bought_are_offered_after_the_proof_too(client, carl, veras, olga):
    change_membership(veras, role="viewer", duties=[("sign_phase", 5)], actor=olga)
    page = url_of("membership", veras)
    sign_in_long_ago(client, carl)

    offered = [code for code, _ in client.get(page).context["form"].fields["duties"].choices]
    client.post(page, {"role": "viewer"})
    back = client.get(page).context["form"]

    assert "sign_phase:5" in offered
    assert [code for code, _ in back.fields["duties"].choices] == offered
    assert back["duties"].value() == []


def test_one_s_own_role_is_refused_without_a_detour_over_the_proof(client, carl):
    sign_in_long_ago(client, carl)

    page = client.post(url_of("membership", carl.memberships.get()), {"role": "signatory"})

    assert page.status_code == 403
    assert "You may not change your own role or duties." in page.content.decode()
