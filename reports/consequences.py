"""What reports does after a gate was signed. Loaded by ReportsConfig.ready()."""

from accounts.models import User
from core.jobs import enqueue
from engagements.consequences import follows
from engagements.models import Engagement, Gate
from reports.domain.issue_close_report import enqueue_report
from reports.job_kinds import RECEIPT


@follows("sign_gate")
def issue_the_receipt(engagement: Engagement, gate: Gate, actor: User) -> None:  # noqa: ARG001 (the registry's shape)
    """The last signature is given: the receipt is drawn by a worker, once a document."""
    if gate.current_document is not None:
        enqueue(RECEIPT, subject=gate.current_document, actor=actor, key=f"receipt-{gate.current_document.pk}")


@follows("sign_gate")
def issue_the_close_report(engagement: Engagement, gate: Gate, actor: User) -> None:
    """The signature that ends the engagement has the report made, in the language of what was signed."""
    if gate.number == engagement.last_phase:
        enqueue_report(engagement, language=gate.language, actor=actor)
