"""The portal's seal on a PDF (PAdES, ETSI EN 319 142-1): any later change of the file shows in any reader.

The key is the portal's own (`core.portal_key`), self-signed: the seal says that this portal issued the file, and what
its fingerprint is stands on every receipt. Whether a time stamp authority vouched for the time is said in the seal.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

import structlog
from asn1crypto import keys, x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.documents import RenderedDocument
from core.portal_key import PortalKey, portal_key

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

log = structlog.get_logger(__name__)

FIELD = "Seal"
OWN_CLOCK = "Sealed by the portal at the time of its own clock; no time stamp authority vouches for it."
STAMPED = "Sealed by the portal; the time stamp authority at {authority} vouches for the time."
ANSWER_SECONDS = 5


def seal_pdf(rendered: RenderedDocument) -> RenderedDocument:
    """The same pages under the portal's seal. An authority that does not answer leaves the portal's clock, and says so.

    Raises OSError when the portal's key can neither be read nor made.
    """
    authority = settings.TIME_STAMP_AUTHORITY
    if authority:
        stamper = HTTPTimeStamper(authority, timeout=ANSWER_SECONDS)
        try:
            return _sealed(rendered, STAMPED.format(authority=authority), stamper)
        except TimestampRequestError:
            log.warning("time_stamp_authority_silent", authority=authority, exc_info=True)
    return _sealed(rendered, OWN_CLOCK, None)


def _sealed(rendered: RenderedDocument, reason: str, stamper: TimeStamper | None) -> RenderedDocument:
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=settings.CONSULTANCY["name"],
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(rendered.pdf))
    sealer = signers.PdfSigner(about, signer=_signer(portal_key()), timestamper=stamper)
    output = sealer.sign_pdf(writer)
    return RenderedDocument(pdf=output.getvalue(), page_count=rendered.page_count)


@cache
def _signer(key: PortalKey) -> signers.SimpleSigner:
    der, plain = serialization.Encoding.DER, serialization.NoEncryption()
    private = key.private.private_bytes(der, serialization.PrivateFormat.PKCS8, plain)
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(key.certificate.public_bytes(der)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # pyHanko types it not
    )
