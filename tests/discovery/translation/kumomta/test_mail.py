"""A generated init.lua runs, and messages handed to it go where Postfix would have sent them, changed as there."""

import tomllib
from pathlib import Path

import pytest

from discovery.translation.kumomta import emit_kumomta

from .stand_in import Kumo

SERVER = Path(__file__).with_name("server.lua").read_text()
MASTER = """\
smtp inet n - y - - smtpd
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
smtp unix - - y - - smtp
relay unix - - y - - smtp
  -o smtp_fallback_relay=
fast unix - - y - - smtp
  -o smtp_bind_address=192.0.2.9
error unix - - y - - error
discard unix - - y - - discard
"""
MAIN = """\
myhostname = out.sender.example
mynetworks = 192.0.2.0/24
header_checks = pcre:/etc/postfix/checks
smtp_header_checks = pcre:/etc/postfix/late
transport_maps = hash:/etc/postfix/transport
virtual_alias_maps = hash:/etc/postfix/virtual
always_bcc = archive@archive.example
smtp_fallback_relay = [fallback.example]
fast_destination_rate_delay = 10s
smtp_tls_policy_maps = hash:/etc/postfix/tls
"""
TABLES = {
    "checks": "/^Subject: drop/ DISCARD\n/^Subject: stop/ REJECT no such mail\n/^Subject: wait/ HOLD\n"
    "/^X-Old:/ IGNORE\n"
    "/^X-Way: fast/ FILTER fast:\n/^Subject: move/ REDIRECT new@new.example\n",
    "late": "/^X-Late: (.*)/ REPLACE X-Later: $1\n",
    "transport": "closed.example error:5.1.2 closed\nhub.example smtp:[hub.inner]:2525\ngone.example discard:\n",
    "virtual": "all@sender.example a@one.example, b@two.example\n",
    "tls": "hub.example none\nbank.example encrypt\n",
}


class Server(Kumo):
    def __init__(self, estates):
        files = {file.path: file.text for file in emit_kumomta(estates).files}
        self.toml = {path: tomllib.loads(text) for path, text in files.items() if path.endswith(".toml")}
        lua = {
            path.removesuffix(".lua"): text
            for path, text in files.items()
            if path in {"routes.lua", "header_checks.lua"}
        }
        super().__init__(lua)
        loaded = self.lua.globals()[b"package"][b"loaded"]
        for name, module in self.modules.items():
            loaded[name.encode()] = module
        python = self.lua.table_from({b"shaping": self.shaping, b"queue": self.queue})
        self.kit = self.lua.eval(b"function(text, ...) return load(text)(...) end")(SERVER.encode(), python)
        self.run(files["init.lua"])
        self.kit[b"handlers"][b"init"]()

    def shaping(self, domain, _source):
        block = self.toml["shaping.toml"].get(domain.decode(), {})
        return self.lua.table_from({name.encode(): value for name, value in block.items() if name != "mx_rollup"})

    def queue(self, domain, tenant):
        queues = self.toml["queues.toml"]
        found = queues.get("queue", {}).get(domain.decode(), {}) | queues["tenant"].get((tenant or b"").decode(), {})
        return self.lua.table_from({name.encode(): str(value).encode() for name, value in found.items()})

    def deliver(self, *recipients, headers="Subject: a report\n", sender="x@sender.example", **connection):
        data = f"From: {sender}\n{headers}\nbody\n".replace("\n", "\r\n").encode()
        connection = {"may_relay": "yes"} | connection
        metas = {name.encode(): value.encode() for name, value in connection.items() if value}
        listed = self.lua.table_from([each.encode() for each in recipients])
        out = self.kit[b"deliver"](self.lua.table_from(metas), sender.encode(), listed, data)
        return [{name.decode(): text(value) for name, value in each.items()} for each in out.values()]


def text(value):
    return value.decode() if isinstance(value, bytes) else value


@pytest.fixture
def server(estate_of):
    return Server((estate_of(MAIN, master=MASTER, **TABLES),))


