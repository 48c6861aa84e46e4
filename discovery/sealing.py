"""Uploads lie encrypted until they are read: a dump of the database shows no secret of a customer."""

from core import sealing

_PURPOSE = "uploads waiting to be read"


def seal(content: bytes) -> bytes:
    return sealing.seal(content, purpose=_PURPOSE)


def unseal(sealed: bytes) -> bytes:
    """The bytes that were sealed. Raises cryptography.fernet.InvalidToken when SECRET_KEY is another one now."""
    return sealing.unseal(sealed, purpose=_PURPOSE)
