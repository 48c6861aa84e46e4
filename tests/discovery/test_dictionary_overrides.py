"""Overrides of the dictionary: proposed by one, reviewed by another, in force, replaced, withdrawn."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.domain.make_service_user import make_service_user
from accounts.permissions import Refused
from core.audit import describe
from core.errors import Conflict, DomainError
from core.jobs import run_job
from core.models import AuditEvent, Job
from discovery.domain.remake_translations import engagements_with
from discovery.domain.review_override import accept_override, reject_override, withdraw_override
from discovery.domain.translate_uploads import store_translations, translate_uploads
from discovery.host_mail import mail_of_hosts
from discovery.models import DictionaryOverride
from discovery.translation_inputs import inputs_digest, inputs_of
from discovery.translation_queries import is_up_to_date
from tests.discovery.database import everything_in_the_database
from tests.discovery.test_translation_pages import add_row
from tests.factories.discovery import propose, read, stored_translations
from tests.factories.engagements import make_engagement

pytestmark = pytest.mark.django_db

UNKNOWN = "message_size_limt"  # of the small estate: no parameter of Postfix


def letters_of(translations, name):
    return {one.target: one.rows.get(name=name, kind="parameter").letter for one in translations}


def newest(engagement):
    return list(engagement.translations.newest_of_each())


def remade(engagement):
    run_job(Job.objects.unfinished().get(kind="translate").pk)
    return newest(engagement)


def test_a_proposal_changes_nothing(engagement, ada):
    sets = stored_translations(engagement, actor=ada)
    Job.objects.all().delete()
    override = propose(actor=ada, engagement=engagement)

    assert (override.reference, override.version, override.state) == ("O-001", 1, "proposed")
    assert not Job.objects.exists()
    assert all(is_up_to_date(one) for one in sets)
    assert AuditEvent.objects.get(action="override.proposed").chain == f"engagement:{engagement.pk}"


def test_once_accepted_it_makes_the_translations_again(engagement, ada, lea):
    before = stored_translations(engagement, actor=ada)
    Job.objects.all().delete()
    override = accept_override(propose(actor=ada, engagement=engagement), actor=lea)
    after = remade(engagement)

    assert letters_of(before, UNKNOWN) == {"powermta": "not classified", "kumomta": "not classified"}
    assert letters_of(after, UNKNOWN) == {"powermta": "X", "kumomta": "C"}
    assert [one.unclassified_count for one in after] == [one.unclassified_count - 1 for one in before]
    row = after[0].rows.get(name=UNKNOWN)
    assert (row.override["author"], row.override["agreed_by"]) == (str(ada), str(lea))
    assert row.override["reason"] == override.reason
    assert not after[0].rows.exclude(name=UNKNOWN).exclude(override={}).exists()
    assert "O-001, version 1" in after[0].files.get(path="mta1/NOT-TRANSLATED.md").text
    assert AuditEvent.objects.get(action="override.accepted").data["remade"] == 1


def test_nobody_reviews_their_own(engagement, lea):
    override = propose(actor=lea, engagement=engagement)

    with pytest.raises(Refused, match="you may not review it"):
        accept_override(override, actor=lea)
    with pytest.raises(Refused, match="you may not review it"):
        reject_override(override, actor=lea, note="No.")
    override.refresh_from_db()
    assert override.state == "proposed"


def test_a_service_user_proposes_and_reviews_nothing(engagement, consultancy, olga, ada):
    robot = make_service_user(consultancy, name="Robot", role="lead", actor=olga).user
    own, override = propose(actor=robot, engagement=engagement), propose(actor=ada, engagement=engagement, name="other")

    with pytest.raises(Refused, match="You may not review overrides: Robot is a service user, not a person"):
        accept_override(override, actor=robot)
    with pytest.raises(Refused, match="You may not review overrides"):
        reject_override(override, actor=robot, note="No.")
    accepted = accept_override(own, actor=ada)

    override.refresh_from_db()
    assert (override.state, override.reviewed_by) == ("proposed", None)
    assert (accepted.state, accepted.proposed_by) == ("accepted", robot)


def test_the_database_refuses_a_review_by_the_author(engagement, ada):
    override = propose(actor=ada, engagement=engagement)

    with pytest.raises(IntegrityError, match="override_reviewed_by_another"), transaction.atomic():
        DictionaryOverride.objects.update(state="accepted", reviewed_by=ada, reviewed_at=override.proposed_at)


def test_what_was_said_is_not_written_over(engagement, ada):
    propose(actor=ada, engagement=engagement)

    for act in (lambda rows: rows.update(reason="Another."), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            act(DictionaryOverride.objects.all())
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        DictionaryOverride.objects.update(state="replaced")


def test_a_rejection_says_why_and_changes_nothing(engagement, ada, lea):
    stored_translations(engagement, actor=ada)
    Job.objects.all().delete()
    override = propose(actor=ada, engagement=engagement)

    with pytest.raises(DomainError, match="Say why O-001 is rejected"):
        reject_override(override, actor=lea, note=" ")
    rejected = reject_override(override, actor=lea, note="The manual says otherwise.")

    assert (rejected.state, rejected.reviewed_by) == ("rejected", lea)
    assert not Job.objects.exists()
    with pytest.raises(Conflict, match="O-001 is rejected: Lea Moser decided that"):
        accept_override(override, actor=lea)


def test_one_for_every_engagement_reaches_those_that_have_the_construct(engagement, ada, lea, northlake, sam):
    other = make_engagement(northlake, sales=sam, lead=lea)
    stored_translations(engagement, actor=ada)
    stored_translations(other, actor=lea, files={"etc/postfix/main.cf": "myhostname = a.example\n"})
    Job.objects.all().delete()

    accept_override(propose(actor=ada), actor=lea)

    assert [job.subject_id for job in Job.objects.filter(kind="translate")] == [str(engagement.pk)]
    assert inputs_of(other).overrides.find("parameter", UNKNOWN, "1").reach == "every engagement"


def test_a_value_is_compared_without_the_space_around_it_as_the_translation_does(engagement, ada, lea):
    stored_translations(engagement, actor=ada)
    newest = engagement.translations.newest_of_each().first()
    add_row(newest, 900, name="made_up", value=" yes ")
    override = propose(actor=ada, engagement=engagement, name="made_up", value="yes")
    other = propose(actor=ada, engagement=engagement, name="made_up", value="no")

    assert engagements_with(override) == [engagement]
    assert engagements_with(other) == []


def test_one_for_an_engagement_says_nothing_in_another(engagement, ada, lea, northlake, sam):
    accept_override(propose(actor=ada, engagement=engagement), actor=lea)

    assert inputs_of(engagement).overrides.find("parameter", UNKNOWN, "1").reference == "O-001"
    assert inputs_of(make_engagement(northlake, sales=sam)).overrides.find("parameter", UNKNOWN, "1") is None


def test_a_later_version_takes_the_place_of_the_earlier(engagement, ada, lea):
    first = accept_override(propose(actor=ada, engagement=engagement), actor=lea)
    second = propose(actor=lea, engagement=engagement, reason="Measured since.")
    with pytest.raises(Conflict, match="O-002 says something about the same already"):
        propose(actor=ada, engagement=engagement)

    accept_override(second, actor=ada)

    first.refresh_from_db()
    assert (first.state, first.ended_by, first.ended_reason) == ("replaced", ada, "Replaced by O-002")
    assert DictionaryOverride.objects.in_force().get().version == 2


def test_what_is_withdrawn_gives_way_to_the_published_entry(engagement, ada, lea):
    stored_translations(engagement, actor=ada)
    Job.objects.all().delete()
    override = accept_override(propose(actor=ada, engagement=engagement), actor=lea)
    remade(engagement)

    with pytest.raises(DomainError, match="Say why O-001 is withdrawn"):
        withdraw_override(override, actor=ada, reason="")
    withdrawn = withdraw_override(override, actor=ada, reason="The customer removed the line.")

    assert (withdrawn.state, withdrawn.reviewed_by) == ("withdrawn", lea)
    assert letters_of(remade(engagement), UNKNOWN) == {"powermta": "not classified", "kumomta": "not classified"}
    with pytest.raises(Conflict, match="O-001 is withdrawn: Ada Quint decided that"):
        withdraw_override(override, actor=lea, reason="Again.")


def test_a_proposal_is_withdrawn_by_its_author_alone(engagement, ada, lea):
    override = propose(actor=ada, engagement=engagement)

    with pytest.raises(Refused, match="Reject it"):
        withdraw_override(override, actor=lea, reason="Not needed.")

    assert withdraw_override(override, actor=ada, reason="Not needed.").reviewed_by is None


def test_what_is_decided_while_a_translation_is_made_is_in_the_next_one(engagement, ada, lea):
    read(engagement, actor=ada)
    Job.objects.all().delete()
    made = translate_uploads(engagement, tell=lambda *told: None)
    accept_override(propose(actor=ada, engagement=engagement), actor=lea)

    assert store_translations(engagement, made, actor=ada) == []
    assert letters_of(remade(engagement), UNKNOWN) == {"powermta": "X", "kumomta": "C"}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"kind": "asleep"}, "Choose the kind"),
        ({"name": " "}, "Name the construct"),
        ({"reason": ""}, "Say why the dictionary does not hold"),
        ({"source": ""}, "Say where that is written"),
        ({"value": "x" * 501}, "at most 500 characters"),
        ({"powermta": {"class": "N", "names": ["no-such-directive@domain"]}}, "not known of it"),
        ({"powermta": {"class": "X"}}, "powermta does not say what changes"),
        ({"powermta": {"class": "X", "loss": "x" * 4001}}, "at most 4,000 characters each"),
    ],
)
def test_what_cannot_be_is_refused_in_sentences(engagement, ada, said, fault):
    with pytest.raises(DomainError, match=fault):
        propose(actor=ada, engagement=engagement, **said)
    assert not DictionaryOverride.objects.exists()


def test_only_who_may_edit_the_dictionary_acts(engagement, ada, sam, carl):
    override = propose(actor=ada, engagement=engagement)

    for person in (sam, carl):
        with pytest.raises(Refused, match="you may not override the dictionary"):
            propose(actor=person, engagement=engagement)
        with pytest.raises(Refused, match="you may not override the dictionary"):
            accept_override(override, actor=person)


def test_who_sees_which(engagement, ada, lea, ugo, carl, otto):
    for reach in (engagement, None):
        propose(actor=ada, engagement=reach, name="waiting")
        accept_override(propose(actor=ada, engagement=reach), actor=lea)

    def seen(person):
        return [(each.name, each.engagement_id) for each in DictionaryOverride.objects.visible_to(person)]

    here, everywhere = (UNKNOWN, engagement.pk), (UNKNOWN, None)
    assert seen(ada) == [everywhere, ("waiting", None), here, ("waiting", engagement.pk)]
    assert seen(ugo) == [everywhere, ("waiting", None)]
    assert seen(carl) == [everywhere, here]
    assert seen(otto) == [everywhere]


def test_a_secret_in_the_words_of_an_override_or_of_its_review_is_kept_nowhere(engagement, ada, lea):
    secrets = [f"Zq7x9secret{letter}" for letter in "ABCDEFG"]
    said = [f"The password = {secret}" for secret in secrets]
    stored_translations(engagement, actor=ada)
    Job.objects.all().delete()
    first = propose(
        actor=ada,
        engagement=engagement,
        reason=said[0],
        source=said[1],
        powermta={"class": "X", "loss": said[2], "how": said[3]},
    )

    accept_override(first, actor=lea, note=said[4])
    sets = remade(engagement)
    reject_override(propose(actor=ada, engagement=engagement), actor=lea, note=said[5])
    withdraw_override(first, actor=lea, reason=said[6])

    first.refresh_from_db()
    assert first.reason.startswith("The password = [hidden/")
    assert all("[hidden/" in one.files.get(path="mta1/NOT-TRANSLATED.md").text for one in sets)
    assert [secret for secret in secrets if secret in everything_in_the_database()] == []


def test_the_history_tells_nobody_how_many_other_customers_it_concerns(engagement, ada, lea):
    stored_translations(engagement, actor=ada)

    override = accept_override(propose(actor=ada), actor=lea)
    withdraw_override(override, actor=lea, reason="Measured since.")

    told = [describe(event) for event in AuditEvent.objects.filter(chain="dictionary").order_by("sequence")]
    assert told[1:] == [
        f"{lea.full_label} accepted O-001 of {UNKNOWN} for every engagement",
        f"{lea.full_label} withdrew O-001 of {UNKNOWN}: Measured since.",
    ]


def test_an_override_that_comes_between_the_reads_leaves_the_set_out_of_date(engagement, ada, lea, monkeypatch):
    read(engagement, actor=ada)
    override = propose(actor=ada, engagement=engagement)

    def accept_meanwhile(*asked):
        accept_override(override, actor=lea)
        return mail_of_hosts(*asked)

    monkeypatch.setattr("discovery.translation_inputs.mail_of_hosts", accept_meanwhile)
    inputs = inputs_of(engagement)

    assert inputs.overrides.find("parameter", UNKNOWN, "1") is None
    assert inputs.digest != inputs_digest(engagement)
