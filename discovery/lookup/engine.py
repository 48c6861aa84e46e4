"""A child process that matches a customer's patterns with the libraries Postfix itself uses.

Started by `deadline`, ended by it when it takes too long. Reads one JSON object a line, answers one a line; all texts
are bytes written as Latin-1. The rule that is being tried stands in the file of the first argument, four bytes long.
"""

import ctypes
import json
import mmap
import resource
import sys
from collections.abc import Callable, Iterable
from ctypes import byref, c_char_p, c_int, c_size_t, c_uint32, c_void_p
from typing import Any

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 20
EXTENDED, IGNORE_CASE, NEWLINE = 1, 2, 4
SUBEXPRESSIONS_AT = 48  # offset of re_nsub in the regex_t of the GNU C library
PCRE_BITS = {"i": 0x8, "m": 0x400, "s": 0x20, "x": 0x80, "A": 0x80000000, "E": 0x10, "U": 0x40000, "X": 0}
POSIX_BITS = {"i": IGNORE_CASE, "m": NEWLINE, "x": EXTENDED}
PCRE_CAPTURE_COUNT = 4
PCRE_NO_MATCH = -1
PCRE_UNSET = ctypes.c_size_t(-1).value
Groups = list[str | None]
Matcher = Callable[[bytes], Groups | None]


class BadPatternError(Exception):
    """The library's own words about a pattern it does not take."""


class GaveUpError(Exception):
    """The library stopped by itself, as it does under Postfix."""


class RegMatch(ctypes.Structure):
    """`regmatch_t` of the GNU C library."""

    _fields_ = (("start", c_int), ("end", c_int))


def bits_of(flags: str, table: dict[str, int], default: str) -> int:
    """Each flag turns its option around, starting from what Postfix switches on."""
    bits = 0
    for flag in default + flags:
        bits ^= table[flag]
    return bits


def posix_matcher(pattern: bytes, flags: str) -> tuple[Matcher, int]:
    """A matcher by regcomp(3) and its number of subexpressions; raises BadPatternError."""
    libc = ctypes.CDLL(None)
    compiled = ctypes.create_string_buffer(256)
    failed = libc.regcomp(compiled, c_char_p(pattern), bits_of(flags, POSIX_BITS, "ix"))
    if failed:
        text = ctypes.create_string_buffer(200)
        libc.regerror(failed, compiled, text, len(text))
        raise BadPatternError(text.value.decode("latin-1"))
    groups = c_size_t.from_buffer(compiled, SUBEXPRESSIONS_AT).value
    room = (RegMatch * (groups + 1))()

    def match(subject: bytes) -> Groups | None:
        if libc.regexec(compiled, c_char_p(subject), groups + 1, room, 0):
            return None
        return [None if each.start < 0 else subject[each.start : each.end].decode("latin-1") for each in room]

    return match, groups


def pcre_library() -> ctypes.CDLL:
    """PCRE2 for bytes; raises OSError where it is not installed."""
    pcre = ctypes.CDLL("libpcre2-8.so.0")
    for name in ("compile", "match_data_create_from_pattern", "match_context_create", "get_ovector_pointer"):
        getattr(pcre, f"pcre2_{name}_8").restype = c_void_p
    return pcre


def pcre_code(pcre: ctypes.CDLL, pattern: bytes, flags: str) -> c_void_p:
    """A compiled pattern; raises BadPatternError."""
    number, offset = c_int(), c_size_t()
    options = c_uint32(bits_of(flags, PCRE_BITS, "is"))
    code = pcre.pcre2_compile_8(pattern, c_size_t(len(pattern)), options, byref(number), byref(offset), None)
    if not code:
        text = ctypes.create_string_buffer(200)
        pcre.pcre2_get_error_message_8(number, text, c_size_t(len(text)))
        raise BadPatternError(text.value.decode("latin-1"))
    return c_void_p(code)


