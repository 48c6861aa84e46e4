"""What becomes of an address, a name or a header line, and what is said where nobody can know."""

import pytest

from discovery.lookup.clock import Clock
from discovery.lookup.desks import NoDeskError, branches_of, choose_branch
from discovery.lookup.lookup import UnknownParameterError, look_up
from discovery.postfix.bundle import Bundle

MAIN = """\
myhostname = mx.north.example
mydestination = $myhostname, localhost, /etc/postfix/own
relay_domains = west.example, !no.east.example, .east.example, hash:/etc/postfix/relayed
mynetworks = !10.1.2.3, 10.0.0.0/8, [2001:db8::]/32
transport_maps = mysql:/etc/postfix/routes.cf, hash:/etc/postfix/transport
recipient_bcc_maps = proxy:tcp:127.0.0.1:9999
sender_bcc_maps = nosuch:/x
relocated_maps = hash:/etc/postfix/absent
virtual_alias_maps = hash:/etc/postfix/$nowhere
smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd
smtp_tls_policy_maps = inline:{ [relay.example]:587=encrypt, .example=may }
header_checks = pcre:/etc/postfix/headers
alias_maps = hash:/etc/aliases
smtpd_restriction_classes = strict
strict = check_sender_access static:REJECT
smtpd_sender_restrictions = check_sender_access hash:/etc/postfix/senders, permit
"""
MASTER = """\
smtp inet n - y - - smtpd
submission inet n - y - - smtpd
  -o smtpd_sender_restrictions=check_sender_access,static:OK
"""
FILES = {
    "etc/postfix/main.cf": MAIN,
    "etc/postfix/master.cf": MASTER,
    "etc/postfix/own": "# ours\nnorth.example\n",
    "etc/postfix/relayed": "far.example x\n",
    "etc/postfix/routes.cf": "user = mail\npassword = hidden\nhosts = db1\nquery = SELECT to FROM t WHERE a = '%s'\n",
    "etc/postfix/transport": "# routes\nsouth.example slow:[relay]\n",
    "etc/postfix/senders": "bad@south.example 554 go away\nsouth.example DUNNO\nodd@ 123\n",
    "etc/postfix/sasl_passwd": "[relay.example]:587 user:geheim99\n",
    "etc/postfix/headers": "/^Subject:/ WARN\n/^(a+)+$/ REJECT\n",
    "etc/aliases": "info: anna,\n  bert\n",
}


@pytest.fixture
def branch():
    bundle = Bundle.of({path: text.encode() for path, text in FILES.items()})
    return choose_branch(branches_of(bundle))


@pytest.mark.parametrize(
    ("parameter", "name", "words"),
    [
        ("mydestination", "mx.north.example", "is in the list"),
        ("mydestination", "NORTH.example", "is in the list"),
        ("mydestination", "sub.north.example", "is not in the list"),
        ("relay_domains", "a.b.west.example", "is in the list"),
        ("relay_domains", "no.east.example", "is excluded from the list by !"),
        ("relay_domains", "sub.far.example", "is in the list"),
        ("mynetworks", "10.9.9.9", "is in the list"),
        ("mynetworks", "10.1.2.3", "is excluded from the list by !"),
        ("mynetworks", "2001:db8::9", "is in the list"),
        ("mynetworks", "192.0.2.1", "is not in the list"),
    ],
)
def test_a_list_says_whether_a_name_is_in_it(branch, parameter, name, words):
    found = look_up(branch.desk(), parameter, name)

    assert found.meaning.words.rstrip(".") == f"{name} {words}"
    assert (found.outcome == "nothing") == ("not in" in words)


def test_a_name_from_a_file_of_a_list_is_shown_with_its_line(branch):
    found = look_up(branch.desk(), "mydestination", "north.example")

    assert (found.hit.found.file, found.hit.found.line) == ("etc/postfix/own", 2)
    assert found.text_of(found.hit) == "north.example"


def test_a_database_leaves_the_answer_open_and_its_question_is_shown(branch):
    found = look_up(branch.desk(), "transport_maps", "anna@south.example")

    assert found.outcome == "open"
    assert found.condition == "If what is unknown holds nothing for it: "
    assert found.meaning.fields == {"transport": "slow", "nexthop": "[relay]"}
    assert (found.hit.found.file, found.hit.found.line) == ("etc/postfix/transport", 2)
    assert "SELECT to FROM t WHERE a = 'anna@south.example'" in found.doubts[0].found.note
    assert [step.key for step in found.doubts] == ["anna@south.example", "south.example"]


