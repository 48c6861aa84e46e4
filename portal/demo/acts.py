"""What the people of the demo do. Every act calls the domain function that the pages call."""

from dataclasses import fields
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.domain.change_membership import change_membership
from accounts.models import Duty, Organization, User
from core.jobs import run_job
from core.models import Job
from discovery.domain.accept_finding import accept_finding
from discovery.domain.answer_selection import SelectionText, answer_selection
from discovery.domain.complete_dossier import complete_dossier
from discovery.domain.decide_gaps import decide_gaps
from discovery.domain.lock_dossier import DossierFacts
from discovery.domain.receive_upload import receive_upload
from discovery.domain.recommend_choice import recommend_choice
from discovery.domain.route_streams import route_streams
from discovery.domain.save_answers import Written, save_answers
from discovery.gaps import groups_of, targets_of
from discovery.models import Dossier, Finding, Gap, Stream
from discovery.questionnaire import questionnaire_of
from discovery.questions.values import Given
from engagements.domain.assign_team import assign_team
from engagements.domain.choose_target import choose_target
from engagements.domain.complete_task import complete_task
from engagements.domain.delegate_signature import delegate_signature
from engagements.domain.keep_evidence import Signature
from engagements.domain.set_reservations import ConditionText, Reservations
from engagements.domain.sign_document import sign_document
from engagements.domain.submit_gate import submit_gate
from engagements.models import Engagement, FrozenDocument, Gate, GateTask
from engagements.statements import Statement, statement_for
from portal.demo.cast import seat
from portal.demo.estates import bundle
from pricing.calculation.facts import CustomComponents, DataPoints, Team
from pricing.consent import consent_to
from pricing.domain.accept_quote import accept_quote
from pricing.domain.choose_nda import request_our_nda
from pricing.domain.draft_quote import draft_quote
from pricing.domain.record_request import Contact, NewCustomer, record_request
from pricing.domain.send_quote import draft_digest, request_sending
from pricing.domain.sign_nda import sign_nda
from pricing.models import Nda, Quote, Request
from pricing.nda_content import nda_statement
from reports.domain.request_freeze import request_freeze

Staff = dict[str, User]


def ask_for_nda(engagement: Engagement, *, signatory: User) -> Nda:
    """The practice's text, chosen and signed by the customer."""
    work_off(request_our_nda(engagement, actor=signatory))
    nda: Nda = Nda.objects.select_related("engagement__organization").current().get(engagement=engagement)
    statement = nda_statement(engagement.organization)
    sign_nda(nda, actor=signatory, signature=_signature(signatory, statement, digest=nda.digest))
    return nda


def countersign(nda: Nda, *, staff: Staff) -> None:
    signer, statement = staff["sales"], nda_statement(Organization.objects.consultancy())
    sign_nda(nda, actor=signer, signature=_signature(signer, statement, digest=nda.digest))


def ask(customer: dict[str, Any], *, staff: Staff) -> tuple[Request, dict[str, User]]:
    """A customer asks: the request with its four data points, and their people."""
    first = customer["people"][0]
    request = record_request(
        NewCustomer(name=customer["name"], time_zone=customer["time_zone"]),
        actor=staff["sales"],
        contact=Contact(name=first["name"], email=first["email"], source=Request.Source.WEBSITE),
        points=_points(customer["points"]),
    )
    organization = request.engagement.organization
    people = {facts["role"]: seat(organization, facts, actor=staff["owner"]) for facts in customer["people"]}
    return request, people


def _points(facts: dict[str, Any]) -> DataPoints:
    shape = {key: facts[key] for key in ("month", "peak", "ips", "pools", "streams", "tenants", "domains")}
    parts = {key: facts[key] for key in ("milters", "bounce", "fbl", "other")}
    return DataPoints(**shape, components=CustomComponents(**parts), team=Team(facts["team"]))


def quote(request: Request, *, staff: Staff) -> Quote:
    draft = draft_quote(request, actor=staff["sales"])
    proved, shown = timezone.now(), draft_digest(draft)
    work_off(request_sending(draft, actor=staff["sales"], authenticated_at=proved, shown_digest=shown))
    sent: Quote = Quote.objects.select_related("engagement__organization", "document").get(pk=draft.pk)
    return sent


def accept(sent: Quote, *, signatory: User, staff: Staff, target: str) -> Engagement:
    digest = sent.document.digest if sent.document else ""
    consent = consent_to(sent, shown_digest=digest)
    accept_quote(sent, actor=signatory, authenticated_at=timezone.now(), consent=consent)
    engagement = Engagement.objects.get(pk=sent.engagement_id)
    assign_team(engagement, lead=staff["lead"], consultants=[staff["consultant"]], actor=staff["lead"])
    reason = "Chosen with the customer on the first call."
    return choose_target(engagement, target=target, reason=reason, actor=staff["consultant"])


def read_estate(engagement: Engagement, *, sample: str, host: str, actor: User) -> None:
    upload = receive_upload(
        engagement, filename=f"{sample}.tar.gz", content_file=bundle(sample), host_label=host, actor=actor
    )
    work_off(upload.job)
    work_off(Job.objects.filter(kind="translate").exclude(state=Job.State.DONE).first())
    for check in Job.objects.filter(kind="check_translation").exclude(state=Job.State.DONE):
        work_off(check)


def work_off(job: Job | None) -> None:
    """Do a job here and now, as the worker would. Raises RuntimeError when it is not done at once."""
    if job is None:
        return
    run_job(job.pk)
    job.refresh_from_db()
    if job.state != Job.State.DONE:
        raise RuntimeError(job.error_sentence or f"{job} is at “{job.get_state_display()}” {job.error_reference}")


