"""The seal of a document: it validates with other people's programs, and whatever changes afterwards breaks it."""

import io
import subprocess
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from asn1crypto import keys, tsp, x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.portal_key import FILE_NAME, _key_in, portal_key
from reports.pdf import render_pdf
from reports.seal import OWN_CLOCK, seal_pdf


@pytest.fixture(scope="module")
def plain():
    return render_pdf("<html lang='en'><head><title>A plan</title></head><body><p>Page one.</p></body></html>")


@pytest.fixture
def sealed(plain):
    return seal_pdf(plain)


def certificate():
    return x509.Certificate.load(portal_key().certificate.public_bytes(serialization.Encoding.DER))


def seal_in(pdf):
    return PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]


def verdict(pdf):
    context = ValidationContext(trust_roots=[certificate()])
    return validate_pdf_signature(seal_in(pdf), signer_validation_context=context)


def test_the_seal_is_valid_and_covers_the_whole_file(plain, sealed):
    status = verdict(sealed.pdf)

    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert sealed.pdf.startswith(plain.pdf)
    assert sealed.page_count == plain.page_count


def test_without_an_authority_the_seal_says_whose_clock_it_was(sealed):
    assert seal_in(sealed.pdf).sig_object["/Reason"] == OWN_CLOCK
    assert verdict(sealed.pdf).timestamp_validity is None


@pytest.mark.parametrize("place", [0.1, 0.3, 0.6])
def test_one_flipped_byte_breaks_the_seal(plain, sealed, place):
    at = int(len(plain.pdf) * place)
    changed = sealed.pdf[:at] + bytes([sealed.pdf[at] ^ 1]) + sealed.pdf[at + 1 :]

    try:
        is_intact = verdict(changed).intact
    except (SignatureValidationError, PdfError, ValueError):
        is_intact = False  # so broken that it is not even read

    assert not is_intact


def test_pdfsig_agrees(sealed, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed.pdf)

    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout

    assert "Signature is Valid" in said
    assert "Total document signed" in said


def test_qpdf_finds_nothing_wrong(sealed, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed.pdf)

    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def authority():
    """A time stamp authority (RFC 3161) on this machine; its certificate is the portal's."""
    private = portal_key().private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    stamper = DummyTimeStamper(
        tsa_cert=certificate(),
        tsa_key=keys.PrivateKeyInfo.load(private),
        certs_to_embed=SimpleCertificateStore(),
    )

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Authority)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_an_authority_vouches_for_the_time_and_is_named(plain, settings, authority):
    settings.TIME_STAMP_AUTHORITY = authority

    sealed = seal_pdf(plain)

    assert authority in seal_in(sealed.pdf).sig_object["/Reason"]
    assert verdict(sealed.pdf).timestamp_validity.intact


def test_an_authority_that_does_not_answer_is_not_named(plain, settings):
    settings.TIME_STAMP_AUTHORITY = "http://127.0.0.1:9/"

    sealed = seal_pdf(plain)

    assert seal_in(sealed.pdf).sig_object["/Reason"] == OWN_CLOCK
    assert verdict(sealed.pdf).bottom_line


def test_four_that_start_at_once_seal_with_one_key(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda folder: _key_in.__wrapped__(folder).fingerprint, [tmp_path / "keys"] * 4))

    assert len(made) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [FILE_NAME]
    assert (tmp_path / "keys" / FILE_NAME).stat().st_mode & 0o777 == 0o600