def test_mail_goes_out_by_the_way_of_its_recipient_signed_as_it_leaves(server):
    to, copy = server.deliver("a@b.example")

    assert (to["recipient"], to["tenant"], to.get("hop"), to["signed"]) == ("a@b.example", "smtp", None, True)
    assert (copy["recipient"], copy["tenant"]) == ("archive@archive.example", "smtp")


def test_each_recipient_is_taken_or_refused_by_itself(server):
    refused, sent, dropped, copy = server.deliver("a@closed.example", "b@hub.example", "c@gone.example")

    assert refused == {"recipient": "a@closed.example", "refused": "550 5.1.2 closed"}
    assert (sent["tenant"], sent["hop"]) == ("smtp", "hub.inner-2525.next-hop")
    assert dropped["queue"] == "null"
    assert copy["recipient"] == "archive@archive.example"


def test_a_recipient_without_a_way_is_refused_alone_when_all_other_mail_has_none(estate_of):
    server = Server((estate_of(
        "default_transport = error:5.1.0 nothing leaves\ntransport_maps = hash:/etc/postfix/transport\n"
        "virtual_alias_maps = hash:/etc/postfix/virtual\n",
        master=MASTER, transport="open.example smtp:\n", virtual="alias@closed.example a@open.example\n",
    ),))  # fmt: skip

    refused, sent, followed = server.deliver("a@closed.example", "b@open.example", "alias@closed.example")

    assert refused == {"recipient": "a@closed.example", "refused": "550 5.1.0 nothing leaves"}
    assert [sent["recipient"], sent["tenant"]] == ["b@open.example", "smtp"]
    assert [followed["recipient"], followed["tenant"]] == ["a@open.example", "smtp"]


def test_the_sender_decides_when_a_recipient_is_asked_for(estate_of):
    server = Server((estate_of(
        "sender_dependent_default_transport_maps = hash:/etc/postfix/senders\n",
        master=MASTER, senders="@stopped.example error:5.7.1 stopped\n",
    ),))  # fmt: skip

    assert server.deliver("a@b.example", sender="x@stopped.example") == [
        {"recipient": "a@b.example", "refused": "550 5.7.1 stopped"}
    ]
    assert server.deliver("a@b.example", sender="x@free.example")[0]["tenant"] == "smtp"


def test_what_an_alias_takes_to_another_domain_is_refused_for_a_while_from_unknown_networks_and_nothing_is_lost(
    estate_of,
):
    server = Server((estate_of(
        "relay_domains = ours.example\nvirtual_alias_maps = hash:/etc/postfix/virtual\n", master=MASTER,
        virtual="out@ours.example a@far.example\nin@ours.example b@sub.ours.example\n",
    ),))  # fmt: skip

    outside = server.deliver("c@ours.example", "out@ours.example", may_relay="")
    inside = server.deliver("in@ours.example", may_relay="")
    known = server.deliver("out@ours.example")

    assert outside == [{"refused": "451 4.7.1 forwarding to another domain is open to known networks only"}]
    assert [each["recipient"] for each in inside] == ["b@sub.ours.example"]
    assert [each["recipient"] for each in known] == ["a@far.example"]


def test_an_alias_becomes_its_addresses(server):
    assert [each["recipient"] for each in server.deliver("all@sender.example")] == [
        "a@one.example", "b@two.example", "archive@archive.example",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Subject: drop\n", {"queue": "null"}),
        ("Subject: stop\n", {"refused": "550 5.7.1 no such mail"}),
        ("Subject: wait\n", {"queue": "held", "signed": True}),
        ("X-Way: fast\n", {"tenant": "fast"}),
        ("Subject: move\n", {"recipient": "new@new.example"}),
    ],
)
def test_content_decides_about_the_whole_message(server, headers, expected):
    first = server.deliver("a@b.example", headers=headers)[0]
    assert {name: first[name] for name in expected} == expected


