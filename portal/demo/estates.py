"""The sample configurations as a customer would send them."""

import io
import tarfile
from pathlib import Path

from django.conf import settings

SAMPLES = Path(settings.BASE_DIR) / "tests" / "postfix_samples"


def bundle(sample: str) -> io.BytesIO:
    """A .tar.gz of one sample, the same bytes each time."""
    stream = io.BytesIO()
    folder = SAMPLES / sample
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for path in sorted(folder.rglob("*")):
            archive.add(path, arcname=str(path.relative_to(folder)), recursive=False, filter=_without_owner)
    stream.seek(0)
    return stream


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = "root"
    return member
