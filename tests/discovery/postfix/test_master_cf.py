"""master.cf: columns, options in every spelling, duplicates."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.postfix.master_cf import read_master
from discovery.postfix.prints import print_service

SMTPD = "smtp inet n - n - - smtpd"


def overrides(text):
    service = read_master("master.cf", text).services[0]
    return [(each.name, each.value, each.line) for each in service.overrides]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{SMTPD} -o a=b", [("a", "b", 1)]),
        (f"{SMTPD}\n  -oa=b", [("a", "b", 2)]),
        (f"{SMTPD}\n  -o {{ a = b c, d }}", [("a", "b c, d", 2)]),
        (f"{SMTPD}\n  -o a=\n# c\n\n  -o b=1 -o c=2", [("a", "", 2), ("b", "1", 5), ("c", "2", 5)]),
        (f"{SMTPD}\n  -o a=1\n  -o a=2", [("a", "2", 3)]),
        (f"{SMTPD} -v -o a=1 plain -o b=2", [("a", "1", 1)]),
        (f"{SMTPD} -o {{ a = b", [("a", "b", 1)]),
        (f"{SMTPD} -o nothing", []),
    ],
)
def test_options_are_read_with_their_own_lines(text, expected):
    assert overrides(text) == expected


def test_the_command_of_a_pipe_is_kept_word_by_word():
    text = "x unix - n n - - pipe flags=R user=v argv=/bin/x -o ${sender} { a b }"

    service = read_master("master.cf", text).services[0]

    assert service.arguments == ("flags=R", "user=v", "argv=/bin/x", "-o", "${sender}", "a b")
    assert service.overrides == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("smtp inet n - n - smtpd", "broken-service"),
        ("smtp nowhere n - n - - smtpd", "broken-service"),
        ("smtp inet n - n - many smtpd", "broken-service"),
        ("  smtp inet n - n - - smtpd", "orphan-line"),
        (f"{SMTPD}\n{SMTPD}", "duplicate-service"),
    ],
)
def test_what_postfix_would_not_take_is_a_problem(text, kind):
    assert [problem.kind for problem in read_master("master.cf", text).problems] == [kind]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (f"{SMTPD} -o {{ a = b c }}", "smtp       inet  n       -       n       -       -       smtpd -o {a=b c}"),
        ("127.0.0.1:10025 inet n - n - - smtpd", "127.0.0.1:10025 inet n   -       n       -       -       smtpd"),
        ("postlog unix-dgram n - n - 1 postlogd", "postlog    unix-dgram n  -       n       -       1       postlogd"),
    ],
)
def test_a_service_is_printed_as_postconf_prints_it(text, printed):
    assert print_service(read_master("master.cf", text).services[0]) == printed


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_whatever_makes_the_reader_fail(text):
    for service in read_master("master.cf", text).services:
        print_service(service)


@settings(deadline=None)
@given(st.text("-o{}=ab \n", max_size=60))
def test_no_options_whatever_make_the_reader_fail(options):
    master = read_master("master.cf", f"{SMTPD} {options}")

    assert all(override.line >= 1 for service in master.services for override in service.overrides)


# As postconf -M of Postfix 3.7 prints them, quirks included.
PRINTED = {
    "a unix - n n - - smtp {a b} c": "smtp a b c",
    "b unix - n n - - pipe flags=DR argv=/x {a b} { c d } {e}": "pipe flags=DR argv=/x {a b} {c d} e",
    "c unix - n n - - smtp -o {x = a b} {c d} -o y=z": "smtp -o {x=a b} c d -o y=z",
    "e unix - n n - - smtp -o x=1 -- {c d} -o {x = a b}": "smtp -o x=1 -- {c d} -o {x = a b}",
    "g unix - n n - - smtp -vvo x=y -D": "smtp -vv -o x=y -D",
    "h unix - n n ? - smtp": "smtp",
}


@pytest.mark.parametrize("line", PRINTED)
def test_arguments_are_printed_as_postconf_prints_them(line):
    (service,) = read_master("master.cf", line).services

    assert print_service(service).split(" - " if "?" not in line else "?", 1)[1].endswith(" " + PRINTED[line])


def test_flags_before_an_option_do_not_hide_it():
    (service,) = read_master("master.cf", "a unix - n n - - smtp -vo x=y -vvoz=w").services

    assert [(each.name, each.value) for each in service.overrides] == [("x", "y"), ("z", "w")]
