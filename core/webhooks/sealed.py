"""The address and the secret of a receiver: sealed, and in clear for the moment of sending."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.utils.crypto import salted_hmac

from core import sealing
from core.errors import DomainError
from core.webhooks.posting import AddressRefused, checked_url, origin_of

if TYPE_CHECKING:
    from core.models import Receiver

_PURPOSE = "secrets of webhooks"
_ADDRESSES = "addresses of webhooks"
_DIGITS = 12


def accepted_url(url: str) -> str:
    """Raises DomainError for an address that nothing is sent to."""
    try:
        return checked_url(url)
    except AddressRefused as refused:
        raise DomainError(f"{refused} Nothing was changed.") from refused


def sealed_url(address: str) -> dict[str, str | bytes]:
    """The columns of a Receiver for an address that was accepted."""
    return {"origin": origin_of(address), "sealed_url": sealing.seal(address.encode(), purpose=_ADDRESSES)}


def seal_secret(secret: str) -> bytes:
    return sealing.seal(secret.encode(), purpose=_PURPOSE)


def digest_of(address: str) -> str:
    """Shows in the ledger that a path or query is another one, and lets nobody guess at it without the portal's key."""
    return salted_hmac(_ADDRESSES, address, algorithm="sha256").hexdigest()[:_DIGITS]


def secret_of(receiver: Receiver) -> str:
    """Raises DomainError for one that was kept under another SECRET_KEY."""
    return unsealed_secret(bytes(receiver.sealed_secret))


def unsealed_secret(sealed: bytes) -> str:
    return _unsealed(sealed, _PURPOSE)


def url_of(receiver: Receiver) -> str:
    """The whole address. Raises DomainError for one that was kept under another SECRET_KEY."""
    return _unsealed(bytes(receiver.sealed_url), _ADDRESSES)


def shown_url(receiver: Receiver) -> str:
    """For those who may set it: the whole address, as long as it can be read."""
    with suppress(DomainError):  # the page is where it is set once more
        return url_of(receiver)
    return hidden_url(receiver)


def hidden_url(receiver: Receiver) -> str:
    return f"{receiver.origin}/\u2026"


def _unsealed(sealed: bytes, purpose: str) -> str:
    try:
        return sealing.unseal(sealed, purpose=purpose).decode()
    except InvalidToken as error:
        raise DomainError(
            "What is kept of the webhook cannot be read any more: the portal's SECRET_KEY is another one now. Set the "
            "webhook once more. Nothing was sent."
        ) from error
