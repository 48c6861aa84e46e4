"""A made-up portfolio of hundreds of engagements, written in bulk: the triggers would refuse rows out of turn."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organization
from engagements.models import Engagement, FrozenDocument, Gate, SchedulePhase, Transition
from pricing.models import Pause, Quote, Request
from tests.factories.portfolio_delivery import write_days, write_delivery, write_translations
from tests.factories.portfolio_stories import stories


@transaction.atomic
def make_portfolio(count, *, seed, lead, sales, first=1):
    """The engagements, in the order of their stories. Every second one is led by `lead`."""
    told = stories(count, seed=seed, first=first)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    rows = _Rows(told, lead, sales)
    rows.write_intake()
    rows.write_quotes()
    rows.write_gates()
    write_delivery(rows.pairs, sales, rows.now)
    write_days(rows.pairs, sales, rows.now)
    write_translations(rows.pairs, sales, rows.now)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE")
    return rows.engagements


class _Rows:
    def __init__(self, told, lead, sales):
        self.told, self.sales, self.now = told, sales, timezone.now()
        names = [Organization(kind="customer", name=f"Sender {one.number:04}") for one in told]
        self.organizations = Organization.objects.bulk_create(names)
        self.engagements = Engagement.objects.bulk_create(
            Engagement(
                code=f"P-{one.number:04}",
                organization=organization,
                title="Migration",
                phase=one.phase,
                phase_before_hold=one.before_hold,
                tier_key=one.tier[0] if one.moves else "",
                tier_label=one.tier[1] if one.moves else "",
                is_plan_only=one.end == "plan_alone",
                target=one.target,
                lead=lead if one.number % 2 else None,
            )
            for one, organization in zip(told, self.organizations, strict=True)
        )

    @property
    def pairs(self):
        return list(zip(self.told, self.engagements, strict=True))

    def write_intake(self):
        requests = [
            Request(
                engagement=engagement,
                owner=self.sales,
                source="call",
                contact_name="Somebody",
                contact_email="somebody@sender.example",
                complete_at=one.complete_at,
                answered_at=one.answered_at,
            )
            for one, engagement in self.pairs
        ]
        Request.objects.bulk_create(requests)
        pauses = [
            Pause(
                request=request,
                reason="Asked back.",
                paused_by=self.sales,
                paused_at=since,
                resumed_by=self.sales,
                resumed_at=until,
            )
            for one, request in zip(self.told, requests, strict=True)
            for since, until in one.pauses
        ]
        Pause.objects.bulk_create(pauses)
        for one, engagement, request in zip(self.told, self.engagements, requests, strict=True):
            engagement.created_at = request.created_at = one.begun
        Engagement.objects.bulk_update(self.engagements, ["created_at"])
        Request.objects.bulk_update(requests, ["created_at"])

    def _document(self, engagement, reference, kind):
        return FrozenDocument(
            engagement=engagement,
            kind=kind,
            reference=reference,
            version=1,
            title="Document",
            pdf=b"%PDF",
            digest="0" * 64,
            byte_count=4,
            page_count=1,
            snapshot={},
            snapshot_digest="0" * 64,
            frozen_at=self.now,
            frozen_by=self.sales,
        )

    def write_quotes(self):
        told = [
            (engagement, one, revision, quote)
            for one, engagement in self.pairs
            for revision, quote in enumerate(one.quotes, start=1)
        ]
        documents = FrozenDocument.objects.bulk_create(
            self._document(engagement, f"Q{revision}", "quote") for engagement, _, revision, _ in told
        )
        Quote.objects.bulk_create(self._quote(*row, document) for row, document in zip(told, documents, strict=True))

    def _quote(self, engagement, one, revision, quote, document):
        state, sent_at, answered_at, total = quote
        is_plan = one.end == "plan_alone"
        facts = {}
        if state in {"accepted", "voided"}:
            facts = {"accepted_by": self.sales, "accepted_at": answered_at, "receipt": f"R-{engagement.code}"}
            facts |= {"consent_text": "Yes.", "accepted_digest": "0" * 64}
        if state == "voided":
            facts |= {"voided_by": self.sales, "voided_at": answered_at, "end_reason": "Mistaken."}
        if state == "declined":
            facts = {"declined_by": self.sales, "declined_at": answered_at, "decline_reason": "price"}
        late = self.now + timedelta(days=20)
        return Quote(
            engagement=engagement,
            number=f"{engagement.code}",
            revision=revision,
            reference=f"{engagement.code}-{revision}",
            state=state,
            tier_key="discovery" if is_plan else one.tier[0],
            tier_label="Discovery + Plan" if is_plan else one.tier[1],
            fee=total,
            total=total,
            calculation="2026",
            snapshot={"book_day": "2026-03-02"},
            created_by=self.sales,
            sent_at=sent_at,
            sent_by=self.sales,
            sent_to="somebody@sender.example",
            valid_until=late if state == "sent" else sent_at + timedelta(days=30),
            document=document,
            **facts,
        )

    def write_gates(self):
        plans = FrozenDocument.objects.bulk_create(
            self._document(engagement, "PLAN", "plan") for engagement in self.engagements
        )
        gates = [
            Gate(
                engagement=engagement,
                number=number,
                state=state,
                current_document=None if state == "locked" else plan,
            )
            for (one, engagement), plan in zip(self.pairs, plans, strict=True)
            for number, state in one.gates.items()
        ]
        Gate.objects.bulk_create(gates)
        by_number = {(gate.engagement_id, gate.number): gate for gate in gates}
        Transition.objects.bulk_create(
            Transition(
                engagement=engagement,
                gate=by_number.get((engagement.pk, number)),
                step=step,
                before=before,
                after=after,
                actor=self.sales,
                at=at,
            )
            for one, engagement in self.pairs
            for number, step, before, after, at in one.moves
        )
        SchedulePhase.objects.bulk_create(
            SchedulePhase(
                engagement=engagement,
                number=number,
                planned_start=first,
                planned_end=first + timedelta(days=days - 1),
                actual_start=first,
                actual_end=last,
            )
            for one, engagement in self.pairs
            for number, days, first, last in one.phases
        )
