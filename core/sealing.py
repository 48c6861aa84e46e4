"""Encrypts what waits: a dump of the database, its log or its backup shows no secret that is on its way."""

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SHORTEST_SECRET = 32  # characters, for a key that somebody makes up


def seal(content: bytes, *, purpose: str) -> bytes:
    """What is sealed for one purpose cannot be unsealed for another."""
    return cipher(settings.SECRET_KEY, purpose).encrypt(content)


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """The bytes that were sealed. Raises cryptography.fernet.InvalidToken when SECRET_KEY is another one now."""
    return cipher(settings.SECRET_KEY, purpose).decrypt(sealed)


def cipher(secret: str, purpose: str) -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"gatepost: {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derive.derive(secret.encode())))
