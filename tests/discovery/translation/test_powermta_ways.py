"""A virtual MTA of a row has all that its transport has, and only hosts of its own."""

import re

import pytest

from discovery.postfix.bundle import Bundle
from discovery.translation.powermta import emit_powermta
from tests.discovery.translation.conftest import MASTER, estates_in
from tests.discovery.translation.test_powermta import config_of, emitted, mta, one

PACED = f"{MASTER}slow unix - - y - 2 smtp -o smtp_bind_address=192.0.2.9\n"


def test_a_row_has_the_pace_of_its_transport_and_hosts_of_its_own():
    emission = emitted(one({
        "main.cf": "myhostname = x.example\ntransport_maps = hash:/etc/postfix/t\nslow_destination_rate_delay = 5s\n",
        "master.cf": PACED, "t": "a.example slow:[h.example]\n",
    }))  # fmt: skip

    text = emission.files[0].text
    row = mta(text, "row-t-1")
    assert "smtp-source-host 192.0.2.9" in row
    assert "max-msg-rate 1/5s" in row
    assert "\n  max-smtp-out 2" in row
    assert "smtp-hosts h.example" in row
    assert "smtp-hosts" not in mta(text, "slow")
    assert [each.text for each in emission.not_carried if "counts in each by itself" in each.reason] == ["slow"]


def test_a_row_of_a_second_instance_keeps_its_encryption_its_times_and_its_destinations():
    files = {
        "a/main.cf": "myhostname = a.example\n", "a/master.cf": MASTER,
        "b/main.cf": (
            "myhostname = b.example\nsmtp_tls_security_level = encrypt\nmaximal_queue_lifetime = 2d\n"
            "transport_maps = hash:/etc/b/t\nsmtp_tls_policy_maps = hash:/etc/b/tls\n"
        ),
        "b/master.cf": MASTER, "b/t": "x.example smtp:[h.example]\n", "b/tls": "y.example dane\n",
    }  # fmt: skip
    bundle = Bundle.of({f"etc/{name}": text.encode() for name, text in files.items()})

    text = emit_powermta(tuple(estates_in(bundle).values())).files[0].text

    (name,) = re.findall(r"<virtual-mta (\S*row-t-1)>", text)
    row = mta(text, name)
    assert "require-starttls yes" in row
    assert "bounce-after 2d" in row
    assert re.search(r"<domain y\.example>[^<]*use-dane yes", row)
    assert "smtp-hosts h.example" in row


def test_each_way_out_has_the_level_of_tls_of_its_own():
    text = config_of(one({
        "main.cf": (
            "smtp_tls_security_level = may\ntransport_maps = hash:/etc/postfix/t\n"
            "smtp_tls_policy_maps = hash:/etc/postfix/tls\n"
        ),
        "master.cf": f"{MASTER}slow unix - - y - - smtp -o smtp_tls_security_level=encrypt\n",
        "t": "a.example slow:[h.example]\n", "tls": "safe.example encrypt\n",
    }))  # fmt: skip

    assert re.search(r"<domain \*>[^<]*require-starttls yes  # etc/postfix/master.cf:5", mta(text, "slow"))
    assert re.search(r"<domain \*>[^<]*require-starttls yes", mta(text, "row-t-1"))
    plain = re.search(r"<domain \*>[^<]*", mta(text, "smtp"))[0]
    assert "use-starttls yes" in plain
    assert "require-starttls" not in plain
    assert re.search(r"<domain safe\.example>[^<]*require-starttls yes", mta(text, "smtp"))


def test_one_level_for_all_transports_is_said_once():
    text = config_of(one({"main.cf": "smtp_tls_security_level = encrypt\n", "master.cf": PACED}))

    assert text.count("require-starttls yes") == 1
    assert "starttls" not in mta(text, "slow")


