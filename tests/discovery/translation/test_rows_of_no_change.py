"""Rows that change nothing end the search of their tables, and domains of this host stay with it."""

import re

import pytest

from tests.discovery.translation.conftest import MASTER
from tests.discovery.translation.test_powermta import WAITS, config_of, emitted, mta, one

TRANSPORT = "transport_maps = hash:/etc/postfix/t\n"


def way_of(text, what, address):
    """The virtual MTA of the first row of the pattern list that fits, as PowerMTA would choose it."""
    rows = re.findall(r"^\s*(rcpt-to|mail-from) /(.*)/ virtual-mta=(\S+)$", text, re.MULTILINE)
    return next((name for kind, pattern, name in rows if kind == what and re.search(pattern, address)), None)


def test_own_mail_of_an_unchanged_row_does_not_take_the_last_row():
    text = config_of(one({
        "main.cf": TRANSPORT, "master.cf": MASTER, "t": "my.example :\n* smtp:outbound.example.net\n",
    }))  # fmt: skip

    assert way_of(text, "rcpt-to", "a@my.example") == "smtp"
    assert way_of(text, "rcpt-to", "a@other.example") == "row-t-2"


def test_an_unchanged_recipient_goes_on_to_the_rows_of_senders():
    emission = emitted(one({
        "main.cf": f"{TRANSPORT}sender_dependent_relayhost_maps = hash:/etc/postfix/s\n", "master.cf": MASTER,
        "t": "my.example :\nboss@b.example :\nb.example smtp:[b]\n* smtp:outbound.example.net\n",
        "s": "@a.example [relay.example]\n",
    }))  # fmt: skip

    text = emission.files[0].text
    assert way_of(text, "rcpt-to", "a@my.example") is None
    assert way_of(text, "rcpt-to", "Boss@B.example") is None
    assert way_of(text, "rcpt-to", "a@b.example") == "row-t-3"
    assert way_of(text, "rcpt-to", "a@notmy.example") == way_of(text, "rcpt-to", "a@my.example.org") == "row-t-4"
    assert way_of(text, "mail-from", "x@a.example") == "row-s-1"
    assert {"etc/postfix/t:1", "etc/postfix/t:2"} <= {origin.place for origin in emission.origins}


def test_a_sender_who_is_left_alone_does_not_take_the_row_of_its_domain():
    text = config_of(one({
        "main.cf": "sender_dependent_relayhost_maps = hash:/etc/postfix/s\nrelayhost = [all.example]\n",
        "master.cf": MASTER, "s": "vip@a.example DUNNO\n@a.example [other.example]\n",
    }))  # fmt: skip

    assert way_of(text, "mail-from", "vip@a.example") == "smtp"
    assert way_of(text, "mail-from", "x@a.example") == "row-s-2"
    assert "smtp-hosts all.example" in mta(text, "smtp")


def test_a_sender_left_alone_by_one_table_has_what_the_other_says():
    text = config_of(one({
        "main.cf": (
            "sender_dependent_relayhost_maps = hash:/etc/postfix/s\n"
            "sender_dependent_default_transport_maps = hash:/etc/postfix/d\n"
        ),
        "master.cf": f"{MASTER}slow unix - - y - - smtp\n",
        "s": "vip@a.example DUNNO\n", "d": "@a.example slow:\n",
    }))  # fmt: skip

    assert way_of(text, "mail-from", "vip@a.example") == "slow"


LOCAL = f"{MASTER}local unix - n n - - local\n"


@pytest.mark.parametrize("row", ["my.example :", "a@my.example :", "* :", ".example :"])
def test_a_row_that_changes_nothing_leaves_a_domain_of_this_host_with_it(row):
    text = config_of(one({
        "main.cf": f"{TRANSPORT}mydestination = my.example\n", "master.cf": LOCAL, "t": f"{row}\n",
    }))  # fmt: skip

    assert WAITS in mta(text, way_of(text, "rcpt-to", "a@my.example"))


def test_the_nearest_domain_above_is_asked_first():
    text = config_of(one({
        "main.cf": TRANSPORT, "master.cf": MASTER, "t": ".example smtp:[far]\n.a.example smtp:[near]\n",
    }))  # fmt: skip

    assert way_of(text, "rcpt-to", "x@b.a.example") == "row-t-2"


@pytest.mark.parametrize(
    ("pattern", "own", "others"),
    [
        (r"/^my\.example$/", "a@my.example", ["a@not-my.example", "my.example@x.org"]),
        (r"/\.my\.example$/", "a@b.my.example", ["a@my.example", "x.my.example@x.org"]),
        (r"/^(my|our)\.example$/", "a@our.example", ["a@your.example"]),
    ],
)
@pytest.mark.parametrize("kind", ["pcre", "regexp"])
def test_a_pattern_of_own_domains_takes_their_mail_and_no_other(kind, pattern, own, others):
    text = config_of(one({
        "main.cf": f"mydestination = {kind}:/etc/postfix/own\n", "master.cf": LOCAL, "own": f"{pattern} yes\n",
    }))  # fmt: skip

    assert WAITS in mta(text, way_of(text, "rcpt-to", own))
    assert [way_of(text, "rcpt-to", other) for other in others] == [None] * len(others)


def test_a_row_of_transport_maps_goes_before_a_pattern_of_own_domains():
    text = config_of(one({
        "main.cf": f"{TRANSPORT}mydestination = pcre:/etc/postfix/own\n", "master.cf": LOCAL,
        "own": "/^my\\.example$/ yes\n", "t": "my.example smtp:[h]\n",
    }))  # fmt: skip

    assert way_of(text, "rcpt-to", "a@my.example") == "row-t-1"


@pytest.mark.parametrize("own", ["static:yes", "pcre:/etc/postfix/own"])
def test_what_may_make_any_domain_one_of_this_host_holds_all_mail(own):
    emission = emitted(one({"main.cf": f"mydestination = {own}\n", "master.cf": LOCAL, "own": "/^a|^b/ yes\n"}))

    text = emission.files[0].text
    assert WAITS in mta(text, way_of(text, "rcpt-to", "a@anything.example"))
    assert "every key" not in text
    assert emission.not_carried


def test_the_host_itself_is_a_domain_of_its_own_by_default():
    emission = emitted(one({"main.cf": "myhostname = mail.my.example\n", "master.cf": LOCAL}))

    text = emission.files[0].text
    assert WAITS in mta(text, way_of(text, "rcpt-to", "root@mail.my.example"))
    assert WAITS in mta(text, way_of(text, "rcpt-to", "root@localhost"))
    assert way_of(text, "rcpt-to", "a@my.example") is None
    assert "etc/postfix/main.cf, by default" in text
