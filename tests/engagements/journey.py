"""Short ways to a state, through the same doors as in production."""

from django.utils import timezone

from engagements.domain.complete_task import complete_task
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.domain.keep_evidence import Signature
from engagements.domain.perform import perform
from engagements.domain.sign_document import sign_document
from engagements.domain.submit_gate import submit_gate
from engagements.models import Gate


def gate_of(engagement, number):
    return Gate.objects.select_related("engagement__organization", "current_document").get(
        engagement=engagement, number=number
    )


def begin(engagement, *, accepted_by):
    perform("start_discovery", engagement=engagement, actor=accepted_by)
    engagement.refresh_from_db()


def do_tasks(engagement, number, *, consultant, customer):
    for task in gate_of(engagement, number).tasks.filter(done_at=None):
        complete_task(task, actor=customer if task.party == "customer" else consultant, evidence="Seen in a test.")


def put_up(engagement, number, *, consultant, customer):
    """Tasks done, document frozen and out for signature."""
    do_tasks(engagement, number, consultant=consultant, customer=customer)
    gate = gate_of(engagement, number)
    document = freeze_document(gate, prepare_document(gate), actor=consultant)
    submit_gate(gate_of(engagement, number), actor=consultant)
    return document


def signature_for(document, **changes):
    facts = {
        "typed_name": "Carl Brandt",
        "role_title": "Head of engineering",
        "statement": "I have read version 1.",
        "statement_version": "1",
        "shown_digest": document.digest,
        "authenticated_at": timezone.now(),
    }
    return Signature(**(facts | changes))


def sign(document, *, signer, **changes):
    return sign_document(document, actor=signer, signature=signature_for(document, **changes))
