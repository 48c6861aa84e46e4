"""The PDF of an NDA. What did not come from the practice lies encrypted."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.conf import settings

from core import sealing
from core.errors import DomainError
from core.uploads import size_in_words
from pricing.calculation.pdf_check import why_no_pdf
from pricing.models import NdaFile

if TYPE_CHECKING:
    from typing import IO

    from pricing.models import Nda

_PURPOSE = "NDAs that a customer handed over"


def take_pdf(content_file: IO[bytes]) -> bytes:
    """All of a PDF that was sent. Raises DomainError for one that is empty, too large or no PDF."""
    limit = settings.NDA_LIMIT_BYTES
    content = content_file.read(limit + 1)
    if not content:
        raise DomainError("The selected file is empty.")
    if len(content) > limit:
        raise DomainError(f"The selected file must be smaller than {size_in_words(limit)}.")
    if why := why_no_pdf(content):
        raise DomainError(why)
    return content


def digest_of_pdf(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keep_pdf(nda: Nda, content: bytes) -> None:
    NdaFile.objects.create(nda=nda, sealed=sealing.seal(content, purpose=_PURPOSE))


def pdf_of(nda: Nda) -> bytes:
    """The bytes, exactly as they were put up. Raises DomainError for those kept under another SECRET_KEY."""
    if nda.document is not None:
        return bytes(nda.document.pdf)
    try:
        return sealing.unseal(bytes(nda.file.sealed), purpose=_PURPOSE)
    except InvalidToken as error:
        raise DomainError(
            "The PDF of this NDA cannot be opened any more: it was kept under another SECRET_KEY than the portal has "
            "now. Its fingerprint and its signatures are kept. Put the same file up once more; whoever runs the portal "
            "can also set the earlier SECRET_KEY again."
        ) from error
