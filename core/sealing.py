"""Encrypts what waits: a dump of the database, its log or its backup shows no secret that is on its way."""

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(content: bytes, *, purpose: str) -> bytes:
    """What is sealed for one purpose cannot be unsealed for another."""
    return _cipher(purpose).encrypt(content)


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """The bytes that were sealed. Raises cryptography.fernet.InvalidToken when SECRET_KEY is another one now."""
    return _cipher(purpose).decrypt(sealed)


def _cipher(purpose: str) -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"gatepost: {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
