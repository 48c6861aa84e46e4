"""Who may erase, what stands against it, and that a killed worker's erasure goes on where it stood."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Membership, Organization, User
from core.audit import verify_chain
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, AuditOrigin, Job, OutboxMessage
from core.origin import Origin, acting_from
from engagements.domain import erase_records
from engagements.domain.ask_erasure import ask_customer_erasure, ask_person_erasure
from engagements.domain.ask_question import ask_question
from engagements.domain.set_hold import lift_hold, set_hold
from engagements.erased_names import Names
from engagements.models import Engagement, Erasure, LegalHold, Question
from engagements.obstacles import obstacles_to
from tests.factories.engagements import make_engagement
from tests.laws.erased_world import cancel, erase_customer, erase_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def over(engagement, lea, carl):
    """The engagement, asked about and cancelled."""
    with acting_from(Origin(ip_address="203.0.113.9")):
        ask_question(engagement, actor=carl, text="Does Carl Brandt decide?", is_blocking=False)
    cancel(engagement, actor=lea)
    engagement.refresh_from_db()
    return engagement


def ask(organization, actor, **changed):
    asked = {"typed": organization.name, "authenticated_at": timezone.now(), "actor": actor, **changed}
    return ask_customer_erasure(organization, **asked)


def test_a_customer_is_not_erased_while_an_engagement_runs(engagement, northlake, olga):
    with pytest.raises(Conflict) as refused:
        ask(northlake, olga)

    assert refused.value.reasons == (
        f"{engagement.code} is at “Intake”. It has to be completed or cancelled first.",
        "Nothing was erased.",
    )
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("who", ["lea", "sam", "ada", "carl"])
def test_only_the_owner_of_the_practice_erases_and_holds(over, northlake, who, request):
    person = request.getfixturevalue(who)

    with pytest.raises(Refused):
        ask(northlake, person)
    with pytest.raises(Refused):
        set_hold(northlake, reason="A dispute", actor=person)

    assert not Erasure.objects.exists()
    assert not LegalHold.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"typed": "Northlake"}, "Type “Northlake Logistics” as it stands here."),
        ({"authenticated_at": None}, "Confirm who you are once more"),
        ({"authenticated_at": timezone.now() - timedelta(hours=1)}, "Confirm who you are once more"),
    ],
)
def test_it_needs_the_name_as_it_stands_and_a_fresh_proof(over, northlake, olga, changed, sentence):
    with pytest.raises(DomainError, match=sentence):
        ask(northlake, olga, **changed)

    assert not Job.objects.filter(kind="erase_records").exists()


def test_the_practice_itself_is_no_customer(olga, consultancy):
    with pytest.raises(DomainError, match="is the practice itself"):
        ask(consultancy, olga)


def test_nothing_is_erased_under_a_hold_and_lifting_it_opens_the_way(over, northlake, olga):
    hold = set_hold(northlake, engagement=over, reason="A court asked.", actor=olga)

    with pytest.raises(Conflict, match="A court asked"):
        ask(northlake, olga)
    lift_hold(hold, reason="The court is done.", actor=olga)

    assert ask(northlake, olga)
    told = AuditEvent.objects.filter(chain=over.audit_chain, action__startswith="hold.").values_list(
        "action", flat=True
    )
    assert list(told) == ["hold.set", "hold.lifted"]


def test_the_reason_of_a_hold_ends_before_what_is_said_of_it(over, northlake, olga):
    set_hold(northlake, reason="Claim pending", actor=olga)
    set_hold(northlake, engagement=over, reason="A court asked.", actor=olga)

    said = obstacles_to(northlake)

    assert any(sentence.endswith(": Claim pending. It has to be lifted first.") for sentence in said)
    assert any(sentence.endswith(": A court asked. It has to be lifted first.") for sentence in said)


def test_a_hold_stands_once_and_says_why_it_ends(over, northlake, olga):
    hold = set_hold(northlake, reason="A court asked.", actor=olga)

    with pytest.raises(Conflict, match="stands on Northlake Logistics already"):
        set_hold(northlake, reason="Again", actor=olga)
    with pytest.raises(DomainError, match="Say why it is lifted"):
        lift_hold(hold, reason=" ", actor=olga)

    assert LegalHold.objects.standing().get() == hold


def test_a_hold_set_meanwhile_stops_an_erasure_that_goes_on_once_it_is_lifted(over, northlake, olga, carl):
    erasure = ask(northlake, olga)
    erase_records.begin(erasure.pk)
    hold = set_hold(northlake, reason="A court asked.", actor=olga)

    with pytest.raises(Conflict, match="A court asked"):
        erase_records.erase_records(erasure.pk, lambda *_: None)

    assert Question.objects.exists()
    lift_hold(hold, reason="The court is done.", actor=olga)
    erase_records.erase_records(erasure.pk, lambda *_: None)
    assert not Question.objects.exists()
    assert list(verify_chain(over.audit_chain)) == []


class Killed(BaseException):
    """As a worker that is gone between two steps."""


def test_an_erasure_that_was_killed_goes_on_where_it_stood(over, northlake, olga, carl):
    erasure, steps = ask(northlake, olga), []

    def killed_at(number):
        def tell(done, title):
            steps.append(title)
            if len(steps) == number:
                raise Killed

        return tell

    for number in (2, 5, 9):
        with pytest.raises(Killed):
            erase_records.erase_records(erasure.pk, killed_at(number))
    erase_records.erase_records(erasure.pk, lambda *_: None)
    with transaction.atomic():
        done = erase_records.finish(erasure.pk)

    assert done.counts["rows"]["engagements.Question"] == 1
    assert done.counts["people"] == [carl.pk]
    carl.refresh_from_db()
    assert carl.full_name == "Erased person 1"
    assert list(verify_chain("portal")) == list(verify_chain(over.audit_chain)) == []


def test_the_people_of_an_erased_customer_cannot_sign_in_and_belong_nowhere(over, northlake, olga, carl, client):
    client.force_login(carl)

    erase_customer(northlake, owner=olga)

    assert client.get("/people/profile/").status_code == 302
    carl.refresh_from_db()
    assert (carl.is_active, carl.has_usable_password()) == (False, False)
    assert not Membership.objects.filter(user=carl).exists()
    assert not AuditOrigin.objects.filter(event__actor=carl).exists()
    assert Engagement.objects.get(pk=over.pk).title == "Erased"


def test_somebody_who_belongs_to_two_customers_stays_when_one_is_erased(over, northlake, olga, otto):
    Membership.objects.create(user=otto, organization=northlake, role="viewer")

    erase_customer(northlake, owner=olga)

    otto.refresh_from_db()
    assert otto.full_name == "Otto Brandl"
    assert [one.organization.name for one in otto.memberships.all()] == ["Beltane Retail"]


def test_one_person_is_erased_and_what_others_wrote_stays(over, northlake, olga, carl, vera):
    erase_person(carl, owner=olga)

    assert Question.objects.get().text == "Does Erased person 1 decide?"
    assert Question.objects.get().asked_by.full_name == "Erased person 1"
    assert User.objects.get(pk=vera.pk).full_name == "Vera Holm"
    assert Membership.objects.filter(organization=northlake).count() == 1
    words = [f"{event.actor_label} {event.subject_label} {event.data}" for event in AuditEvent.objects.all()]
    assert [text for text in words if "Carl Brandt" in text or "carl@" in text] == []
    assert list(verify_chain("portal")) == list(verify_chain(over.audit_chain)) == []


def test_a_replacement_that_holds_the_name_is_put_once(over, northlake, olga, carl):
    names = Names({}, {"Contact": "Erased contact"})

    once = names.replace("Ask Contact, not a contractor.")

    assert once == "Ask Erased contact, not a contractor."
    assert names.replace(once) == once


def test_a_person_who_is_called_as_what_replaces_them_is_erased_in_the_end(over, northlake, olga, carl):
    User.objects.filter(pk=carl.pk).update(full_name="Person")
    Question.objects.update(text="Does Person decide?")
    carl.refresh_from_db()

    erase_person(carl, owner=olga)

    assert Question.objects.get().text == "Does Erased person 1 decide?"


def test_jobs_and_mails_of_others_keep_their_words(over, northlake, olga, carl, otto):
    beltane = otto.memberships.get().organization
    said = {"kind": "told", "arguments": {"said": "Carl Brandt"}}
    others = Job.objects.create(subject_type="accounts.Organization", subject_id=str(beltane.pk), actor=otto, **said)
    theirs = Job.objects.create(subject_type="accounts.Organization", subject_id=str(northlake.pk), actor=olga, **said)
    mail = OutboxMessage.objects.create(
        kind="told",
        recipient=otto,
        address=otto.email,
        subject="Carl Brandt",
        reference_type="accounts.User",
        reference_id=str(otto.pk),
    )

    erase_person(carl, owner=olga)

    for each in (others, theirs, mail):
        each.refresh_from_db()
    assert others.arguments == {"said": "Carl Brandt"}
    assert theirs.arguments == {"said": "Erased person 1"}
    assert mail.subject == "Carl Brandt"


def test_a_namesake_keeps_their_name_and_the_erased_lose_it_in_what_they_did(
    over, northlake, olga, carl, otto, sam, lea, ada
):
    User.objects.filter(pk=otto.pk).update(full_name="carl brandt")
    beltane = otto.memberships.get().organization
    other = make_engagement(beltane, sales=sam, lead=lea, consultants=[ada], title="Beltane to KumoMTA")
    ask_question(other, actor=User.objects.get(pk=otto.pk), text="Mine", is_blocking=False)

    erase_person(carl, owner=olga)

    of_carl = AuditEvent.objects.filter(actor=carl, action="question.asked").get()
    of_otto = AuditEvent.objects.filter(actor=otto, action="question.asked").get()
    assert of_carl.actor_label.startswith("Erased person 1 ")
    assert "Carl Brandt" not in str(of_carl.data)
    assert of_otto.actor_label.startswith("carl brandt ")
    assert Question.objects.get(asked_by=carl).text == "Does Carl Brandt decide?"
    assert list(verify_chain("portal")) == list(verify_chain(over.audit_chain)) == []


def test_a_name_that_another_customer_has_is_theirs(over, northlake, olga, carl):
    Organization.objects.create(name="Carl Brandt", kind=Organization.Kind.CUSTOMER)

    erase_person(carl, owner=olga)

    assert Question.objects.get().text == "Does Carl Brandt decide?"
    assert Organization.objects.filter(name="Carl Brandt").exists()


def test_a_person_is_not_erased_while_they_work_or_are_held(engagement, northlake, olga, carl, ada):
    with pytest.raises(Conflict) as running:
        ask_person_erasure(carl, typed=carl.email, authenticated_at=timezone.now(), actor=olga)
    with pytest.raises(Conflict) as team:
        ask_person_erasure(ada, typed=ada.email, authenticated_at=timezone.now(), actor=olga)

    assert running.value.reasons[0].startswith(f"{engagement.code} is at “Intake”")
    assert team.value.reasons[:2] == (
        f"Ada Quint is on the team of {engagement.code}. Give it to somebody else first.",
        "Ada Quint belongs to Email Migration Practice. End the membership first.",
    )


def test_what_is_written_once_is_still_refused_everywhere_else(over, northlake, olga):
    erase_customer(northlake, owner=olga)

    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.filter(chain=over.audit_chain).update(actor_label="Somebody")


def test_a_customer_is_erased_once(over, northlake, olga):
    erase_customer(northlake, owner=olga)
    northlake.refresh_from_db()

    with pytest.raises(Conflict, match="is erased already"):
        ask(northlake, olga)
