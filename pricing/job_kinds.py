"""The papers of pricing, drawn by a worker. Loaded by PricingConfig.ready()."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from core.jobs import Handle, JobKind, job
from core.models import Job
from engagements.domain.announce_failure import announce_failure
from engagements.models import Engagement
from pricing.domain.advise_stay import PreparedAdvice, StayAsked, advise_stay, prepare_advice
from pricing.domain.choose_nda import PreparedNda, prepare_nda, put_up_nda
from pricing.domain.redate_quote import NewDate, PreparedRevision, prepare_redated, redate_quote
from pricing.domain.send_quote import PreparedQuote, prepare_quote, send_quote
from pricing.models import Quote, Request
from pricing.papers import ADVISE_STAY, PUT_UP_NDA, REDATE_QUOTE, SEND_QUOTE


def _actor_of(handle: Handle) -> User:
    """Whoever asked, read anew: what they may do could have changed while the paper was drawn."""
    if not isinstance(handle.actor, User):
        raise TypeError("a paper is asked for by a person")
    actor: User = User.objects.get(pk=handle.actor.pk)
    return actor


def _quote_of(handle: Handle) -> Quote:
    related = ("engagement__organization", "engagement__request", "document")
    quote: Quote = Quote.objects.select_related(*related).get(pk=handle.job.subject_id)
    return quote


@job(SEND_QUOTE, label="Making the PDF of the quote")
class SendQuote(JobKind[PreparedQuote]):
    def prepare(self, handle: Handle) -> PreparedQuote:
        return prepare_quote(_quote_of(handle), actor=_actor_of(handle))

    def apply(self, handle: Handle, result: PreparedQuote) -> dict[str, Any]:
        sent = send_quote(result, actor=_actor_of(handle), shown_digest=handle.arguments["shown_digest"])
        return {"reference": sent.reference}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        _tell_of_the_quote(job, reasons)


@job(REDATE_QUOTE, label="Making the PDF with the new date")
class RedateQuote(JobKind[PreparedRevision]):
    def prepare(self, handle: Handle) -> PreparedRevision:
        return prepare_redated(_quote_of(handle), actor=_actor_of(handle), new=_new_date(handle))

    def apply(self, handle: Handle, result: PreparedRevision) -> dict[str, Any]:
        revision = redate_quote(_quote_of(handle), result, actor=_actor_of(handle), new=_new_date(handle))
        return {"reference": revision.reference}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        _tell_of_the_quote(job, reasons)


def _tell_of_the_quote(job: Job, reasons: Sequence[str]) -> None:
    quote = Quote.objects.get(pk=job.subject_id)
    path = reverse("pricing:quote", args=[quote.reference])
    announce_failure(job, about=f"quote {quote.reference}", path=path, reasons=reasons)


def _new_date(handle: Handle) -> NewDate:
    return NewDate(date.fromisoformat(handle.arguments["last_day"]), handle.arguments["reason"])


@job(ADVISE_STAY, label="Making the PDF of the advice")
class AdviseStay(JobKind[PreparedAdvice]):
    def prepare(self, handle: Handle) -> PreparedAdvice:
        return prepare_advice(_request_of(handle), note=handle.arguments["note"])

    def apply(self, handle: Handle, result: PreparedAdvice) -> dict[str, Any]:
        asked = StayAsked(handle.arguments["note"], handle.arguments["version"])
        document = advise_stay(_request_of(handle), result, actor=_actor_of(handle), asked=asked)
        return {"document": document.pk}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        code = Request.objects.select_related("engagement").get(pk=job.subject_id).engagement.code
        path = reverse("pricing:request", args=[code])
        announce_failure(job, about=f"the advice to stay ({code})", path=path, reasons=reasons)


def _request_of(handle: Handle) -> Request:
    requests = Request.objects.with_clock().select_related("engagement__organization", "owner")
    found: Request = requests.get(pk=handle.job.subject_id)
    return found


@job(PUT_UP_NDA, label="Making the PDF of the NDA")
class PutUpNda(JobKind[PreparedNda]):
    def prepare(self, handle: Handle) -> PreparedNda:
        asked_at = datetime.fromisoformat(handle.arguments["asked_at"])
        return prepare_nda(_engagement_of(handle), number=handle.arguments["number"], asked_at=asked_at)

    def apply(self, handle: Handle, result: PreparedNda) -> dict[str, Any]:
        nda = put_up_nda(_engagement_of(handle), result, actor=_actor_of(handle))
        return {"number": nda.number}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        code = Engagement.objects.get(pk=job.subject_id).code
        announce_failure(job, about=f"the NDA ({code})", path=reverse("pricing:nda", args=[code]), reasons=reasons)


def _engagement_of(handle: Handle) -> Engagement:
    engagements = Engagement.objects.select_related("organization", "lead")
    engagement: Engagement = engagements.get(pk=handle.job.subject_id)
    return engagement
