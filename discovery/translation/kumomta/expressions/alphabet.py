"""Sets of bytes that expressions name. ASCII only: Postfix runs in the C locale."""

from discovery.translation.kumomta.expressions.tree import Bytes

EVERY = frozenset(range(256))
NEWLINE = frozenset(b"\n")
DIGITS = frozenset(b"0123456789")
LOWER = frozenset(range(0x61, 0x7B))
UPPER = frozenset(range(0x41, 0x5B))
LETTERS = LOWER | UPPER
WORD = LETTERS | DIGITS | frozenset(b"_")
SPACE = frozenset(b"\t\n\x0b\x0c\r ")
HORIZONTAL = frozenset(b"\t \xa0")
VERTICAL = frozenset(b"\n\x0b\x0c\r\x85")
GRAPHIC = frozenset(range(0x21, 0x7F))

CLASSES = {
    "alnum": LETTERS | DIGITS,
    "alpha": LETTERS,
    "blank": frozenset(b"\t "),
    "cntrl": frozenset(range(0x20)) | {0x7F},
    "digit": DIGITS,
    "graph": GRAPHIC,
    "lower": LOWER,
    "print": GRAPHIC | {0x20},
    "punct": GRAPHIC - LETTERS - DIGITS,
    "space": SPACE,
    "upper": UPPER,
    "xdigit": DIGITS | frozenset(b"abcdefABCDEF"),
}
PCRE_CLASSES = CLASSES | {"word": WORD, "ascii": frozenset(range(0x80))}
SHORTHANDS = {"d": DIGITS, "w": WORD, "s": SPACE, "h": HORIZONTAL, "v": VERTICAL}


def other_case(member: int) -> int:
    return member ^ 0x20 if member in LETTERS else member


def in_both_cases(members: Bytes) -> Bytes:
    return members | frozenset(other_case(each) for each in members)


def complement(members: Bytes) -> Bytes:
    return EVERY - members