@pytest.mark.parametrize(
    ("parameter", "outcome", "words"),
    [
        ("recipient_bcc_maps", "open", "over TCP"),
        ("sender_bcc_maps", "open", "no table type nosuch"),
        ("relocated_maps", "open", "/etc/postfix/absent is not in the upload"),
    ],
)
def test_what_the_upload_cannot_say_is_said_plainly(branch, parameter, outcome, words):
    found = look_up(branch.desk(), parameter, "anna@south.example")

    assert found.outcome == outcome
    assert words in found.doubts[0].found.note


def test_a_value_with_a_name_that_is_set_nowhere_says_so(branch):
    found = look_up(branch.desk(), "virtual_alias_maps", "anna@south.example")

    assert "$nowhere in virtual_alias_maps is set nowhere and counts as empty." in found.notes


def test_a_parameter_that_is_empty_asks_nothing(branch):
    found = look_up(branch.desk(), "canonical_maps", "anna@south.example")

    assert found.outcome == "nothing"
    assert found.ends == ("anna@south.example",)
    assert "canonical_maps is empty, so Postfix asks no table." in found.notes


@pytest.mark.parametrize(
    ("sender", "words"),
    [
        ("bad@south.example", "The request is refused with 554 go away."),
        ("good@south.example", "The search ends here, and the next restriction decides."),
        ("odd@far.example", "Any other number means OK: the request is permitted."),
    ],
)
def test_a_check_of_the_restrictions_is_found_where_it_stands(branch, sender, words):
    found = look_up(branch.desk(), "check_sender_access", sender)

    assert [spot.parameter for spot in found.spots] == ["smtpd_sender_restrictions", "strict"]
    assert found.meaning.words == words


def test_a_service_sees_its_own_value(branch):
    found = look_up(branch.desk("submission"), "check_sender_access", "bad@south.example")

    assert found.meaning.words == "The request is permitted."
    assert (found.spots[0].file, found.spots[0].line) == ("etc/postfix/master.cf", 3)
    with pytest.raises(NoDeskError, match="It has smtp/inet, submission/inet"):
        branch.desk("smtps")


def test_tls_policies_are_asked_for_the_next_hop_and_the_domains_above(branch):
    whole = look_up(branch.desk(), "smtp_tls_policy_maps", "[relay.example]:587")
    below = look_up(branch.desk(), "smtp_tls_policy_maps", "mail.relay.example")

    assert (whole.hit.found.value, [step.key for step in whole.rounds[0].steps]) == ("encrypt", ["[relay.example]:587"])
    assert below.hit.found.value == "may"
    assert [step.key for step in below.rounds[0].steps] == ["mail.relay.example", ".relay.example", ".example"]


def test_an_alias_is_found_without_its_extension(branch):
    found = look_up(branch.desk(), "alias_maps", "info@mx.north.example")

    assert found.hit.found.value == "anna,  bert"
    assert (found.hit.found.file, found.hit.found.line) == ("etc/aliases", 1)


def test_a_lookup_that_takes_too_long_ends_with_a_sentence(branch):
    found = look_up(branch.desk(), "transport_maps", "anna@south.example", clock=Clock(-1))

    assert found.outcome == "open"
    assert "The lookup was ended after" in found.doubts[0].found.note
    assert found.hit is None


def test_a_name_that_is_no_table_is_refused_with_what_is_like_it(branch):
    with pytest.raises(UnknownParameterError, match="Did you mean sender_canonical_maps"):
        look_up(branch.desk(), "sender_canonical", "x")


def test_several_instances_have_to_be_told_apart():
    several = {f"etc/postfix-{name}/main.cf": b"myhostname = a.example\n" for name in ("in", "out")}
    branches = branches_of(Bundle.of(several))

    assert choose_branch(branches, "postfix-out").name == "postfix-out"
    with pytest.raises(NoDeskError, match="one has to be named: postfix-in, postfix-out"):
        choose_branch(branches)
    with pytest.raises(NoDeskError, match="There is no main"):
        choose_branch(())


