"""Records of the form `tag=value; tag=value`: DKIM, DMARC, MTA-STS and TLS reporting."""

import base64
import binascii
import re

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*?)\s*", re.DOTALL)


def tags_of(text: str) -> dict[str, str]:
    """Lower-case names; the first of two counts. Raises ValueError for a part that is no `tag=value`."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        tag = TAG.fullmatch(part)
        if tag is None:
            raise ValueError(part.strip()[:60])
        found.setdefault(tag[1].lower(), tag[2])
    return found


def key_of(text: str) -> str:
    """The base64 of a public key without blanks, from the value of `p=`, a whole record, or a PEM."""
    lines = [line for line in text.splitlines() if not line.strip().startswith("-----")]
    joined = "".join("".join(lines).split())
    if "p=" in joined:
        joined = joined.rpartition("p=")[2].partition(";")[0]
    return joined.replace('"', "").rstrip(")")


def rsa_bits(key: str) -> int | None:
    """The length of an RSA key in base64; None for what is no RSA key."""
    try:
        loaded = load_der_public_key(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    return loaded.key_size if isinstance(loaded, RSAPublicKey) else None
