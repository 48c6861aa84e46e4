"""The spine's own checks, the same at every gate. Loaded by EngagementsConfig.ready()."""

from collections.abc import Callable, Iterator

from engagements.content import is_current, kind_for
from engagements.gates import GATES, Page, check
from engagements.models import Engagement, Gate


def _document_is_frozen(number: int) -> Callable[[Engagement], Iterator[str]]:
    def reasons(engagement: Engagement) -> Iterator[str]:
        gate = engagement.gates.with_document().select_related("engagement").get(number=number)
        title = kind_for(gate).label.lower()
        if gate.current_document is None:
            yield f"The {title} is not frozen yet."
        elif gate.current_document.change_requests.exists():
            yield f"Changes were requested on version {gate.current_document.version}. Freeze a new version."
        elif gate.current_document.signoffs.filter(revocation__isnull=False).exists():
            yield f"A signature on version {gate.current_document.version} was revoked. Freeze a new version."
        elif gate.state != Gate.State.SIGNED and not is_current(gate.current_document, gate):
            # What moves under the last signature opens the gate again in the same transaction (mark_stale).
            yield f"The {title} was frozen before the last change. Freeze a new version."

    return reasons


def _earlier_gate_is_signed(number: int) -> Callable[[Engagement], Iterator[str]]:
    def reasons(engagement: Engagement) -> Iterator[str]:
        earlier = engagement.gates.get(number=number - 1)
        if earlier.state == Gate.State.SIGNED:
            return
        if earlier.transitions.filter(step="sign_gate").exists():
            yield f"Phase {number - 1} has to be signed again first: what was signed has changed."
        else:
            yield f"Phase {number - 1} has to be signed first."

    return reasons


@check(
    *GATES,
    key="blocking_questions",
    title="No open question blocks the signature",
    is_own=True,
    page=Page("engagements:questions"),
)
def no_question_blocks(engagement: Engagement) -> Iterator[str]:
    for question in engagement.questions.filter(is_blocking=True, resolved_at=None):
        yield f"Question {question.number} blocks the signature: {question.text[:80]}"


for _number in GATES:
    check(
        _number,
        key="document_frozen",
        title="The document for signature is frozen and current",
        is_own=True,
        page=Page("reports:document", is_of_gate=True),
    )(_document_is_frozen(_number))
    if _number > 1:
        check(_number, key="earlier_gate", title=f"Phase {_number - 1} is signed and still holds", is_own=True)(
            _earlier_gate_is_signed(_number)
        )
