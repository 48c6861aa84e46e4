"""SPF by RFC 7208: what counts as a lookup, what is too much, and what cannot be told."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.preflight.spf import examine
from delivery.preflight.spf_terms import PermanentError, read_record
from tests.delivery.preflight.zones import desk_of, spf_zone

IP = "192.0.2.21"
HOSTS = "mx1.a.example. IN A 192.0.2.21\nsix.a.example. IN AAAA 2001:db8::21\n"


def found(tmp_path, records, more="", ip=IP, **desk):
    return examine("a.example", (ip,), desk_of(tmp_path, spf_zone(records) + HOSTS + more, **desk))


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ("v=spf1 ip4:192.0.2.21 -all", "pass"),
        ("v=spf1 ip4:192.0.2.0/27 -all", "pass"),
        ("v=spf1 ip4:192.0.2.0/28 -all", "fail"),
        ("v=spf1 ip4:198.51.100.1 ~all", "softfail"),
        ("v=spf1 ip4:198.51.100.1 ?all", "neutral"),
        ("v=spf1 ip4:198.51.100.1", "neutral"),
        ("v=spf1 -ip4:192.0.2.21 +all", "fail"),
        ("V=SPF1 IP4:192.0.2.21 -ALL", "pass"),
        ("v=spf1 a:mx1.a.example -all", "pass"),
        ("v=spf1 a:mx1.a.example/24 -all", "pass"),
        ("v=spf1 exists:mx1.a.example -all", "pass"),
        ("v=spf1 unknown=modifier ip4:192.0.2.21 -all", "pass"),
    ],
)
def test_what_a_receiver_sees_for_an_address(tmp_path, record, result):
    spf = found(tmp_path, {"a.example": record})

    assert (spf.covered, spf.problems, spf.unknown) == ({IP: result}, (), ())


def test_addresses_of_version_six_are_looked_up_as_such(tmp_path):
    spf = found(tmp_path, {"a.example": "v=spf1 a:six.a.example -all"}, ip="2001:db8::21")

    assert spf.covered == {"2001:db8::21": "pass"}


def test_the_mx_of_the_domain_may_send(tmp_path):
    spf = found(tmp_path, {"a.example": "v=spf1 mx -all"}, "a.example. IN MX 10 mx1.a.example.\n")

    assert (spf.covered, spf.lookups) == ({IP: "pass"}, 1)


def test_an_include_that_passes_passes_and_one_that_fails_only_goes_on(tmp_path):
    records = {
        "a.example": "v=spf1 include:b.example include:c.example -all",
        "b.example": "v=spf1 -all",
        "c.example": "v=spf1 ip4:192.0.2.21 -all",
    }

    spf = found(tmp_path, records)

    assert (spf.covered, spf.lookups) == ({IP: "pass"}, 2)


def test_a_redirect_is_followed_only_where_nothing_matched_and_there_is_no_all(tmp_path):
    records = {"a.example": "v=spf1 redirect=b.example", "b.example": "v=spf1 ip4:192.0.2.21 -all"}
    ignored = records | {"a.example": "v=spf1 redirect=b.example ~all"}

    assert (found(tmp_path, records).covered, found(tmp_path, records).lookups) == ({IP: "pass"}, 1)
    assert (found(tmp_path, ignored).covered, found(tmp_path, ignored).lookups) == ({IP: "softfail"}, 0)


def chain(length):
    """A record whose includes lead on, one by one."""
    records = {f"n{step}.example": f"v=spf1 include:n{step + 1}.example ?all" for step in range(1, length)}
    return {
        "a.example": "v=spf1 include:n1.example ip4:192.0.2.21 -all",
        **records,
        f"n{length}.example": "v=spf1 ?all",
    }


@pytest.mark.parametrize(("length", "is_too_much"), [(9, False), (10, False), (11, True)])
def test_ten_lookups_over_all_records_together_are_the_most(tmp_path, length, is_too_much):
    spf = found(tmp_path, chain(length))

    assert bool(spf.problems) is is_too_much
    assert spf.covered == ({} if is_too_much else {IP: "pass"})
    assert is_too_much or spf.lookups == length


def test_lookups_behind_a_match_count_too_for_mail_that_matches_nothing(tmp_path):
    many = " ".join(f"a:mx1.a.example/{length}" for length in range(20, 31))

    spf = found(tmp_path, {"a.example": f"v=spf1 ip4:192.0.2.21 {many} -all"})

    assert spf.problems == ("It takes more than 10 DNS lookups; “a:mx1.a.example/30” is one too many.",)


@pytest.mark.parametrize(
    "records",
    [
        {"a.example": "v=spf1 include:a.example -all"},
        {"a.example": "v=spf1 include:b.example -all", "b.example": "v=spf1 include:a.example -all"},
        {"a.example": "v=spf1 redirect=a.example"},
    ],
)
def test_a_loop_ends_as_too_many_lookups(tmp_path, records):
    assert "more than 10 DNS lookups" in found(tmp_path, records).problems[0]


@pytest.mark.parametrize(("count", "is_too_much"), [(1, False), (2, False), (3, True)])
def test_two_void_lookups_are_the_most(tmp_path, count, is_too_much):
    gone = " ".join(f"a:gone{number}.example" for number in range(count))

    spf = found(tmp_path, {"a.example": f"v=spf1 {gone} ip4:192.0.2.21 -all"})

    assert spf.problems == (("More than 2 of its lookups lead to nothing.",) if is_too_much else ())
    assert spf.covered == ({} if is_too_much else {IP: "pass"})


def test_a_host_with_an_address_of_the_other_version_only_is_not_void_while_counting(tmp_path):
    hosts = "v=spf1 a:six.a.example a:six.a.example/32 a:six.a.example/31 ip4:192.0.2.21 -all"

    assert found(tmp_path, {"a.example": hosts}, ip="2001:db8::9").problems == ()


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("v=spf1 include:b.example -all", "include:b.example has no SPF record."),
        ("v=spf1 redirect=b.example", "redirect leads to b.example, which has no SPF record."),
        ("v=spf1 redirect=b.example redirect=c.example", "redirect stands in the record twice."),
        ("v=spf1 redirect=", "redirect names no domain."),
        ("v=spf1 ip4:192.0.2.300 -all", "“ip4:192.0.2.300” holds no such address."),
        ("v=spf1 ip6:192.0.2.1 -all", "“ip6:192.0.2.1” holds no such address."),
        ("v=spf1 al -all", "“al” is no term of SPF."),
        ("v=spf1 include -all", "“include” has no domain."),
        ("v=spf1 all:a.example", "“all:a.example” has a domain, and all takes none."),
        ("v=spf1 a/33 -all", "“a/33” has a length of a network that does not exist."),
        (
            "v=spf1 include:b.example/24 -all",
            "“include:b.example/24” has a length of a network, which include does not",
        ),
    ],
)
def test_a_wrong_record_is_a_problem_with_its_words(tmp_path, record, said):
    spf = found(tmp_path, {"a.example": record})

    assert spf.problems[0].startswith(said)
    assert spf.covered == {}


def test_two_records_are_none(tmp_path):
    spf = found(tmp_path, {"a.example": "v=spf1 -all"}, 'a.example. IN TXT "v=spf1 +all"\n')

    assert spf.problems == ("a.example has 2 SPF records; there may be one.",)


def test_other_texts_and_longer_versions_are_no_spf(tmp_path):
    spf = found(tmp_path, {"a.example": "v=spf10 +all"}, 'a.example. IN TXT "google-site-verification=x"\n')

    assert (spf.exists, spf.problems, spf.covered) == (False, (), {})


def test_a_record_in_several_strings_is_read_as_one(tmp_path):
    spf = found(tmp_path, {}, 'a.example. IN TXT "v=spf1 ip4:192.0" ".2.21 -all"\n')

    assert spf.covered == {IP: "pass"}


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 exists:%{i}.spf.a.example -all",
        "v=spf1 include:%{d2}.b.example -all",
        "v=spf1 redirect=%{d}.b.example",
        "v=spf1 ptr -all",
    ],
)
def test_what_depends_on_the_message_is_not_known(tmp_path, record):
    spf = found(tmp_path, {"a.example": record})

    assert (spf.covered, spf.problems, spf.lookups) == ({}, (), 1)
    assert "depends on the message" in spf.unknown[0]


def test_an_address_that_another_term_lets_send_is_known_in_spite_of_a_macro(tmp_path):
    spf = found(tmp_path, {"a.example": "v=spf1 exists:%{i}.x.example ip4:192.0.2.21 -all"})

    assert (spf.covered, spf.unknown) == ({IP: "pass"}, ())


@pytest.mark.parametrize("silent", ["a.example", "b.example"])
def test_a_server_that_does_not_answer_leaves_it_unknown(tmp_path, silent):
    records = {"a.example": "v=spf1 include:b.example -all", "b.example": "v=spf1 ip4:192.0.2.21 -all"}

    spf = found(tmp_path, records, silent=[silent])

    assert spf.unknown == (f"TXT of {silent} has no answer: The name server refused or failed to answer.",)
    assert (spf.covered, spf.problems) == ({}, ())


def test_eleven_names_behind_an_mx_are_too_many(tmp_path):
    names = "".join(f"a.example. IN MX {number} mx{number}.b.example.\n" for number in range(11))

    assert found(tmp_path, {"a.example": "v=spf1 mx -all"}, names).problems == (
        "a.example has 11 MX names; SPF looks at 10.",
    )


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=60))
def test_no_text_breaks_the_reader(text):
    with contextlib.suppress(PermanentError):
        record = read_record(f"v=spf1 {text}")
        assert all(term.result in {"pass", "fail", "softfail", "neutral"} for term in record.terms)
