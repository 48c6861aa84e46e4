"""The key the portal seals with: made on first use, a file beside the database, never in it.

Several hosts of one portal share the file: what one sealed, the others would seal alike.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings

FILE_NAME = "seal.pem"
KEY_BITS = 3072
VALID_FOR = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class PortalKey:
    """A private key and its self-signed certificate."""

    private: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key (SubjectPublicKeyInfo, RFC 5280), in hexadecimal: printed on every receipt."""
        digest = hashes.Hash(hashes.SHA256())
        public = self.private.public_key()
        digest.update(public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))
        return digest.finalize().hex()

    def sign(self, content: bytes) -> bytes:
        """PKCS#1 v1.5 over SHA-256 (RFC 8017): the same content gives the same signature."""
        return self.private.sign(content, padding.PKCS1v15(), hashes.SHA256())


def portal_key() -> PortalKey:
    """The key of this portal. Raises OSError when its folder can be neither read nor written."""
    return _key_in(Path(settings.PORTAL_KEY_FOLDER))


@cache
def _key_in(folder: Path) -> PortalKey:
    path = folder / FILE_NAME
    if not path.exists():
        _make(path)
    return _read(path.read_bytes())


def _read(pem: bytes) -> PortalKey:
    private = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError(f"{FILE_NAME} holds another kind of key than RSA")
    return PortalKey(private, x509.load_pem_x509_certificate(pem))


def _make(path: Path) -> None:
    """Whoever links the file first wins; the others read theirs."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    draft = path.with_name(f".{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_pem(private))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _pem(private: rsa.RSAPrivateKey) -> bytes:
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    key = private.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    return key + _certificate(private).public_bytes(encoding)


def _certificate(private: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gatepost portal seal")])
    now, uses = datetime.now(UTC), dict.fromkeys(_NOT_ITS_USES, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **uses), critical=True)
    )
    return builder.sign(private, hashes.SHA256())


_NOT_ITS_USES = (
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
