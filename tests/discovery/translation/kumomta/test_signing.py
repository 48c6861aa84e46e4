"""A message signed as the generated set prescribes verifies with the record that the plan prints."""

import re
import subprocess
import tomllib

import dkim
import pytest

from discovery.postfix import SigningKey, read_path
from discovery.translation.kumomta import emit_kumomta
from discovery.translation.kumomta.keys import PATH
from discovery.translation.signing import Selector, record_text, selector_plan, steps_of, zone_lines
from tests.discovery.translation.conftest import SAMPLES, estates_in

MESSAGE = b"""\
From: Anna <anna@sender.example>\r
To: berta@receiver.example\r
Subject: a report\r
Date: Mon, 02 Nov 2026 10:00:00 +0000\r
Message-ID: <1@sender.example>\r
\r
A line  with blanks  \r
\r
"""


@pytest.fixture(scope="module")
def key():
    """A private key in PEM and its public key, made for this test."""
    private = subprocess.run(["openssl", "genrsa", "2048"], capture_output=True, check=True).stdout
    public = subprocess.run(["openssl", "rsa", "-pubout"], input=private, capture_output=True, check=True).stdout
    return private, public.decode()


def data_of(folder):
    emission = emit_kumomta(tuple(estates_in(read_path(SAMPLES / folder)).values()))
    return tomllib.loads(next(file.text for file in emission.files if file.path == PATH))


def signed(data, domain, private, message=MESSAGE):
    """The message with the header that KumoMTA adds when it follows dkim_data.toml."""
    base, own = data["base"], data["domain"][domain]
    ways = (base["header_canonicalization"].lower().encode(), base["body_canonicalization"].lower().encode())
    headers = [name.lower().encode() for name in base["headers"] if f"\r\n{name}:".encode() in b"\r\n" + message]
    line = dkim.sign(
        message, own["selector"].encode(), domain.encode(), private, canonicalize=ways, include_headers=headers
    )
    return line + message


def published(selector, public):
    """A resolver that knows the records of the plan and nothing else; the strings of a record are joined (RFC 7208)."""
    zone = zone_lines(selector, public)
    name, _, strings = zone.partition(" IN TXT ( ")
    record = "".join(part for part in strings.removesuffix(" )").split('"') if part.strip())
    return lambda asked, **_: record.encode() if asked == name.encode() else None


def plan_of(folder):
    keys = [key for estate in estates_in(read_path(SAMPLES / folder)).values() for key in estate.signing]
    return selector_plan(keys, "kumomta", [])


@pytest.mark.parametrize("folder", ["multi_ip", "multi_instance"])
def test_every_domain_of_a_sample_is_signed_so_that_receivers_believe_it(folder, key):
    private, public = key
    data, plan = data_of(folder), plan_of(folder)

    assert sorted(data["domain"]) == sorted(selector.domain for selector in plan) != []
    for selector in plan:
        message = signed(data, selector.domain, private)
        assert dkim.verify(message, dnsfunc=published(selector, public)) is True
        assert dkim.verify(message.replace(b"a report", b"another"), dnsfunc=published(selector, public)) is False


def test_a_message_signed_with_the_new_selector_does_not_ask_for_the_old_record(key):
    private, public = key
    selector = plan_of("multi_ip")[0]
    old = Selector(selector.domain, selector.old, selector.old, selector.key_path, selector.origin)

    message = signed(data_of("multi_ip"), selector.domain, private)

    assert dkim.verify(message, dnsfunc=published(old, public)) is False


def test_blanks_may_change_on_the_way(key):
    private, public = key
    selector = plan_of("multi_ip")[0]

    message = signed(data_of("multi_ip"), selector.domain, private).replace(b"with blanks  \r\n", b"with   blanks\r\n")

    assert dkim.verify(message, dnsfunc=published(selector, public)) is True


def one_key(domain="a.example", selector="s1", signs=("*@a.example",)):
    return SigningKey(domain, selector, "/etc/keys/s1", "opendkim", signs, False, "etc/opendkim/KeyTable", 1)


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ([one_key("*")], "every domain"),
        ([one_key("a b.example")], "cannot be a name"),
        ([one_key(selector="")], "cannot be a name"),
        ([one_key(), one_key(selector="s2")], "signs for this domain already"),
        ([one_key(signs=("*@a.example", "*@b.example"))], r"\*@b.example"),
    ],
)
def test_a_key_without_a_plan_is_told(keys, reason):
    refusals = []

    selector_plan(keys, "kumomta", refusals)

    assert [refusal.origin.place for refusal in refusals] == ["etc/opendkim/KeyTable:1"]
    assert re.search(reason, refusals[0].reason)


def test_each_target_has_selectors_of_its_own_that_fit_into_a_label():
    long = "s" * 63

    (kumo,) = selector_plan([one_key(selector=long)], "kumomta", [])
    (pmta,) = selector_plan([one_key(selector=long)], "powermta", [])

    assert (len(kumo.new), len(pmta.new)) == (63, 63)
    assert kumo.new != pmta.new
    assert kumo.key_path == f"/opt/kumomta/etc/dkim/a.example/{kumo.new}.key"


def test_a_record_is_cut_into_strings_that_dns_takes_and_says_what_it_is_for(key):
    _, public = key
    selector = plan_of("multi_ip")[0]

    zone = zone_lines(selector, public)

    assert zone.startswith(f"{selector.record_name}. IN TXT ( ")
    assert max(len(each) for each in zone.split('"')[1::2]) <= 255
    assert record_text(public).startswith("v=DKIM1; k=rsa; h=sha256; p=MIIB")


def test_the_steps_leave_the_key_where_it_was_made():
    selector = plan_of("multi_ip")[0]

    steps = steps_of(selector)

    assert steps[1] == f"openssl genrsa -out {selector.key_path} 2048"
    assert selector.old in steps[-1]
