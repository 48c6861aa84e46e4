"""Short ways to an NDA, through the same doors as in production."""

import io

from django.utils import timezone

from engagements.domain.keep_evidence import Signature
from engagements.today import today_of
from pricing.domain.choose_nda import request_our_nda
from pricing.domain.record_paper_nda import record_paper_nda
from pricing.domain.sign_nda import sign_nda
from pricing.domain.upload_nda import upload_nda
from pricing.models import Nda
from tests.factories.pricing import finish_well

# The smallest file that says everything a PDF has to say of itself.
PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>> endobj
xref
0 4
0000000000 65535 f\r
0000000009 00000 n\r
0000000056 00000 n\r
0000000111 00000 n\r
trailer <</Size 4 /Root 1 0 R>>
startxref
180
%%EOF
"""


def fetch(nda):
    return Nda.objects.select_related("engagement__organization", "document").get(pk=nda.pk)


def choose_our_nda(engagement, *, actor):
    """The practice's text, drawn and put up."""
    if job := request_our_nda(engagement, actor=actor):
        finish_well(job)
    return Nda.objects.select_related("engagement__organization", "document").current().get(engagement=engagement)


def hand_over(engagement, *, actor, content=PDF, filename="their-nda.pdf"):
    """A text of the customer's that waits for its review."""
    return fetch(upload_nda(engagement, filename=filename, content_file=io.BytesIO(content), actor=actor))


def signature(nda, actor, **changes):
    facts = {
        "typed_name": actor.full_name,
        "role_title": "Head of engineering",
        "statement": "I may sign. I have read it.",
        "statement_version": "1",
        "shown_digest": nda.digest,
        "authenticated_at": timezone.now(),
    }
    return Signature(**(facts | changes))


def sign(nda, actor, **changes):
    return sign_nda(nda, actor=actor, signature=signature(nda, actor, **changes))


def sign_both(engagement, *, customer, practice):
    """The practice's text, signed by both sides."""
    nda = choose_our_nda(engagement, actor=customer)
    sign(nda, customer)
    sign(nda, practice)
    return fetch(nda)


def sign_on_paper(engagement, *, lead, **changes):
    """On record as signed outside the portal: what a test takes that is about something else."""
    facts = {
        "filename": "nda.pdf",
        "content_file": io.BytesIO(PDF),
        "signed_on": today_of(engagement),
        "reason": "Signed before the portal was in use.",
    }
    return record_paper_nda(engagement, actor=lead, **(facts | changes))
