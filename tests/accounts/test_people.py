import pytest
from django.urls import reverse

from accounts.domain.give_membership import give_membership
from accounts.models import Duty, Invitation, Membership, Organization
from core.errors import DomainError, Refused
from core.models import AuditEvent
from tests.factories.accounts import change_membership
from tests.factories.engagements import make_engagement

pytestmark = pytest.mark.django_db


def membership_of(person, organization):
    return Membership.objects.get(user=person, organization=organization)


def url_of(name, organization, *more):
    return reverse(f"accounts:{name}", args=[organization.pk, *more])


@pytest.mark.parametrize("person", ["sam", "lea", "olga"])
def test_the_practice_sees_every_organization(person, northlake, otto, request):
    reader = request.getfixturevalue(person)

    assert Organization.objects.visible_to(reader).count() == 3


def test_a_consultant_sees_the_practice_and_the_customers_they_work_for(
    engagement, consultancy, northlake, sam, lea, ada, otto
):
    make_engagement(northlake, sales=sam, lead=lea, consultants=[ada], title="The second estate")

    assert list(Organization.objects.visible_to(ada).order_by("pk")) == [consultancy, northlake]


@pytest.mark.parametrize("model", [Membership, Duty, Invitation])
def test_a_consultant_on_no_engagement_sees_nobody_of_a_customer(engagement, northlake, ada, ugo, ines, model):
    path = "membership__organization" if model is Duty else "organization"

    assert model.objects.visible_to(ada).filter(**{path: northlake}).exists()
    assert not model.objects.visible_to(ugo).filter(**{path: northlake}).exists()


def test_the_people_of_a_customer_are_not_found_by_a_consultant_on_no_engagement(client, engagement, northlake, ugo):
    client.force_login(ugo)

    assert client.get(url_of("people", northlake)).status_code == 404


def test_customers_see_their_own_organization(northlake, vera, otto):
    assert list(Organization.objects.visible_to(vera)) == [northlake]
    assert northlake not in Organization.objects.visible_to(otto)


def test_a_viewer_sees_members_and_duties_but_no_form(client, northlake, vera, carl):
    client.force_login(vera)

    page = client.get(url_of("people", northlake))

    text = page.content.decode()
    assert page.status_code == 200
    assert all(words in text for words in ("Carl Brandt", "Signatory", "Accepts quotes", "Vera Holm"))
    assert page.context["form"] is None
    assert "Invite somebody" not in text


def test_strangers_do_not_learn_that_an_organization_exists(client, northlake, consultancy, otto):
    client.force_login(otto)

    assert client.get(url_of("people", northlake)).status_code == 404
    assert client.get(url_of("people", consultancy)).status_code == 404


def test_inviting_in_the_browser_keeps_a_seat(client, northlake, carl):
    client.force_login(carl)
    typed = {"email": "ines@northlake.example", "role": "viewer", "duties": ["sign_phase:4", "order_rollback"]}

    page = client.post(url_of("people", northlake), typed, follow=True)

    invitation = Invitation.objects.get()
    assert invitation.duties == [["sign_phase", 4], ["order_rollback", None]]
    assert page.redirect_chain == [(url_of("people", northlake), 302)]
    assert "ines@northlake.example has mail with the link." in page.content.decode()


def test_a_refused_invitation_keeps_what_was_typed(client, northlake, carl, vera):
    client.force_login(carl)
    typed = {"email": vera.email, "full_name": "Vera Again", "role": "finance", "duties": ["sign_phase:2"]}

    page = client.post(url_of("people", northlake), typed)

    text = page.content.decode()
    assert page.status_code == 422
    assert "is a member of Northlake Logistics already" in text
    assert 'value="Vera Again"' in text
    assert 'value="sign_phase:2"' in text
    assert not Invitation.objects.exists()


def test_an_invitation_needs_an_address_and_a_role(client, northlake, carl):
    client.force_login(carl)

    page = client.post(url_of("people", northlake), {"full_name": "Ines Roth"})

    assert page.status_code == 422
    assert page.context["form"].errors == {
        "email": ["Enter the address the invitation goes to."],
        "role": ["Choose a role."],
    }
    assert not Invitation.objects.exists()


def test_a_viewer_cannot_invite_by_sending_the_form(client, northlake, vera):
    client.force_login(vera)

    page = client.post(url_of("people", northlake), {"email": "x@northlake.example", "role": "viewer"})

    assert page.status_code == 403
    assert "you may not invite people and give duties" in page.content.decode()
    assert not Invitation.objects.exists()


def test_the_form_offers_the_roles_and_duties_of_its_side(client, northlake, consultancy, sam):
    client.force_login(sam)

    customer = client.get(url_of("people", northlake)).context["form"]
    own = client.get(url_of("people", consultancy)).context["form"]

    assert [role for role, _ in customer.fields["role"].choices] == [
        "",
        "signatory",
        "finance",
        "contributor",
        "viewer",
    ]
    assert len(customer.fields["duties"].choices) == 7
    assert [role for role, _ in own.fields["role"].choices] == ["", "sales"]
    assert [label for _, label in own.fields["duties"].choices] == ["May order a rollback"]