def drawing(setting):
    text = f"myhostname = mx.north.example\nappend_at_myorigin = no\n{setting}\n"
    files = {"etc/postfix/main.cf": text, "etc/postfix/t": "a x:\nb one@x.example\n"}
    return choose_branch(branches_of(Bundle.of({path: each.encode() for path, each in files.items()}))).desk()


@pytest.mark.parametrize(
    ("setting", "parameter", "key", "words", "fields"),
    [
        (
            "transport_maps = randmap:{news1:, news2:[relay]}",
            "transport_maps",
            "anna@south.example",
            (
                "Chance decides, each time anew, between these: "
                "(1) The mail goes by the transport news1 to the recipient's domain. "
                "(2) The mail goes by the transport news2 to [relay]."
            ),
            {"one_of": "news1:, news2:[relay]"},
        ),
        (
            "transport_maps = randmap:{news1:}",
            "transport_maps",
            "anna@south.example",
            "The mail goes by the transport news1 to the recipient's domain.",
            {"transport": "news1", "nexthop": ""},
        ),
        (
            "transport_maps = pipemap:{randmap:{a, c}, texthash:/etc/postfix/t}",
            "transport_maps",
            "anna@south.example",
            (
                "Chance decides, each time anew, between these: "
                "(1) The mail goes by the transport x to the recipient's domain. "
                "(2) No table has it: what main.cf sets otherwise for this kind of recipient decides."
            ),
            {"one_of": "x:"},
        ),
        (
            "transport_maps = pipemap:{randmap:{c, d}, texthash:/etc/postfix/t}",
            "transport_maps",
            "anna@south.example",
            "No table has it: what main.cf sets otherwise for this kind of recipient decides.",
            {},
        ),
        (
            "recipient_bcc_maps = unionmap:{static:a@x.example, randmap:{b@x.example, c@x.example}}",
            "recipient_bcc_maps",
            "anna@south.example",
            (
                "Chance decides, each time anew, between these: "
                "(1) A copy goes to a@x.example,b@x.example. (2) A copy goes to a@x.example,c@x.example."
            ),
            {"one_of": "a@x.example,b@x.example, a@x.example,c@x.example"},
        ),
        (
            "virtual_alias_maps = randmap:{b@x.example, c@x.example}\nvirtual_alias_recursion_limit = 1",
            "virtual_alias_maps",
            "anna@south.example",
            (
                "Chance decides, each time anew, between these: "
                "(1) anna@south.example becomes b@x.example. (2) anna@south.example becomes c@x.example."
            ),
            {"one_of": "b@x.example, c@x.example"},
        ),
        (
            "canonical_maps = randmap:{b@x.example, c@x.example}",
            "canonical_maps",
            "anna@south.example",
            (
                "Chance decides, each time anew, between these: "
                "(1) anna@south.example becomes b@x.example. (2) anna@south.example becomes c@x.example."
            ),
            {"one_of": "b@x.example, c@x.example"},
        ),
    ],
)
def test_what_postfix_draws_is_told_one_by_one(setting, parameter, key, words, fields):
    found = look_up(drawing(setting), parameter, key)

    assert found.meaning.words == words
    assert found.meaning.fields == fields


@pytest.mark.parametrize(
    ("setting", "parameter", "key"),
    [
        ("", "transport_maps", "MAILER-DAEMON@mx.north.example"),
        ("empty_address_recipient = nobody", "transport_maps", "nobody@mx.north.example"),
        ("empty_address_recipient = none@far.example", "transport_maps", "none@far.example"),
        ("", "sender_dependent_default_transport_maps", "<>"),
        (
            "empty_address_default_transport_maps_lookup_key = null.sender",
            "sender_dependent_default_transport_maps",
            "null.sender",
        ),
        ("empty_address_relayhost_maps_lookup_key = null.sender", "sender_dependent_relayhost_maps", "null.sender"),
    ],
)
def test_the_null_address_is_asked_for_as_the_parameters_say(setting, parameter, key):
    desk = drawing(f"{setting}\n{parameter} = inline:{{ {key}=slow: }}")

    for null in ("<>", ""):
        found = look_up(desk, parameter, null)

        assert (found.hit.key, found.hit.found.value) == (key, "slow:")
