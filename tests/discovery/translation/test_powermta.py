"""The PowerMTA configuration: golden outputs, the strict checker where it is there, and nothing left out."""

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from discovery.postfix import read_path
from discovery.postfix.bundle import Bundle
from discovery.translation.powermta import emit_powermta
from discovery.translation.sending import HeaderRule, Origin
from tests.discovery.translation.conftest import MASTER, SAMPLES, estates_in

GOLDEN = Path(__file__).parent / "golden" / "powermta"
SHARED = Path(__file__).parents[4] / "shared"
CHECKER = SHARED / "tools" / "pmta_check.py"
CORPUS = sorted((SHARED / "corpus").glob("0*")) if SHARED.is_dir() else []


def emitted(bundle):
    return emit_powermta(tuple(estates_in(bundle).values()))


def config_of(bundle):
    return emitted(bundle).files[0].text


def one(files):
    return Bundle.of({f"etc/postfix/{name}": text.encode() for name, text in files.items()})


def checked(tmp_path, text):
    path = tmp_path / "config"
    path.write_text(text)
    said = subprocess.run(
        [sys.executable, str(CHECKER), "--json", str(path)], capture_output=True, text=True, check=False
    )
    return [each for each in json.loads(said.stdout) if each["level"] == "error"]


@pytest.mark.parametrize("sample", ["single_ip", "multi_ip", "multi_instance"])
def test_the_samples_give_exactly_the_configuration_that_was_read_by_people(sample):
    text = config_of(read_path(SAMPLES / sample))

    assert text == (GOLDEN / f"{sample}.conf").read_text()


@pytest.mark.parametrize("sample", ["single_ip", "multi_ip", "multi_instance"])
def test_every_line_says_where_it_comes_from_or_why_it_is_there(sample):
    lines = config_of(read_path(SAMPLES / sample)).splitlines()

    silent = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if line.strip() and not line.lstrip().startswith(("#", "</")) and "#" not in line and "#" not in before
    ]

    standing = re.compile(r"\s*(records|record-fields|move-interval|delete-after|/|<address-list>)")
    assert [line for line in silent if not standing.match(line)] == []


@pytest.mark.corpus
@pytest.mark.skipif(not CHECKER.is_file(), reason="the checker lies in ../shared, which is not here")
@pytest.mark.parametrize("folder", [SAMPLES / "single_ip", SAMPLES / "multi_ip", SAMPLES / "multi_instance", *CORPUS])
def test_the_strict_checker_finds_no_error(folder, tmp_path):
    text = config_of(read_path(folder))

    assert checked(tmp_path, text) == []


def statements(fact):
    """Every line of Postfix that an estate makes a statement of, at any depth."""
    if isinstance(fact, HeaderRule) and fact.op != "match":
        return
    if isinstance(fact, Origin):
        yield fact
    elif dataclasses.is_dataclass(fact):
        for field in dataclasses.fields(fact):
            yield from statements(getattr(fact, field.name))
    elif isinstance(fact, tuple):
        for each in fact:
            yield from statements(each)


UNSAID = {
    "initial_destination_concurrency",
    "default_transport",
    "smtpd_banner",
    "myorigin",
    "queue_directory",
    "inet_protocols",
}


@pytest.mark.parametrize("sample", ["single_ip", "multi_ip", "multi_instance"])
def test_every_statement_of_an_estate_becomes_a_line_or_a_refusal(sample):
    bundle = read_path(SAMPLES / sample)
    emission = emitted(bundle)

    said = {origin for estate in estates_in(bundle).values() for origin in statements(estate)}

    places = {origin.place for origin in emission.origins} | {each.origin.place for each in emission.not_carried}
    left = {origin for origin in said if origin.place not in places and origin.name not in UNSAID}
    assert left == set()


