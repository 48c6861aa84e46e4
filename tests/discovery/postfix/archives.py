"""Archives that tests make, whole and hostile."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

MEGABYTE = 1024 * 1024
MAIN = b"myhostname = mail.example\n"
PACKERS = {"w:": bytes, "w:gz": gzip.compress, "w:bz2": bz2.compress, "w:xz": lzma.compress}


def tar_of(*members, mode="w:gz"):
    """A tar of `(name, content)` and `(name, content, {attribute: value})` members."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:
        for name, content, *attributes in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            for attribute, value in (attributes[0] if attributes else {}).items():
                setattr(member, attribute, value)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def zip_of(*members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def reasons(bundle):
    return [skipped.reason for skipped in bundle.skipped]