def pcre_matcher(pattern: bytes, flags: str, limit: int) -> tuple[Matcher, int]:
    """A matcher by PCRE2 and its number of subexpressions; raises BadPatternError, and OSError without the library."""
    pcre, count = pcre_library(), c_uint32()
    code = pcre_code(pcre, pattern, flags)
    pcre.pcre2_pattern_info_8(code, PCRE_CAPTURE_COUNT, byref(count))
    room = c_void_p(pcre.pcre2_match_data_create_from_pattern_8(code, None))
    context = c_void_p(pcre.pcre2_match_context_create_8(None))
    if limit:
        pcre.pcre2_set_match_limit_8(context, c_uint32(limit))

    def match(subject: bytes) -> Groups | None:
        size = c_size_t(len(subject))
        result = pcre.pcre2_match_8(code, subject, size, c_size_t(0), c_uint32(0), room, context)
        if result == PCRE_NO_MATCH:
            return None
        if result < 0:
            raise GaveUpError
        ends = ctypes.cast(pcre.pcre2_get_ovector_pointer_8(room), ctypes.POINTER(c_size_t))
        return [group_text(subject, ends[2 * at], ends[2 * at + 1]) for at in range(count.value + 1)]

    return match, count.value


def group_text(subject: bytes, start: int, end: int) -> str | None:
    return None if start == PCRE_UNSET else subject[start:end].decode("latin-1")


class Walker:
    """The compiled patterns of one table, and the rule that is being tried now."""

    def __init__(self, now: mmap.mmap) -> None:
        """Write the number of the pattern under trial into `now`."""
        self.now = now
        self.matchers: list[Matcher | None] = []

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        if "patterns" in asked:
            return self.load(asked["kind"], asked["patterns"], asked["limit"])
        return self.walk(asked["rules"], asked["subject"])

    def load(self, kind: str, patterns: Iterable[tuple[str, str]], limit: int) -> dict[str, Any]:
        """Compile; `counts` are subexpressions, -1 for a pattern that is not taken and stands in `errors`."""
        counts: list[int] = []
        errors: dict[int, str] = {}
        for number, (pattern, flags) in enumerate(patterns):
            self.mark(number)
            text = pattern.encode("latin-1")
            try:
                matcher, count = posix_matcher(text, flags) if kind == "regexp" else pcre_matcher(text, flags, limit)
            except BadPatternError as bad:
                errors[number] = str(bad)
                self.matchers.append(None)
                counts.append(-1)
            else:
                self.matchers.append(matcher)
                counts.append(count)
        return {"counts": counts, "errors": errors}

    def mark(self, number: int) -> None:
        self.now[0:4] = number.to_bytes(4, "little")

    def walk(self, rules: list[dict[str, Any]], subject: str) -> dict[str, Any]:
        """The first rule that fires with its groups; `gave_up` are patterns the library stopped at."""
        nesting = 0
        gave_up: list[int] = []
        for at, rule in enumerate(rules):
            if nesting < rule["nesting"]:
                continue
            if rule["op"] == "endif":
                nesting -= 1
                continue
            groups = self.is_matched(rule["tests"], subject.encode("latin-1"), gave_up)
            if groups is None:
                continue
            if rule["op"] == "if":
                nesting += 1
                continue
            return {"rule": at, "groups": groups, "gave_up": gave_up}
        return {"rule": None, "groups": [], "gave_up": gave_up}

    def is_matched(self, tests: list[list[Any]], subject: bytes, gave_up: list[int]) -> Groups | None:
        """The groups of the first test when every test holds; a negated one has none."""
        first: Groups | None = None
        for number, is_negated in tests:
            matcher = self.matchers[number]
            self.mark(number)
            try:
                groups = matcher(subject) if matcher else None
            except GaveUpError:
                gave_up.append(number)
                return None
            if (groups is not None) == is_negated:
                return None
            first = first if first is not None else (groups or [])
        return first


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).setlocale(6, b"C")  # 6 is LC_ALL; Postfix matches bytes, too
    with open(int(sys.argv[1]), "r+b", buffering=0) as file:  # noqa: PTH123 (a descriptor, not a path)
        walker = Walker(mmap.mmap(file.fileno(), 4))
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            said = walker.answer(asked)
        except OSError:
            said = {"absent": True}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
