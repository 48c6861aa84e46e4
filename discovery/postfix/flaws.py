"""What is wrong with main.cf or master.cf as a file: its encoding, damage, and templates that nobody filled in.

Everything that can be read is read all the same, as Postfix would read it.
"""

import posixpath
import re
from collections.abc import Callable, Container, Iterator
from itertools import islice

from discovery.postfix.bundle import BundleFile
from discovery.postfix.facts import Problem
from discovery.postfix.lines import is_comment_or_blank, logical_lines
from discovery.postfix.places import MASTER
from discovery.postfix.unrendered import language_of

MOST_LINES = 200
LONGEST_LINE = 20_000
LONGEST_SHOWN = 80
LOOKED_AT = 64 * 1024
BINARY_SHARE = 0.05
BYTE_ORDER_MARK = "\ufeff"
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def readable_text(file: BundleFile | None) -> str:
    """The text of a configuration file; nothing when it is absent or no text at all."""
    return "" if file is None or is_binary(file) else file.text


def is_binary(file: BundleFile) -> bool:
    if file.encoding.startswith("utf-16"):
        return False
    head = file.content[:LOOKED_AT]
    return b"\0" in head and len(CONTROL.findall(head)) > BINARY_SHARE * len(head)


def flaws_of(file: BundleFile | None, names: Container[str]) -> Iterator[Problem]:
    """Problems of one file; `names` are the settings that a `${NAME}` may mean."""
    if file is None:
        return
    if is_binary(file):
        message = "The file holds no text but bytes of something else, so nothing could be read from it."
        yield Problem("binary-file", posixpath.basename(file.path), message, file.path, 1)
        return
    yield from encoding_flaws(file)
    yield from line_flaws(file)
    yield from templates(file, names)
    yield from cut_short(file)


def encoding_flaws(file: BundleFile) -> Iterator[Problem]:
    name = posixpath.basename(file.path)
    if file.encoding.startswith("utf-16"):
        message = "The file is UTF-16, which Postfix cannot read. It was read here as what it says."
        yield Problem("utf-16", name, message, file.path, 1)
    if file.text.startswith(BYTE_ORDER_MARK):
        message = "The file starts with a byte order mark, which Postfix takes for a part of the first name."
        yield Problem("byte-order-mark", name, message, file.path, 1)
    if line := next(lines_where(file, lambda text: text.endswith("\r")), 0):
        message = "Lines end with a carriage return, as Windows writes them. Postfix leaves it out."
        yield Problem("carriage-returns", name, message, file.path, line)


def line_flaws(file: BundleFile) -> Iterator[Problem]:
    lines = file.text.split("\n")
    for line in lines_where(file, lambda text: "\0" in text):
        message = "There is a NUL byte in the line, and Postfix reads the line only up to it."
        yield Problem("nul-byte", shown(lines[line - 1]), message, file.path, line)
    for line in lines_where(file, lambda text: len(text) > LONGEST_LINE):
        message = f"The line is {len(lines[line - 1]):,} characters long, which nobody writes by hand."
        yield Problem("long-line", shown(lines[line - 1]), message, file.path, line)


def lines_where(file: BundleFile, is_meant: Callable[[str], bool]) -> Iterator[int]:
    """Numbers of the first lines of this kind."""
    found = (number for number, text in enumerate(file.text.split("\n"), start=1) if is_meant(text))
    return islice(found, MOST_LINES)


def templates(file: BundleFile, names: Container[str]) -> Iterator[Problem]:
    """Lines that a program was to fill in before Postfix sees them."""

    def is_template(text: str) -> bool:
        return not is_comment_or_blank(text) and bool(language_of(text[:LONGEST_LINE], names))

    lines = file.text.split("\n")
    for line in lines_where(file, is_template):
        language = language_of(lines[line - 1][:LONGEST_LINE], names)
        yield Problem("template", shown(lines[line - 1]), language, file.path, line)


def cut_short(file: BundleFile) -> Iterator[Problem]:
    """A last entry that promises more than it has."""
    last = None
    for logical in logical_lines(file.text):
        last = logical
    if last is None:
        return
    text = last.text.rstrip()
    is_option = posixpath.basename(file.path) == MASTER and text.endswith(" -o")
    if text.endswith(",") or is_option or text.count("{") > text.count("}"):
        message = (
            "The file ends in the middle of this entry. What is missing is unknown; everything before it was read."
        )
        yield Problem("cut-short-file", shown(text), message, file.path, last.line)


def shown(text: str) -> str:
    return " ".join(text.replace("\0", "␀").split())[:LONGEST_SHOWN]
