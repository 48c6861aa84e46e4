from collections.abc import Mapping, Sequence

from django.utils import timezone

from accounts.models import User
from engagements.domain.announce import announce_submission
from engagements.models import FrozenDocument, Gate, RequiredSigner, SignOff


def name_signers(
    gate: Gate, document: FrozenDocument, signers: Sequence[User], *, turns: Mapping[int, int], named_by: User
) -> None:
    """Settle who signs this document and in which turn, by the id of the person; 1 where nothing is said.

    The document may have been up before: whoever is not among them and has not signed is no longer waited for.
    """
    signed = SignOff.objects.filter(document=document).values("signed_by")
    RequiredSigner.objects.filter(document=document).exclude(user__in=signed).delete()
    now = timezone.now()
    RequiredSigner.objects.bulk_create(
        [
            RequiredSigner(
                gate=gate,
                document=document,
                user=signer,
                turn=turns.get(signer.pk, 1),
                named_by=named_by,
                named_at=now,
            )
            for signer in signers
        ],
        ignore_conflicts=True,
    )


def ask_signers(gate: Gate, document: FrozenDocument) -> list[User]:
    """Ask those whose turn has come and who were not asked yet, in the caller's transaction. Returns them."""
    rows = RequiredSigner.objects.filter(document=document, asked_at=None).whose_turn_it_is()
    people = [row.user for row in rows.select_related("user")]
    RequiredSigner.objects.filter(document=document, user__in=people).update(asked_at=timezone.now())
    announce_submission(gate, document, people)
    return people