def answer_some(engagement: Engagement, *, actor: User, answers: dict[str, Any]) -> None:
    """A part of the questionnaire; a question with None is answered with “I do not know”."""
    shown = questionnaire_of(engagement, actor)
    known = {question: Given(value, is_unknown=value is None) for question, value in answers.items()}
    versions = {row.question.id: row.answer.version for row in shown.rows if row.answer}
    written = {question: Written(given, versions.get(question, 0)) for question, given in known.items()}
    save_answers(engagement, actor=actor, written=written)


def weigh(engagement: Engagement, *, actor: User, answers: dict[str, str]) -> None:
    """Answers to the vendor selection, by variable."""
    for variable, choice in answers.items():
        answer_selection(engagement, variable=variable, text=SelectionText(choice), actor=actor)


def name_owners(engagement: Engagement, *, actor: User, owners: dict[str, str]) -> None:
    """Write into every dossier who can answer for it. `owners` are by kind, with "else" for all the others."""
    for dossier in Dossier.objects.filter(engagement=engagement, gone_since=None).order_by("number"):
        known = {field.name: getattr(dossier, field.name) for field in fields(DossierFacts)}
        named = DossierFacts(**known | {"owner": owners.get(dossier.kind, owners["else"])})
        complete_dossier(dossier, actor=actor, version=dossier.version, facts=named)


@transaction.atomic
def accept_findings(engagement: Engagement, *, consultant: User) -> None:
    for finding in Finding.objects.filter(engagement=engagement, state=Finding.State.OPEN).order_by("number"):
        finding.refresh_from_db()
        if finding.state == Finding.State.OPEN:
            accept_finding(finding, actor=consultant, version=finding.version)


def migrate_streams(engagement: Engagement, *, consultant: User) -> None:
    """Mark every stream as one that moves to the target."""
    versions = dict(Stream.objects.filter(engagement=engagement).undecided().values_list("number", "version"))
    if versions:
        route_streams(engagement, versions=versions, route=Stream.Route.MIGRATE, actor=consultant)


def recommend(engagement: Engagement, *, consultant: User, book: list[dict[str, str]]) -> None:
    """What the consultant would do about each gap: the first entry of the book whose name fits, "*" fits all."""
    for group in groups_of(_gaps(engagement)):
        advice = next(each for each in book if each["name"] in {group.row.name, "*"})
        versions = {gap.number: gap.version for gap in group.gaps}
        choice, reason = advice["choice"], advice["reason"]
        recommend_choice(engagement, versions=versions, choice=choice, reason=reason, actor=consultant)


def follow_recommendations(engagement: Engagement, *, customer: User, most: int | None = None) -> None:
    """The customer decides as was recommended, on the first `most` constructs or on all."""
    for group in groups_of(_gaps(engagement))[:most]:
        versions = {gap.number: gap.version for gap in group.gaps}
        decide_gaps(engagement, versions=versions, choice=group.first.recommended, actor=customer)


def _gaps(engagement: Engagement) -> list[Gap]:
    gaps = Gap.objects.filter(engagement=engagement).on(targets_of(engagement))
    return list(gaps.select_related("row").order_by("row__number"))


def put_up(engagement: Engagement, number: int, *, staff: Staff, customer: User) -> FrozenDocument:
    """Do the tasks of a gate, have its document built and ask for signatures."""
    for task in GateTask.objects.filter(gate__engagement=engagement, gate__number=number, done_at=None):
        actor = customer if task.party == GateTask.Party.CUSTOMER else staff["consultant"]
        complete_task(task, actor=actor, evidence=f"Seen on {timezone.localdate():%d %b %Y} by {actor}.")
    work_off(request_freeze(_gate(engagement, number), actor=staff["consultant"]))
    gate = submit_gate(_gate(engagement, number), actor=staff["consultant"])
    if gate.current_document is None:
        raise RuntimeError(f"gate {number} was put up without a document")
    return gate.current_document


def sign(document: FrozenDocument, *, signer: User, condition: dict[str, Any] | None = None) -> None:
    """Sign as it stands, or on a `condition`: its text, and in how many days it is due."""
    gate = Gate.objects.select_related("engagement__organization").get(pk=document.gate_id)
    signature = _signature(signer, statement_for(gate, document), digest=document.digest)
    conditions = (_dated(**condition),) if condition else ()
    sign_document(document, actor=signer, signature=signature, reservations=Reservations(conditions))
    work_off(Job.objects.filter(kind="issue_receipt").exclude(state=Job.State.DONE).first())


def _signature(signer: User, statement: Statement, *, digest: str) -> Signature:
    return Signature(
        typed_name=signer.full_name,
        role_title=signer.job_title,
        statement=statement.text,
        statement_version=statement.version,
        shown_digest=digest,
        authenticated_at=timezone.now() - timedelta(minutes=1),
    )


def _dated(text: str, days: int) -> ConditionText:
    return ConditionText(text, timezone.localdate() + timedelta(days=days))


def hand_over(document: FrozenDocument, *, signer: User, deputy: User, reason: str, actor: User) -> None:
    """The deputy is given the duty for this phase; then the signer hands their signature over."""
    gate = Gate.objects.get(pk=document.gate_id)
    membership = deputy.memberships.get(organization=document.engagement.organization)
    duties = [*membership.duties.values_list("kind", "phase"), (Duty.Kind.SIGN_PHASE, gate.number)]
    change_membership(membership, role=membership.role, duties=duties, authenticated_at=timezone.now(), actor=actor)
    delegate_signature(document, actor=signer, to=deputy, reason=reason, authenticated_at=timezone.now())


def _gate(engagement: Engagement, number: int) -> Gate:
    gates = Gate.objects.select_related("engagement__organization", "current_document")
    gate: Gate = gates.get(engagement=engagement, number=number)
    return gate
