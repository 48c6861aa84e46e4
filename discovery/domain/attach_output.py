"""Attaches what the target's own check printed on the customer's host to the set it was run with."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import DomainError
from discovery.domain.check_translation import digest_of_files
from discovery.domain.mask_words import mask_words
from discovery.domain.receive_upload import lock_for_upload
from discovery.models import StartOutput
from discovery.storable import storable
from discovery.syntax import judge_output

if TYPE_CHECKING:
    from accounts.models import User
    from discovery.models import TranslationSet

MOST_BYTES = 256 * 1024
MOST_STRANGE = 10  # one character in so many may be none that a terminal prints


@transaction.atomic
def attach_output(translation: TranslationSet, *, text: str, actor: User) -> StartOutput:
    """Raises DomainError for a text that is empty, too long or about a set that is not the newest."""
    lock_for_upload(translation.engagement, actor=actor)
    _refuse_older(translation)
    sent = _bytes_of(text)
    _refuse(sent)
    masked = mask_words(str(storable(sent.decode("utf-8", "replace").replace("\r\n", "\n"))))
    judgement = judge_output(translation.target, masked)
    attached = StartOutput.objects.create(
        translation=translation,
        set_digest=digest_of_files(translation),
        text=masked,
        sha256=hashlib.sha256(sent).hexdigest(),
        byte_count=len(sent),
        verdict=judgement.verdict.value,
        verdict_line=judgement.line,
        attached_at=timezone.now(),
        attached_by=actor,
    )
    _leave_trace(attached, actor)
    return attached


def _leave_trace(attached: StartOutput, actor: User) -> None:
    record(
        "translation.output_attached",
        subject=attached,
        actor=actor,
        translation=str(attached.translation),
        verdict=attached.get_verdict_display().lower(),
        sha256=attached.sha256,
        set_digest=attached.set_digest,
    )


def _bytes_of(text: str) -> bytes:
    """As they were sent: what is no UTF-8 in a file stands in the text as escaped bytes."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _refuse(sent: bytes) -> None:
    if not sent.decode("utf-8", "replace").strip():
        raise DomainError("There is nothing in it. Paste what the command printed, with its last line.")
    if len(sent) > MOST_BYTES:
        raise DomainError(
            f"The output must be smaller than {MOST_BYTES // 1024} KB. Nothing was kept: send its last lines, "
            "with the exit status."
        )
    if _is_strange(sent.decode("utf-8", "replace")):
        raise DomainError("This is no text that a command prints. Nothing was kept: send its output as plain text.")


def _is_strange(text: str) -> bool:
    """Whether it holds bytes that are no text, as a program or an archive does."""
    strange = sum(not (each.isprintable() or each in "\n\r\t\x1b") or each == "\ufffd" for each in text)
    return strange * MOST_STRANGE > len(text)


def _refuse_older(translation: TranslationSet) -> None:
    newer = translation.engagement.translations.filter(target=translation.target, number__gt=translation.number)
    if newest := newer.order_by("-number").first():
        raise DomainError(
            f"{newest} is newer. Run the command with its files and attach the output there; nothing was kept."
        )
