"""Whether the portal signed a file. The signature stands beside it, in base64: `proxy.toml.sig`."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".sig"


class SignatureError(Exception):
    """The text says why a file is not taken."""


def check_signature(path: Path, content: bytes, key: Path) -> None:
    """Raises SignatureError. RSA keys sign with PKCS#1 v1.5 over SHA-256 (RFC 8017), as the portal's does."""
    public = _public_key(key)
    beside = path.with_name(path.name + SUFFIX)
    try:
        signature = base64.b64decode(beside.read_bytes(), validate=False)
    except OSError as error:
        raise SignatureError(f"is not signed: {beside} cannot be read ({error.strerror}).") from error
    except binascii.Error as error:
        raise SignatureError(f"is not signed: {beside} holds no base64.") from error
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        else:
            public.verify(signature, content)
    except InvalidSignature as error:
        raise SignatureError(f"is not what the portal signed: {beside} does not fit it under the key {key}.") from error


def _public_key(path: Path) -> rsa.RSAPublicKey | ed25519.Ed25519PublicKey:
    """Of a PEM file that holds a public key or a certificate."""
    try:
        key = _loaded(path.read_bytes())
    except OSError as error:
        raise SignatureError(f"cannot be checked: the key {path} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise SignatureError(f"cannot be checked: {path} holds neither a public key nor a certificate.") from error
    if not isinstance(key, rsa.RSAPublicKey | ed25519.Ed25519PublicKey):
        raise SignatureError(f"cannot be checked: the key {path} is neither RSA nor Ed25519.")
    return key


def _loaded(pem: bytes) -> object:
    if b"BEGIN CERTIFICATE" in pem:
        return x509.load_pem_x509_certificate(pem).public_key()
    return serialization.load_pem_public_key(pem)
