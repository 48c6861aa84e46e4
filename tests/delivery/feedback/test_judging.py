"""What answers of receivers mean. The answers are the published texts of the providers, shortened."""

import pytest

from delivery.feedback.items import Action, Kind, Source, Told
from delivery.feedback.judging import judge, load_taxonomy

ANSWERS = [
    ("550", "5.1.1", "The email account that you tried to reach does not exist. Please try", "recipient.unknown"),
    ("550", "5.1.1", "<x@y>: Recipient address rejected: User unknown in virtual mailbox table", "recipient.unknown"),
    ("550", "5.5.0", "Requested action not taken: mailbox unavailable", "recipient.unknown"),
    ("550", "5.4.1", "Recipient address rejected: Access denied. AS(201806281)", "recipient.unknown"),
    ("554", "5.7.9", "Message not accepted for policy reasons.", "sender.policy"),
    ("552", "5.2.2", "The email account that you tried to reach is over quota", "recipient.quota"),
    ("452", "4.2.2", "The email account that you tried to reach is over quota", "recipient.quota"),
    ("421", "4.7.0", "[TSS04] Messages from 192.0.2.4 temporarily deferred", "sender.rate"),
    ("421", "4.7.0", "Our system has detected an unusual rate of unsolicited mail", "sender.rate"),
    ("450", "4.2.1", "The user you are trying to contact is receiving mail at a rate that", "sender.rate"),
    ("550", "5.7.1", "Our system has detected that this message is likely unsolicited mail", "message.spam"),
    ("550", "5.7.26", "This mail has been blocked because the sender is unauthenticated", "sender.auth"),
    ("550", "5.7.515", "Access denied, sending domain example.com does not meet the required", "sender.auth"),
    ("550", "5.7.1", "Service unavailable; Client host [192.0.2.4] blocked using Spamhaus", "message.spam"),
    ("554", "5.7.1", "<x@y>: Relay access denied", "sender.relay"),
    ("451", "4.7.1", "Greylisted, please try again later", "sender.rate"),
    ("450", "4.2.0", "<x@y>: Recipient address rejected: Greylisted", "sender.rate"),
    ("451", "4.4.1", "No answer from any hosts listed in MX", "host.unreachable"),
    ("551", "5.4.7", "Delivery time (4 days) exceeded", "expired"),
    ("550", "5.1.2", "Host unknown (Name server: host not found)", "domain.invalid"),
    ("556", "5.1.10", "Recipient address has a null MX", "domain.invalid"),
    ("552", "5.3.4", "Message size exceeds fixed limit", "message.size"),
    ("554", "5.6.0", "Message contains a virus", "message.virus"),
    ("452", "4.5.3", "Too many recipients", "protocol.too-many-rcpts"),
    ("550", "5.2.1", "The email account that you tried to reach is disabled", "recipient.inactive"),
    ("554", "", "30 Sorry, your message cannot be delivered. This mailbox is disabled (554.30)", "recipient.inactive"),
    ("550", "5.7.1", "Client host rejected: cannot find your hostname, unknown host", "sender.policy"),
    ("450", "4.4.3", "Host or domain name not found. Name service error: try again", "domain.routing"),
    ("550", "5.7.1", "Your IP address has been blocked", "sender.policy"),
    ("550", "5.7.1", "Your IP address is suspended", "sender.policy"),
    ("554", "5.7.1", "Sender address blocked using Spamhaus", "message.spam"),
    ("550", "5.7.1", "Mail to this recipient was blocked by content filter", "message.spam"),
    ("550", "5.7.1", "recipient undisclosed", "sender.policy"),
    ("550", "5.4.1", "Access refused, no reverse DNS, host not found", "sender.auth"),
    ("550", "5.0.0", "Helo command rejected: host not found", "sender.auth"),
    ("556", "", "", "domain.invalid"),
    ("550", "", "", "unknown"),
]