@pytest.mark.parametrize(("key", "row"), [("@a.example", "slow:"), ("vip@a.example", "slow:")])
def test_a_transport_chosen_by_the_sender_still_hands_on_to_the_relay_host(key, row):
    text = config_of(one({
        "main.cf": (
            "relayhost = [relay.example]\nsender_dependent_default_transport_maps = hash:/etc/postfix/senders\n"
            "transport_maps = hash:/etc/postfix/t\n"
        ),
        "master.cf": PACED, "senders": f"{key} {row}\n", "t": "direct.example slow:\n",
    }))  # fmt: skip

    assert re.search(rf"mail-from /\(\?i\)\S*{key.rpartition('@')[0]}\S*a\\\.example\$/ virtual-mta=slow\n", text)
    assert "smtp-hosts relay.example" in mta(text, "slow")
    assert "row-senders" not in text
    assert "smtp-hosts" not in mta(text, "row-t-1")


def test_the_next_hop_of_the_default_transport_is_where_all_other_mail_goes_before_any_relay_host():
    emission = emitted(one({
        "main.cf": (
            "mydestination =\ndefault_transport = smtp:[last.example]:2525\nrelayhost = [relay.example]\n"
            "transport_maps = hash:/etc/postfix/t\nsender_dependent_relayhost_maps = hash:/etc/postfix/relays\n"
        ),
        "master.cf": MASTER, "t": "a.example smtp:\nb.example smtp:[h.example]\nc.example :\n",
        "relays": "@x.example [other.example]\n",
    }))  # fmt: skip

    text = emission.files[0].text
    rows = re.search(r"<pattern-list routes>.*?</pattern-list>", text, re.DOTALL)[0]
    assert "smtp-hosts last.example:2525  # etc/postfix/main.cf:2" in mta(text, "row-main.cf-2")
    assert re.findall(r"virtual-mta=(\S+)", rows) == ["row-t-1", "row-t-2", "row-main.cf-2"]
    assert "rcpt-to /@/ virtual-mta=row-main.cf-2\n</pattern-list>" in rows
    assert re.findall(r"default-virtual-mta (\S+)", text) == ["row-main.cf-2"]
    assert "last.example" not in mta(text, "smtp")
    assert "smtp-hosts" not in mta(text, "row-t-1")
    assert "other.example" not in text
    assert [each.text for each in emission.not_carried if "prefers to this row" in each.reason] == ["x.example"]


def test_the_next_hop_of_the_relay_transport_is_for_relay_domains_and_no_other_mail():
    text = config_of(one({
        "main.cf": (
            "mydestination =\nrelay_transport = smtp:[inner.example]\nrelay_domains = ours.example\n"
            "sender_dependent_default_transport_maps = hash:/etc/postfix/senders\n"
        ),
        "master.cf": PACED, "senders": "@x.example slow:\n",
    }))  # fmt: skip

    rows = re.search(r"<pattern-list routes>.*?</pattern-list>", text, re.DOTALL)[0]
    assert "smtp-hosts inner.example  # etc/postfix/main.cf:2" in mta(text, "row-main.cf-2")
    assert re.findall(r"virtual-mta=(\S+)", rows) == ["row-main.cf-2", "row-main.cf-2", "slow"]
    assert rows.count(r"ours\.example$/ virtual-mta=row-main.cf-2") == 2
    assert re.findall(r"default-virtual-mta (\S+)", text) == ["smtp"]


@pytest.mark.parametrize("hop", ["[last.example]:465", "[last.example]:nowhere", "unix:/run/x"])
def test_mail_for_a_next_hop_of_the_default_transport_that_is_not_reached_waits(hop):
    emission = emitted(one({"main.cf": f"mydestination =\ndefault_transport = smtp:{hop}\n", "master.cf": MASTER}))

    text = emission.files[0].text
    (name,) = re.findall(r"default-virtual-mta (\S+)", text)
    assert "smtp-hosts [127.0.0.1]:1" in mta(text, name)
    assert "etc/postfix/main.cf:2" in {each.origin.place for each in emission.not_carried}