def test_a_route_to_hosts_of_its_own_has_a_way_out_of_its_own(tmp_path):
    text = config_of(
        one({
            "main.cf": "sender_dependent_relayhost_maps = hash:/etc/postfix/relays\n",
            "master.cf": MASTER,
            "relays": "@news.example [relay.example]:587\nboss@x.example [192.0.2.4]\n",
        })
    )  # fmt: skip

    assert "mail-from /(?i)@news\\.example$/ virtual-mta=row-relays-1" in text
    assert re.search(r"<virtual-mta row-relays-1>.*?smtp-hosts relay\.example:587", text, re.DOTALL)
    assert re.search(r"<virtual-mta row-relays-2>.*?smtp-hosts \[192\.0\.2\.4\]", text, re.DOTALL)


WAITS = "# nobody listens there: this mail waits and is never sent another way\n    smtp-hosts [127.0.0.1]:1  #"


def mta(text, name):
    """The lines of one virtual MTA."""
    return re.search(rf"<virtual-mta {re.escape(name)}>.*?</virtual-mta>", text, re.DOTALL)[0]


@pytest.mark.parametrize("relay", ["[relay.example]:465", "unix:/run/relay", "[relay.example]:nowhere"])
def test_mail_for_a_relay_host_that_is_not_reached_waits(relay):
    emission = emitted(one({"main.cf": f"relayhost = {relay}\nmydestination =\n", "master.cf": MASTER}))

    text = emission.files[0].text
    assert WAITS in mta(text, "smtp")
    assert text.count("smtp-hosts") == 1
    assert "etc/postfix/main.cf:1" in {refusal.origin.place for refusal in emission.not_carried}


def test_a_row_that_asks_for_no_relay_host_gets_none_and_the_others_have_it():
    text = config_of(one({
        "main.cf": "relayhost = [relay.example]\ntransport_maps = hash:/etc/postfix/table\n",
        "master.cf": MASTER, "table": "direct.example smtp:\n",
    }))  # fmt: skip

    assert "smtp-hosts relay.example" in mta(text, "smtp")
    assert "smtp-hosts" not in mta(text, "row-table-1")
    assert "rcpt-to /(?i)@direct\\.example$/ virtual-mta=row-table-1" in text


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("gone:", WAITS), ("smtp:[x.example]:465", WAITS), ("lmtp:unix:/run/x", WAITS), ("local:", WAITS),
        ("retry:4.0.0 later", WAITS), ("error:5.1.1 no", "type discard"), ("error:5.1.1 no", "discard-as-bounce yes"),
        ("discard:", "type discard"), ("smtp:[x.example]", "smtp-hosts x.example"),
    ],
)  # fmt: skip
def test_a_row_never_falls_to_the_way_of_other_mail(target, expected):
    master = f"{MASTER}lmtp unix - - y - - lmtp\nlocal unix - - y - - local\nretry unix - - y - - error\n"
    emission = emitted(one({
        "main.cf": "transport_maps = hash:/etc/postfix/table\n", "master.cf": master, "table": f"a.example {target}\n",
    }))  # fmt: skip

    text = emission.files[0].text
    assert "rcpt-to /(?i)@a\\.example$/ virtual-mta=row-table-1" in text
    assert expected in mta(text, "row-table-1")
    told = "etc/postfix/table:1" in {refusal.origin.place for refusal in emission.not_carried}
    assert told == (target not in {"discard:", "smtp:[x.example]"})


def test_rows_with_the_same_way_share_a_virtual_mta():
    rows = "".join(f"d{number}.example smtp:[x.example]\nr{number}.example error:no\n" for number in range(50))

    main = "transport_maps = hash:/etc/postfix/t\nmydestination =\n"
    text = config_of(one({"main.cf": main, "master.cf": MASTER, "t": rows}))

    assert re.findall(r"<virtual-mta (row\S+)>", text) == ["row-t-1", "row-t-2"]
    assert text.count("virtual-mta=row-t-1") == text.count("virtual-mta=row-t-2") == 50


def test_an_address_is_sent_although_its_domain_is_thrown_away():
    text = config_of(one({
        "main.cf": "transport_maps = hash:/etc/postfix/t\n", "master.cf": MASTER,
        "t": "a.example discard:\nvip@a.example smtp:\n",
    }))  # fmt: skip

    assert text.index("vip\\@a\\.example$/ virtual-mta=smtp") < text.index("@a\\.example$/ virtual-mta=row-t-1")
    assert "type discard" not in mta(text, "smtp")
    assert "<domain a.example>" not in text


