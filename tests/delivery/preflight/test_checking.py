"""The checks over DNS, one zone file at a time: what holds, what does not, what nobody can tell."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from delivery.preflight.answers import MOST_QUESTIONS, Desk
from delivery.preflight.checking import CHECKERS, run_checks
from delivery.preflight.outcomes import State
from delivery.preflight.records import key_of
from delivery.preflight.sources import Silent
from delivery.preflight.subjects import PlannedSelector, Sender, Subjects
from tests.delivery.preflight.zones import MOMENT, desk_of


def key(bits):
    return written(rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key())


def written(public):
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


GOOD, SHORT = key(2048), key(1024)
TINY = written(rsa.RSAPublicNumbers(65537, 2**767 + 1).public_key())
NAME = "s1-kumo._domainkey.a.example"


def judged(tmp_path, check, subjects, zone, **desk):
    return [(one.subject, one.state, one.said) for one in CHECKERS[check](subjects, desk_of(tmp_path, zone, **desk))]


def dkim_zone(record):
    strings = " ".join(f'"{record[start : start + 255]}"' for start in range(0, len(record), 255))
    return f"{NAME}. IN TXT ({strings})\n"


@pytest.mark.parametrize(
    ("record", "noted", "state", "said"),
    [
        (f"v=DKIM1; k=rsa; h=sha256; p={GOOD}", GOOD, State.PASSED, "Published, 2048 bits; it is the key that was"),
        (f"v=DKIM1; p={GOOD}", "", State.UNKNOWN, "Whether it is the key of the new host cannot be told"),
        (f"v=DKIM1; p={GOOD}", SHORT, State.PROBLEM, "Another key is published than the one that was noted"),
        (f"v=DKIM1; p={SHORT}", SHORT, State.PASSED, "shorter than the 2048 that RFC 8301 asks for"),
        (f"v=DKIM1; t=y:s; p={GOOD}", GOOD, State.PASSED, "still marked as a test (t=y)"),
        (f"v=DKIM1; p={TINY}", "", State.PROBLEM, "no RSA key of 1024 bits or more"),
        ("v=DKIM1; p=", "", State.PROBLEM, "The key is revoked: p= is empty."),
        (f"v=DKIM1; h=sha1; p={GOOD}", "", State.PROBLEM, "It allows sha1 only"),
        (f"v=DKIM2; p={GOOD}", "", State.PROBLEM, "The record is no DKIM key."),
        ("v=DKIM1; p=nonsense!", "", State.PROBLEM, "no RSA key of 1024 bits"),
        ("some words", "", State.PROBLEM, "“some words” is no part of a DKIM record."),
    ],
)
def test_a_selector_is_judged_by_its_key(tmp_path, record, noted, state, said):
    subjects = Subjects(selectors=(PlannedSelector("a.example", NAME, noted),))

    [(subject, found, words)] = judged(tmp_path, "dkim", subjects, dkim_zone(record))

    assert (subject, found) == (NAME, state)
    assert said in words


def test_a_selector_that_is_not_there_or_there_twice_is_a_problem(tmp_path):
    subjects = Subjects(selectors=(PlannedSelector("a.example", NAME),))
    twice = dkim_zone(f"v=DKIM1; p={GOOD}") + dkim_zone(f"v=DKIM1; p={SHORT}")

    assert judged(tmp_path, "dkim", subjects, "x. IN A 192.0.2.1\n") == [(NAME, State.PROBLEM, "It is not published.")]
    assert "There are 2 records" in judged(tmp_path, "dkim", subjects, twice)[0][2]


def test_a_key_for_which_no_selector_is_planned_is_not_known(tmp_path):
    subjects = Subjects(unsigned=("all *: The key signs for every domain.",))

    assert judged(tmp_path, "dkim", subjects, "")[0][1] is State.UNKNOWN


@pytest.mark.parametrize(
    "written", ["{}", "v=DKIM1; k=rsa; p={}", "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----"]
)
def test_a_public_key_is_found_in_whatever_form_it_comes(written):
    cut = "\n".join(GOOD[start : start + 64] for start in range(0, len(GOOD), 64))

    assert key_of(written.format(cut)) == GOOD


PTR4 = "21.2.0.192.in-addr.arpa. IN PTR t1.a.example.\n"
FORWARD = "t1.a.example. IN A 192.0.2.21\n"


@pytest.mark.parametrize(
    ("sender", "zone", "state", "said"),
    [
        (Sender("t", "192.0.2.21", "t1.a.example"), PTR4 + FORWARD, State.PASSED, "the same name"),
        (Sender("t", "192.0.2.21", "t1.a.example"), FORWARD, State.PROBLEM, "There is no PTR record."),
        (Sender("t", "192.0.2.21", "t1.a.example"), PTR4, State.PROBLEM, "does not lead back to 192.0.2.21"),
        (Sender("t", "192.0.2.21", "o.a.example"), PTR4 + FORWARD, State.PROBLEM, "It says o.a.example in HELO"),
        (
            Sender("t", "192.0.2.21", "o.a.example"),
            PTR4 + FORWARD + "o.a.example. IN A 192.0.2.21\n",
            State.PASSED,
            "PTR says t1.a.example",
        ),
        (Sender("t", "192.0.2.21", ""), PTR4 + FORWARD, State.UNKNOWN, "not in the configuration"),
        (Sender("t", "", "t1.a.example"), PTR4 + FORWARD, State.UNKNOWN, "leaves the address to the host"),
        (Sender("t", "10.1.2.3", "t1.a.example"), PTR4 + FORWARD, State.UNKNOWN, "Receivers do not see 10.1.2.3"),
        (
            Sender("t", "2001:db8::21", "t1.a.example"),
            (
                "1.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. IN PTR t1.a.example.\n"
                "t1.a.example. IN AAAA 2001:DB8:0::21\n"
            ),
            State.PASSED,
            "the same name",
        ),
    ],
)
def test_an_address_and_its_names_lead_to_each_other(tmp_path, sender, zone, state, said):
    [(_, found, words)] = judged(tmp_path, "hosts", Subjects(senders=(sender,)), zone)

    assert found is state
    assert said in words


@pytest.mark.parametrize(
    ("zone", "state", "said"),
    [
        ('_dmarc.a.b.example. IN TXT "v=DMARC1; p=none"\n', State.PASSED, "p=none."),
        ('_dmarc.b.example. IN TXT "v=DMARC1; p=reject"\n', State.PASSED, "p=reject, said by _dmarc.b.example."),
        (
            '_dmarc.b.example. IN TXT "v=DMARC1; p=none; sp=REJECT"\n',
            State.PASSED,
            "sp=reject, said by _dmarc.b.example.",
        ),
        ('_dmarc.a.b.example. IN TXT "v=DMARC1; p=none; sp=reject"\n', State.PASSED, "p=none."),
        (
            '_dmarc.b.example. IN TXT "v=DMARC1; p=none; sp=maybe"\n',
            State.PROBLEM,
            "sp=maybe of _dmarc.b.example",
        ),
        ('_dmarc.b.example. IN TXT "v=DMARC1; sp=none"\n', State.PROBLEM, "p=(nothing) of _dmarc.b.example is no"),
        ('_dmarc.example. IN TXT "v=DMARC1; p=reject"\n', State.PROBLEM, "There is no DMARC record"),
        (
            '_dmarc.a.b.example. IN TXT "v=DMARC1; p=maybe"\n',
            State.PROBLEM,
            "p=maybe of _dmarc.a.b.example is no",
        ),
        (
            '_dmarc.a.b.example. IN TXT "v=DMARC1; p=none"\n_dmarc.a.b.example. IN TXT "v=DMARC1; p=reject"\n',
            State.PROBLEM,
            "has 2 records",
        ),
    ],
)
def test_dmarc_is_found_at_the_domain_or_above(tmp_path, zone, state, said):
    [(_, found, words)] = judged(tmp_path, "dmarc", Subjects(domains=("a.b.example",)), zone)

    assert found is state
    assert said in words


def test_mta_sts_and_tls_reports_matter_only_where_they_are_used(tmp_path):
    zone = '_mta-sts.a.example. IN TXT "v=STSv1"\n_smtp._tls.a.example. IN TXT "v=TLSRPTv1; rua=mailto:t@a.example"\n'

    used = judged(tmp_path, "mta_sts", Subjects(domains=("a.example",)), zone)
    unused = judged(tmp_path, "mta_sts", Subjects(domains=("b.example",)), zone)

    assert [state for _, state, _ in used] == [State.PROBLEM, State.PASSED]
    assert [words for _, _, words in unused] == ["b.example does not use it."] * 2


@pytest.mark.parametrize(
    ("zone", "state", "said"),
    [
        (
            "b.example. IN MX 10 mx.b.example.\nmx.b.example. IN A 192.0.2.1\n",
            State.PASSED,
            "come back to mx.b.example",
        ),
        ("b.example. IN A 192.0.2.1\n", State.PASSED, "Bounces come back to b.example."),
        ("b.example. IN MX 0 .\n", State.PROBLEM, "takes no mail (null MX)"),
        ("b.example. IN MX 10 mx.b.example.\n", State.PROBLEM, "mx.b.example has no address"),
    ],
)
def test_bounces_need_a_host_that_takes_them(tmp_path, zone, state, said):
    [(_, found, words)] = judged(tmp_path, "backs", Subjects(backs=(("b.example", "bounces"),)), zone)

    assert found is state
    assert said in words


@pytest.mark.parametrize(
    ("record", "senders", "state", "said"),
    [
        ("v=spf1 ip4:192.0.2.21 -all", [Sender("t", "192.0.2.21", "")], State.PASSED, "it lets 192.0.2.21 send."),
        ("v=spf1 ip4:192.0.2.22 -all", [Sender("t", "192.0.2.21", "")], State.PROBLEM, "192.0.2.21 gets fail"),
        (
            "v=spf1 ip4:192.0.2.21",
            [Sender("t", "192.0.2.21", ""), Sender("s", "", "")],
            State.UNKNOWN,
            "address mail by s has",
        ),
        ("v=spf1 ip4:192.0.2.21", [Sender("n", "10.0.0.1", "")], State.UNKNOWN, "Which address mail by n has"),
        ("v=spf1 ip4:192.0.2.21", [], State.UNKNOWN, "Which address mail by the target has"),
        ("no record", [Sender("t", "192.0.2.21", "")], State.PROBLEM, "There is no SPF record."),
        ("v=spf1 al", [Sender("t", "192.0.2.21", "")], State.PROBLEM, "“al” is no term of SPF."),
    ],
)
def test_spf_is_green_only_where_every_address_is_known_and_may_send(tmp_path, record, senders, state, said):
    subjects = Subjects(domains=("a.example",), senders=tuple(senders))

    [(_, found, words)] = judged(tmp_path, "spf", subjects, f'a.example. IN TXT "{record}"\n')

    assert found is state
    assert said in words


EVERYTHING = Subjects(
    domains=("a.example",),
    senders=(Sender("t", "192.0.2.21", "t1.a.example"),),
    selectors=(PlannedSelector("a.example", NAME, GOOD),),
    backs=(("b.example", "bounces"),),
)


def test_without_a_resolver_nothing_is_known_and_nothing_is_green():
    outcomes = run_checks(EVERYTHING, Desk(Silent(), lambda: MOMENT))

    assert {one.check for one in outcomes} == set(CHECKERS)
    assert {one.state for one in outcomes} == {State.UNKNOWN}
    assert all("No resolver is set" in one.said for one in outcomes)


@pytest.mark.parametrize(
    "silent",
    [
        "a.example",
        NAME,
        "21.2.0.192.in-addr.arpa",
        "t1.a.example",
        "_dmarc.a.example",
        "_mta-sts.a.example",
        "b.example",
    ],
)
def test_an_answer_that_does_not_come_is_never_green(tmp_path, silent):
    zone = (
        'a.example. IN TXT "v=spf1 a:t1.a.example -all"\n_dmarc.a.example. IN TXT "v=DMARC1; p=none"\n'
        + PTR4
        + FORWARD
        + "b.example. IN A 192.0.2.1\n"
        + dkim_zone(f"v=DKIM1; p={GOOD}")
    )
    assert {one.state for one in run_checks(EVERYTHING, desk_of(tmp_path, zone))} == {State.PASSED}

    outcomes = run_checks(EVERYTHING, desk_of(tmp_path, zone, silent=[silent]))

    touched = [one for one in outcomes if any(name == silent for name, _ in one.asked)]
    assert touched
    assert {one.state for one in touched} == {State.UNKNOWN}


def test_each_question_is_asked_once_and_their_number_is_bounded(tmp_path):
    desk = desk_of(tmp_path, "a.example. IN A 192.0.2.1\n")

    first = desk.ask("A.example.", "A")
    for number in range(MOST_QUESTIONS + 5):
        last = desk.ask(f"n{number}.example", "A")

    assert desk.ask("a.example", "A") is first
    assert first.asked_at == MOMENT
    assert "More than 400 questions" in last.why