# RFC 3463 and the registry of IANA, each by its code alone.
CODES = {
    "recipient.unknown": ["5.1.1", "5.1.3", "5.1.4"],
    "recipient.inactive": ["5.2.1", "5.1.6", "5.7.13"],
    "recipient.quota": ["5.2.2"],
    "domain.invalid": ["5.1.2", "5.1.10", "5.7.18"],
    "domain.routing": ["4.4.3", "4.4.4", "5.4.6"],
    "host.unreachable": ["4.4.1"],
    "host.connection": ["4.4.2"],
    "host.congestion": ["4.4.5", "4.3.2", "4.3.1"],
    "host.config": ["5.3.0", "5.3.3", "5.3.5"],
    "message.size": ["5.3.4", "5.2.3"],
    "message.content": ["5.6.0", "5.6.1", "5.6.10"],
    "sender.invalid": ["5.1.7", "5.1.8", "5.7.27"],
    "sender.auth": ["5.7.20", "5.7.26", "5.7.29", "5.7.30", "5.7.515"],
    "sender.policy": ["5.7.0", "5.7.1", "5.7.38"],
    "sender.rate": ["4.7.0", "4.7.1"],
    "protocol": ["5.5.0", "5.5.1", "5.5.6"],
    "protocol.too-many-rcpts": ["4.5.3"],
    "expired": ["4.4.7", "5.4.7"],
}


def told(**fields):
    return Told(**{"kind": Kind.FAILED, "source": Source.DSN, **fields})


@pytest.mark.parametrize(("reply", "status", "words", "category"), ANSWERS)
def test_an_answer_means_what_its_words_and_its_code_say_together(reply, status, words, category):
    assert judge(told(reply=reply, status=status, diagnostic=words), "Other domains").category == category


def test_a_code_alone_means_what_the_registry_says():
    found = {
        category: {judge(told(status=status), "Other domains").category for status in statuses}
        for category, statuses in CODES.items()
    }

    assert found == {category: {category} for category in CODES}


def test_the_own_words_of_both_servers_lead_to_their_categories():
    book = load_taxonomy()
    words = [
        (source, name, category.key)
        for category in book.categories.values()
        for source, names in ((Source.POWERMTA, category.powermta), (Source.KUMOMTA, category.kumomta))
        for name in names
    ]

    found = [(source, name, judge(told(source=source, mta_category=name), "x").category) for source, name, _ in words]

    assert len(words) > 40
    assert found == words


def test_the_words_of_one_server_say_nothing_of_the_other():
    assert judge(told(source=Source.KUMOMTA, mta_category="bad-mailbox"), "x").category == "unknown"


@pytest.mark.parametrize(
    ("status", "word", "category"),
    [("5.7.1", "AuthenticationFailed", "sender.policy"), ("5.6.0", "ProtocolErrors", "message.content")],
)
def test_a_word_of_kumomta_that_is_known_to_be_too_broad_does_not_overrule_the_code(status, word, category):
    assert judge(told(source=Source.KUMOMTA, status=status, mta_category=word), "x").category == category


def test_an_address_is_given_up_for_permanent_failures_only():
    permanent = judge(told(status="5.1.1", reply="550"), "x")
    passing = judge(told(status="4.1.1", reply="450"), "x")
    waiting = judge(told(kind=Kind.DELAYED, status="5.1.1"), "x")

    assert permanent.action is Action.HARD
    assert (passing.category, passing.action) == ("recipient.unknown", Action.SOFT)
    assert waiting.action is Action.SOFT


def test_every_rule_has_a_name_of_its_own_and_a_category_that_is_explained():
    book = load_taxonomy()
    named = {(rule.key, rule.category) for rule in (*book.failures, *book.complaints)}

    assert len(named) == len(book.failures) + len(book.complaints)
    assert {category for _, category in named} <= set(book.categories)
    assert all(category.means.endswith(".") for category in book.categories.values())


def test_the_rule_that_decided_is_kept():
    assert judge(told(status="5.7.1", diagnostic="Relay access denied"), "x").rule == "text-relay"
    assert judge(told(kind=Kind.COMPLAINT, feedback_type="abuse"), "x").rule == "arf-abuse"