def test_a_change_in_the_browser_replaces_role_and_duties(client, northlake, carl, vera):
    found = membership_of(vera, northlake)
    client.force_login(carl)

    shown = client.get(url_of("membership", northlake, found.pk))
    client.post(url_of("membership", northlake, found.pk), {"role": "finance", "duties": ["accept_quotes"]})

    found.refresh_from_db()
    assert shown.context["form"].initial == {"role": "viewer", "duties": []}
    assert found.role == "finance"
    assert [str(duty) for duty in found.duties.all()] == ["Accepts quotes"]


def test_a_change_is_recorded_with_both_sides(northlake, carl, vera):
    change_membership(membership_of(vera, northlake), role="finance", duties=[("sign_phase", 2)], actor=carl)

    event = AuditEvent.objects.get(action="membership.changed")
    assert (event.data["before"], event.data["after"]) == ("Viewer", "Finance (Signs phase 2)")


@pytest.mark.parametrize(
    ("person", "role", "sentence"),
    [
        ("carl", "signatory", "Ask sales or a lead at Email Migration Practice."),
        ("sam", "sales", "Ask Lea Moser or Olga Ferrer."),
    ],
)
def test_nobody_changes_their_own_duties_and_is_told_who_can(client, lea, person, role, sentence, request):
    reader = request.getfixturevalue(person)
    found = reader.memberships.get()
    where = found.organization
    before = [str(duty) for duty in found.duties.all()]
    client.force_login(reader)

    shown = client.get(url_of("membership", where, found.pk))
    page = client.post(url_of("membership", where, found.pk), {"role": role, "duties": ["order_rollback"]})

    assert f"You may not change your own role or duties. {sentence}" in shown.content.decode()
    assert "Save role and duties" not in shown.content.decode()
    assert page.status_code == 403
    assert f"You may not change your own role or duties. {sentence}" in page.content.decode()
    assert [str(duty) for duty in found.duties.all()] == before


def test_a_signatory_and_the_practice_name_the_signers_of_a_customer(northlake, carl, vera, sam):
    change_membership(membership_of(vera, northlake), role="viewer", duties=[("sign_phase", 1)], actor=carl)
    change_membership(membership_of(carl, northlake), role="signatory", duties=[("sign_phase", 2)], actor=sam)

    assert [duty.phase for duty in membership_of(vera, northlake).duties.all()] == [1]
    assert [duty.phase for duty in membership_of(carl, northlake).duties.all()] == [2]


def test_changing_nothing_leaves_no_trace(northlake, carl, vera):
    change_membership(membership_of(vera, northlake), role="viewer", actor=carl)

    assert not AuditEvent.objects.filter(action="membership.changed").exists()


@pytest.mark.parametrize("act", ["membership", "membership_end"])
def test_a_viewer_cannot_change_anybody(client, northlake, vera, carl, act):
    found = membership_of(carl, northlake)
    client.force_login(vera)

    page = client.post(url_of(act, northlake, found.pk), {"role": "viewer"})

    assert page.status_code == 403
    found.refresh_from_db()
    assert found.role == "signatory"


def test_a_member_of_another_organization_is_not_found_under_this_one(client, northlake, lea, otto):
    found = otto.memberships.get()
    client.force_login(lea)

    assert client.get(url_of("membership", northlake, found.pk)).status_code == 404
    assert client.post(url_of("membership_end", northlake, found.pk)).status_code == 404
    assert otto.memberships.count() == 1


def test_a_lead_cannot_take_a_role_above_their_own(consultancy, lea, olga):
    with pytest.raises(Refused, match="you may not give or take the role owner"):
        change_membership(membership_of(olga, consultancy), role="lead", actor=lea)
    with pytest.raises(Refused, match="you may not give or take the role owner"):
        change_membership(membership_of(lea, consultancy), role="owner", actor=lea)

    assert membership_of(olga, consultancy).role == "owner"


@pytest.mark.parametrize(
    "duties", [[("sign_phase", None)], [("sign_phase", 6)], [("accept_quotes", 1)], [("fly", None)]]
)
def test_a_duty_nobody_knows_is_refused_in_words(northlake, carl, vera, duties):
    with pytest.raises(DomainError, match="There is no such duty"):
        change_membership(membership_of(vera, northlake), role="viewer", duties=duties, actor=carl)


def test_an_invitation_is_withdrawn_in_the_browser_by_a_post(client, northlake, carl, ines):
    invitation, _ = ines
    client.force_login(carl)
    url = url_of("invitation_withdraw", northlake, invitation.pk)

    seen = client.get(url)
    assert Invitation.objects.open().exists()
    client.post(url)

    assert seen.status_code == 405
    assert not Invitation.objects.open().exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_member_and_for_three(
    client, northlake, carl, olga, count, django_assert_num_queries
):
    from tests.factories.accounts import UserFactory

    for user in UserFactory.create_batch(count):
        give_membership(user, organization=northlake, role="viewer", duties=[("sign_phase", 1)], actor=olga)
    client.force_login(carl)
    client.get(url_of("people", northlake))

    with django_assert_num_queries(11):  # two of them raise and lower the second guard
        page = client.get(url_of("people", northlake))

    assert page.context["members"].count() == count + 1
