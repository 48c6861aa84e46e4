"""Whether a file is a PDF that both sides can open, without opening it.

A PDF begins with its version in the first 1,024 bytes, names its root object and where its table of objects stands, and
ends with %%EOF in the last 1,024 (ISO 32000-1, 7.5). One that is encrypted says so beside the root.
"""

import re

_LOOKED_AT = 1024
_HEADER = re.compile(rb"%PDF-[12]\.\d")
_ROOT = re.compile(rb"/Root\s+\d+\s+\d+\s+R")
_TABLE = re.compile(rb"startxref\s+\d+\s+%%EOF")
_ENCRYPTED = re.compile(rb"/Encrypt(\s+\d+\s+\d+\s+R|\s*<<)")


def why_no_pdf(content: bytes) -> str:
    """A sentence on what is wrong with the file, or nothing."""
    if not _HEADER.search(content[:_LOOKED_AT]):
        return "The selected file must be a PDF."
    if not _ROOT.search(content) or not _TABLE.search(content[-_LOOKED_AT:]):
        return "The selected file begins as a PDF but is not whole. Save it again as a PDF, then select the new file."
    if _ENCRYPTED.search(content):
        return "The selected PDF is encrypted. Save it without a password, so that both sides read what they sign."
    return ""