@pytest.mark.parametrize("main", ["default_transport = lmtp:unix:/x\n", "transport_maps = pcre:/etc/postfix/t\n"])
def test_what_cannot_be_told_from_other_mail_waits_with_it(main):
    master = f"{MASTER}lmtp unix - - y - - lmtp\n"
    text = config_of(one({"main.cf": main, "master.cf": master, "t": "/a/X smtp:[x.example]\n"}))

    assert WAITS in mta(text, "mail-that-waits")
    assert "default-virtual-mta mail-that-waits" in text or "rcpt-to /@/ virtual-mta=mail-that-waits" in text


@pytest.mark.parametrize(
    ("setting", "absent"),
    [
        ("smtp_destination_concurrency_limit = 0\n", "max-smtp-out"),
        ("smtp_destination_recipient_limit = 0\n", "max-rcpt-per-transaction"),
        ("smtpd_timeout = 0\n", "smtp-command-timeout"), ("smtp_connect_timeout = 0\n", "connect-timeout"),
        ("maximal_queue_lifetime = 0\n", "bounce-after"), ("smtpd_recipient_limit = 0\n", "max-rcpt-per-message"),
    ],
)  # fmt: skip
def test_a_zero_that_means_something_else_is_told_and_not_written(setting, absent):
    emission = emitted(one({"main.cf": setting, "master.cf": MASTER}))

    assert absent not in emission.files[0].text
    assert ("etc/postfix/main.cf:1", "0") in {(each.origin.place, each.text) for each in emission.not_carried}


def test_names_that_differ_in_one_letter_stay_apart_and_a_place_is_listened_at_once():
    master = (
        "a+b unix - - - - - smtp\na-b unix - - - - - smtp\nsmtp inet n - - - - smtpd\n0.0.0.0:25 inet n - - - - smtpd\n"
    )

    text = config_of(one({"main.cf": "", "master.cf": master}))

    names = re.findall(r"<virtual-mta (a\S+)>", text)
    assert len(set(names)) == len(names) == 2
    assert text.count("<smtp-listener 0.0.0.0:25>") == 1


def test_keys_have_new_selectors_and_paths_on_the_new_host():
    text = config_of(read_path(SAMPLES / "multi_ip"))

    assert "domain-key s1-pmta,sender.example,/etc/pmta/dkim/sender.example/s1-pmta.key" in text
    assert "# make /etc/pmta/dkim/sender.example/s1-pmta.key and publish s1-pmta._domainkey.sender.example TXT" in text
    assert "/etc/opendkim/keys" not in text


def test_a_delay_between_deliveries_is_a_rate_over_one_connection(tmp_path):
    text = config_of(one({"main.cf": "smtp_destination_rate_delay = 90s\n", "master.cf": MASTER}))

    assert "max-msg-rate 1/90s  # etc/postfix/main.cf:1" in text
    assert "max-smtp-out 1  # etc/postfix/main.cf:1" in text


def test_a_value_that_would_end_its_line_is_refused_and_the_rest_stands():
    emission = emitted(one({"main.cf": "myhostname = {{ host name }}\nrelayhost = [r.example]\n", "master.cf": MASTER}))

    text = emission.files[0].text
    assert "{{" not in text
    assert "smtp-hosts r.example  # etc/postfix/main.cf:2" in text
    assert "etc/postfix/main.cf:1" in {refusal.origin.place for refusal in emission.not_carried}


def test_nobody_may_relay_who_was_not_named():
    text = config_of(one({"main.cf": "mynetworks = 192.0.2.0/24\n", "master.cf": MASTER}))

    assert re.findall(r"<source ([\d.:/]+)>[^<]*always-allow-relaying (\w+)", text) == [
        ("192.0.2.0/24", "yes"),
        ("0/0", "no"),
    ]
    assert "always-allow-relaying" not in text.partition("<source entrance-smtp>")[2].partition("</source>")[0]
