from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.languages import LANGUAGES
from core.models import Job
from engagements.content import title_of
from engagements.domain.lock_engagement import lock_living
from engagements.models import Gate


def is_language_open(gate: Gate) -> bool:
    """False while people sign, or have signed, what was frozen: another language would be another document."""
    return gate.state not in {Gate.State.SUBMITTED, Gate.State.SIGNED}


@transaction.atomic
def choose_language(gate: Gate, *, actor: User, language: str) -> Gate:
    """What the next version of a gate's document is written in; those that are frozen stay as they are.

    Raises DomainError for a language in which this document is not written, Conflict while a version is being built,
    out for signature or signed.
    """
    engagement = lock_living(gate.engagement_id)
    require(actor, Permission.FREEZE, engagement.organization)
    gate = Gate.objects.select_for_update(of=("self",)).get(pk=gate.pk)
    if language not in LANGUAGES:
        raise DomainError(
            f"“{title_of(gate)}” is written in {' or '.join(LANGUAGES.values())}. Nothing was built; "
            "choose one of them."
        )
    if language == gate.language:
        return gate
    if not is_language_open(gate):
        raise Conflict(
            f"“{title_of(gate)}” in {LANGUAGES[gate.language]} is out for signature or signed. It stays as it is; "
            "the language can be chosen again when changes are asked for."
        )
    if Job.objects.of(gate).filter(kind="freeze_document").unfinished().exists():
        raise Conflict(f"A version in {LANGUAGES[gate.language]} is being built. Choose again when it is done.")
    gate.language = language
    gate.save(update_fields=["language"])
    record("gate.language_chosen", subject=gate, actor=actor, gate=gate.number, language=LANGUAGES[language])
    return gate
