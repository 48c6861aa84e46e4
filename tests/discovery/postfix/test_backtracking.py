"""Which expressions of customers would take exponential time; told by their form, never by trying."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.lookup.deadline import NoEngineError, PatternMatcher
from discovery.postfix import Bundle, audit_bundle
from discovery.postfix.backtracking import is_exponential
from discovery.postfix.table_matchers import patterns_in


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(a+)+$", r"(.*)*x", r"([a-z.]+\.)+$", r"(\w|\d)*:", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(x+x+)+y",
        r"((a*)*)*b", r"^(\s*\w*\s*)*$", r"([[:alpha:]]+)*1", r"(a{1,}){2,}b",
        r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}",
        r"(?i)(?P<name>a+)+$", r"(?=(a+)+b)c", r"(a+){30}b", r"(.*?,)+x", r"^Subject: (.+)+ free$", r"(a|[a-f])+$",
        r"(ß+)+$", r"(a+){00030}b", "(a+){" + "9" * 3900 + "}b",
    ],
)  # fmt: skip
def test_two_ways_to_match_one_text_are_seen(pattern):
    assert is_exponential(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^Subject: (a+)+", r"([a-z]+\.)+$", r"^Received: from .*\.example", r"(?>a+)+b", r"(a++)+b",
        r"^(From|To): .*", r"(\d+,)*\d+$", r"^.*.*.*x", r"(\s*,\s*\w+)*$",
        r"^\[?(([0-9]{1,3}\.){3}[0-9]{1,3})\]?$", r"((a|b)c)*d",
        r"^(X-(Foo|Bar)(-[A-Za-z]+)?):", r"(a+)?b$", r"^(?!.*foo)(bar)+$", "[", "(((",
        "a{", "\\", "(?", "(?P<", "*a", ")", "(" * 200 + "a+" + ")+" * 200,
        "a" + "*" * 3900, "(a" + "+?" * 1900 + ")+x",
        "(" * 38 + "a" + "*" * 38 + (")" + "*" * 38) * 38,
        "^Subject: Gruß", "(ﬁ|İ|ŉ)+$", "[À-ÿß]+x", "d{²}", "d{²,³}", "d{٣}", "\\²", "(a+){00001}b",
    ],
)  # fmt: skip
def test_other_repetitions_are_left_alone(pattern):
    assert not is_exponential(pattern)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.text("ab().|*+?[]^$\\{},:-1dw<>=!P'", max_size=20)
        | st.text(max_size=10)
        | st.text("ßﬁİŉÀÿμ²³٣", max_size=5)
        | st.integers(min_value=0).map(lambda number: f"{{{number}}}")
        | st.sampled_from(["{" + "9" * 3000 + "}", "*" * 3000, "{" + "9" * 5000 + ",}"]),
        max_size=6,
    ).map("".join)
)
def test_no_expression_whatever_makes_the_look_fail(pattern):
    assert is_exponential(pattern) in {True, False}


@pytest.mark.parametrize(
    ("pattern", "does_give_up"),
    [("^(a+)+$", True), ("([a-z.]+[.])+$", True), (r"^(\w|a)*$", True), ("^([a-z]+,)*$", False), ("^a+a+$", False)],
)
def test_the_library_of_postfix_agrees(pattern, does_give_up):
    """PCRE2 stops at a number of steps: forty letters are enough for it where the time doubles with each."""
    rule = {"op": "rule", "nesting": 0, "tests": [[0, False]]}
    try:
        with PatternMatcher("pcre", [(pattern, "")], limit=1_000_000) as matcher:
            gave_up = matcher.walk([rule], "a." * 20 + "a" * 40 + "!")["gave_up"]
            gave_up += matcher.walk([rule], "a" * 40 + "!")["gave_up"]
    except NoEngineError:
        pytest.skip("PCRE2 is not on this machine")

    assert bool(gave_up) == does_give_up == is_exponential(pattern)


def test_expressions_are_taken_out_of_their_table():
    text = "# x\n/^a\\/b/i OK\nif !/^Subject/\n  /never/\n!m#c#  REJECT\nendif\n/open\n"

    assert list(patterns_in(text)) == [(r"^a\/b", 2), ("^Subject", 3), ("open", 7)]


@pytest.mark.parametrize(
    "row", ["/^Subject: Gruß/ REJECT", "/d{²}/ REJECT", f"/a{{{'9' * 5000}}}/ OK", f"/a{'*' * 3900}/ OK"]
)
def test_no_single_expression_stops_the_audit(row):
    bundle = Bundle.of(
        {
            "etc/postfix/main.cf": b"header_checks = regexp:/etc/postfix/header_checks\n",
            "etc/postfix/header_checks": f"{row}\n/^(a+)+$/ REJECT\n".encode(),
        }
    )

    report = audit_bundle(bundle, secret_key=b"key of this portal")

    slow = [finding for finding in report.findings if "(a+)+" in str(finding)]
    assert slow