def test_headers_change_at_reception_and_at_delivery_and_the_signature_covers_the_change(server):
    sent = server.deliver("a@b.example", headers="X-Old: 1\nX-Late: yes\nX-Kept: 2\n")[0]

    assert sent["data"].splitlines()[1:3] == ["X-Later: yes", "X-Kept: 2"]
    assert sent["signed"] is True


def test_a_queue_knows_its_hosts_and_its_schedule(server):
    queue = server.kit[b"handlers"][b"get_queue_config"](b"hub.example", b"smtp", None, b"hub.inner-2525.next-hop")

    assert b"hub.inner:2525" in queue[b"protocol"]
    assert queue[b"egress_pool"] == b"smtp"
    assert queue[b"max_age"] == b"5 days"


def test_the_pace_of_a_transport_holds_and_a_destination_has_the_last_word(server):
    path = server.kit[b"handlers"][b"get_egress_path_config"]

    fast, bank = path(b"b.example", b"fast", b""), path(b"bank.example", b"fast", b"")

    assert (fast[b"max_message_rate"], fast[b"connection_limit"], fast[b"enable_tls"]) == ("1/10s", 1, "Disabled")
    assert (bank[b"max_message_rate"], bank[b"enable_tls"]) == ("1/10s", "RequiredInsecure")


def test_after_a_failure_mail_goes_to_the_fallback_unless_its_transport_has_none(server):
    requeue = server.kit[b"requeue"]

    assert requeue(b"smtp", None) == b"fallback.example-25.next-hop"
    assert requeue(b"smtp", b"fallback.example-25.next-hop") == b"fallback.example-25.next-hop"
    assert requeue(b"relay", None) is None


def test_an_entrance_that_asks_for_tls_takes_no_mail_in_clear_text(server):
    mail_from = server.kit[b"handlers"][b"smtp_server_mail_from"]
    connection = server.lua.eval(
        b"""function(values) return {
          get_meta = function(_, name) return values[name] end,
          set_meta = function(_, name, value) values[name] = value end,
        } end"""
    )

    with pytest.raises(Exception, match=r"530 5\.7\.0"):
        mail_from(b"a@b.example", connection(server.lua.table_from({b"is_tls_required": True})))
    mail_from(b"a@b.example", connection(server.lua.table_from({b"is_tls_required": True, b"tls_cipher": b"x"})))
    mail_from(b"a@b.example", connection(server.lua.table_from({})))


def test_what_came_in_by_one_instance_takes_the_ways_of_that_instance(sample):
    estates = tuple(sample("multi_instance", name) for name in ("postfix", "postfix-a", "postfix-b"))
    server = Server(estates)

    tenants = [server.deliver("a@b.example", instance=each.name)[0]["tenant"] for each in estates]

    assert [tenant.rpartition(".")[0] for tenant in tenants] == ["postfix", "postfix-a", "postfix-b"]


def test_an_alias_that_leads_to_a_refused_way_is_refused_by_itself_and_the_others_are_taken(estate_of):
    server = Server((estate_of(
        "transport_maps = hash:/etc/postfix/transport\nvirtual_alias_maps = hash:/etc/postfix/virtual\n",
        master=MASTER, transport="closed.example error:5.1.2 closed\nlost.example gone:\n",
        virtual=(
            "no@sender.example a@closed.example\nlater@sender.example b@open.example, c@lost.example\n"
            "chain@sender.example no@sender.example\nyes@sender.example d@open.example\n"
        ),
    ),))  # fmt: skip

    no, later, chain, sent, followed = server.deliver(
        "no@sender.example", "later@sender.example", "chain@sender.example", "e@open.example", "yes@sender.example"
    )

    assert no == {"recipient": "no@sender.example", "refused": "550 5.1.2 closed"}
    assert later == {
        "recipient": "later@sender.example", "refused": "451 4.3.5 this way has not been carried over",
    }  # fmt: skip
    assert chain == {"recipient": "chain@sender.example", "refused": "550 5.1.2 closed"}
    assert [(each["recipient"], each.get("refused")) for each in (sent, followed)] == [
        ("e@open.example", None), ("d@open.example", None),
    ]  # fmt: skip
