"""Pages of a PDF as pictures, drawn by Poppler's pdftoppm: a program of its own, so that no PDF can harm the worker."""

import shutil
import subprocess

from core.errors import DomainError

PROGRAM = "pdftoppm"
DOTS_PER_INCH = 72
SECONDS_A_PAGE = 60


def picture_of(pdf: bytes, number: int) -> bytes:
    """One page as PNG, counted from 1. Nothing is written to disk.

    Raises DomainError when the program is missing or cannot draw the page.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise DomainError(
            "Page pictures are drawn by pdftoppm, which is not installed here (Debian's package is poppler-utils). "
            "The PDF itself can be opened."
        )
    words = [program, "-png", "-r", str(DOTS_PER_INCH), "-f", str(number), "-l", str(number), "-"]
    drawn = subprocess.run(words, input=pdf, capture_output=True, timeout=SECONDS_A_PAGE, check=False)  # noqa: S603 (our own words)
    if drawn.returncode or not drawn.stdout:
        raise DomainError(f"Page {number} could not be drawn as a picture. The PDF itself can be opened.")
    return drawn.stdout
