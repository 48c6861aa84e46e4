"""An expression that is written matches what PCRE2 and the C library match, part by part; others are refused."""

import random

import pytest

from discovery.lookup.engine import BadPatternError, pcre_matcher, posix_matcher
from discovery.translation.kumomta.expressions import (
    UnequalError,
    check_captures,
    read_pcre,
    read_posix,
    write_expression,
)

from .stand_in import compiled

PCRE_TEXT = r"""
a b A . \w \d \s \b \B ^ $ ( (?: ) | * + ? *? ++ {2} {1,2} {2,} [ab] [^a] [[:alpha:]] [[:^upper:]] (?i) (?-i) (?= (?!
(?<= (?<! \1 \. - _ (?> \R \x41 [\w-] \z \Z \A (?m: (?s) \h [a-c] { } ] 1 é \Qa.\E (?#no) (?<n> \101 [\d\s]
"""
POSIX_TEXT = (
    r"a b A . ^ $ ( ) | * + ? {2} {1,2} [ab] [^a] [[:alpha:]] \. - _ []a] [a-c] {,2} [\] (a|b) : (.*) 1 \< \> \w"
)
PCRE_PARTS, POSIX_PARTS = PCRE_TEXT.split(), POSIX_TEXT.split()
SUBJECT_PARTS = ["a", "b", "c", "A", "B", "1", "_", "-", " ", "\n", ".", "ab", "\\", ":", "]"]
ROUNDS = 600


def pieces(chooser, parts):
    text = "".join(chooser.choice(parts) for _ in range(chooser.randint(1, 7)))
    return text + ")" * max(0, text.count("(") - text.count(")"))


@pytest.mark.parametrize(
    ("read", "match", "parts", "options", "letters"),
    [
        (read_pcre, lambda text, flags: pcre_matcher(text, flags, 0), PCRE_PARTS, "imsxAU", [*SUBJECT_PARTS, "é"]),
        (read_posix, posix_matcher, POSIX_PARTS, "im", SUBJECT_PARTS),
    ],
    ids=["pcre", "regexp"],
)
def test_thousands_of_expressions_match_what_the_library_matches(read, match, parts, options, letters):
    chooser = random.Random(20261126)
    compared = refused = 0

    for _ in range(ROUNDS):
        pattern, flags = pieces(chooser, parts), "".join(chooser.sample(options, chooser.choice([0, 0, 1, 2])))
        try:
            real, _ = match(pattern.encode(), flags)
        except BadPatternError:
            continue
        try:
            tree = read(pattern.encode().decode("latin-1"), flags)
            written = compiled(write_expression(tree))
        except UnequalError:
            refused += 1
            continue
        is_sure = are_captures_sure(tree, is_longest=read is read_posix)
        for _ in range(12):
            subject = "".join(chooser.choice(letters) for _ in range(chooser.randint(0, 8))).rstrip("\n")
            theirs, ours = real(subject.encode()), written.search(subject.encode().decode("latin-1"))
            assert (theirs is None) == (ours is None), (pattern, flags, subject)
            if theirs and is_sure:
                assert [each or "" for each in theirs[1:]] == [each or "" for each in ours.groups()], (pattern, subject)
        compared += 1

    assert compared > 4 * refused
    assert compared > ROUNDS / 3


def are_captures_sure(tree, *, is_longest):
    try:
        check_captures(tree, is_used=True, is_longest=is_longest)
    except UnequalError:
        return False
    return True


UNEQUAL = r"""
(?R) (?1) (?(1)a|b) (?|(a)|(b)) (*ACCEPT) \p{L} \X a\Kb \G (?C1) (?<=a+)b (a)\1 (a\1) a{,3} \12 [a-\d] [[.a.]] (a a)
*a ^* (?=a)* \x{100} [^\s\S] (?P>n) (?i a{70000} (?:a{90}){90} \
"""


@pytest.mark.parametrize("pattern", UNEQUAL.split())
def test_what_has_no_equal_is_refused(pattern):
    with pytest.raises(UnequalError):
        write_expression(read_pcre(pattern, ""))


@pytest.mark.parametrize(
    "pattern", [r"(a)\1", "a^b", "a$b", "*a", "a{", "[[:nobody:]]", "[[.ab.]]", "[b-a]", "(a", "(^a)*"]
)
def test_what_a_regexp_table_says_without_an_equal_is_refused(pattern):
    with pytest.raises(UnequalError):
        write_expression(read_posix(pattern, ""))


def test_basic_expressions_are_refused():
    with pytest.raises(UnequalError, match="basic"):
        read_posix("a", "x")


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (r"^Subject: (.*)$", r"(?i)^subject: ([\s\S]*)$"),
        (r"\d+(?-i)X", r"[0-9]+X"),
        (r"caf\xE9", r"[Cc][Aa][Ff]\xE9"),
        (r"[^\n]*?", r"[^\x0A]*?"),
        (r"(?<!a|bc)", r"(?i)(?<!a)(?<!bc)"),
    ],
)
def test_it_is_written_in_full(pattern, written):
    assert write_expression(read_pcre(pattern, "")) == written


@pytest.mark.parametrize("pattern", ["(a|ab)(.*)", "(ab)*c", "(a*|b)x", r"(a)\<b"])
def test_the_longest_match_is_not_guessed(pattern):
    tree = read_posix(pattern, "")

    check_captures(tree, is_used=False, is_longest=True)
    with pytest.raises(UnequalError, match="longest"):
        check_captures(tree, is_used=True, is_longest=True)
