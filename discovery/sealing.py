"""Encrypts what waits to be read: a dump of the database, its log or its backup shows no secret of a customer."""

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(content: bytes) -> bytes:
    return _cipher().encrypt(content)


def unseal(sealed: bytes) -> bytes:
    """The bytes that were sealed. Raises cryptography.fernet.InvalidToken when SECRET_KEY is another one now."""
    return _cipher().decrypt(sealed)


def _cipher() -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"gatepost: uploads waiting to be read")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
