"""Uploads lie encrypted until they are read: a dump of the database shows no secret of a customer."""

from cryptography.fernet import InvalidToken

from core import sealing
from core.errors import DomainError

_PURPOSE = "uploads waiting to be read"


class SealedElsewhere(DomainError):  # noqa: N818 (named as the sentence it becomes)
    """Bytes that the portal cannot open. What to do depends on what is done with them, so whoever unseals says it."""


def seal(content: bytes) -> bytes:
    return sealing.seal(content, purpose=_PURPOSE)


def unseal(sealed: bytes) -> bytes:
    """The bytes that were sealed. Raises SealedElsewhere when SECRET_KEY is another one now."""
    try:
        return sealing.unseal(sealed, purpose=_PURPOSE)
    except InvalidToken as error:
        raise SealedElsewhere(
            "What was uploaded cannot be opened any more: it was kept under another SECRET_KEY than the portal has "
            "now. Nothing of it was read."
        ) from error
