"""Short ways to a request and a quote, through the same doors as in production.

Whoever acts here has proved who they are just now.
"""

from dataclasses import replace

from django.utils import timezone

from core.jobs import run_job
from core.models import Job
from engagements.models import FrozenDocument
from pricing.calculation.facts import CustomComponents, DataPoints, Team
from pricing.consent import consent_to
from pricing.domain import accept_quote as accepting
from pricing.domain import forward_quote as forwarding
from pricing.domain import give_terms
from pricing.domain import redate_quote as redating
from pricing.domain import send_quote as sending
from pricing.domain import void_quote as voiding
from pricing.domain.advise_stay import request_advice
from pricing.domain.draft_quote import draft_quote
from pricing.domain.record_request import Contact, record_request
from pricing.domain.send_quote import draft_digest
from pricing.models import Quote, Request

# The published example: 6 IPs in two pools, two streams.
MULTI_IP = DataPoints(
    month=9_400_000,
    peak=410_000,
    ips=6,
    pools=2,
    streams=2,
    tenants=0,
    domains=1,
    components=CustomComponents(milters=2, bounce=1, fbl=1, other=0),
    team=Team.FULL_EXECUTION,
)
STANDARD = replace(MULTI_IP, month=6_000_000, peak=300_000, ips=1, pools=1, streams=1)
STAY = replace(MULTI_IP, month=800_000, peak=40_000, ips=1, pools=1, streams=1)
CONTACT = Contact("Carl Brandt", "carl@northlake.example", "referral")


def finish(job):
    """Do a job here and now, as a worker would, and return it as it is then."""
    run_job(job.pk)
    job.refresh_from_db()
    return job


def finish_well(job):
    assert finish(job).state == Job.State.DONE, job.error_sentence
    return job


def work_off():
    """Do every job that was asked for, as the worker would."""
    for job in Job.objects.unfinished().order_by("pk"):
        finish_well(job)


def request_sending(quote, **asked):
    return sending.request_sending(quote, authenticated_at=timezone.now(), **asked)


def request_redating(quote, **asked):
    return redating.request_redating(quote, authenticated_at=timezone.now(), **asked)


def accept_quote(quote, **said):
    return accepting.accept_quote(quote, authenticated_at=timezone.now(), **said)


def void_quote(quote, **said):
    return voiding.void_quote(quote, authenticated_at=timezone.now(), **said)


def forward_quote(quote, **said):
    return forwarding.forward_quote(quote, **{"authenticated_at": timezone.now(), **said})


def approve_term(quote, **said):
    return give_terms.approve_term(quote, authenticated_at=timezone.now(), **said)


def send_quote(quote, *, actor, shown_digest):
    finish_well(request_sending(quote, actor=actor, shown_digest=shown_digest))
    return fetch(quote)


def redate_quote(quote, *, actor, new):
    job = finish_well(request_redating(quote, actor=actor, new=new))
    return fetch(Quote.objects.get(reference=job.result["reference"]))


def advise_stay(request, *, actor, note):
    job = finish_well(request_advice(request, actor=actor, note=note))
    return FrozenDocument.objects.get(pk=job.result["document"])


def make_request(customer, *, actor, points=MULTI_IP, contact=CONTACT):
    return record_request(customer, actor=actor, contact=contact, points=points)


def make_draft(customer, *, actor, points=MULTI_IP):
    return draft_quote(make_request(customer, actor=actor, points=points), actor=actor)


def make_sent_quote(customer, *, actor, points=MULTI_IP):
    quote = fetch(make_draft(customer, actor=actor, points=points))
    return fetch(send_quote(quote, actor=actor, shown_digest=draft_digest(quote)))


def fetch(quote):
    return Quote.objects.select_related("engagement__organization", "engagement__request", "document").get(pk=quote.pk)


def with_clock(request):
    return Request.objects.with_clock().select_related("engagement__organization", "owner").get(pk=request.pk)


def consent(quote, **changes):
    return replace(consent_to(quote, shown_digest=quote.document.digest), **changes)


def make_accepted_quote(customer, *, actor, signatory, points=MULTI_IP):
    quote = make_sent_quote(customer, actor=actor, points=points)
    return fetch(accept_quote(quote, actor=signatory, consent=consent(quote)))
