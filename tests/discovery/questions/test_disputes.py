"""What is asked, what the files answer by themselves, and what contradicts them."""

import pytest

from discovery.estate import Estate
from discovery.questions.conditions import asked_in
from discovery.questions.disputes import disputes_in
from discovery.questions.facts import Fact, Measure, facts_in
from discovery.questions.loading import load_book
from discovery.questions.values import Given
from tests.discovery.dossiers.reading import EMPTY, estate_from

BOOK = load_book()
MAIN = "myhostname = mta1.northlake.example\n"
MASTER = "smtp inet n - y - - smtpd\nsmtp unix - - y - - smtp\n"
BOUND = (
    MASTER
    + "a unix - - y - - smtp\n -o smtp_bind_address=192.0.2.9\nb unix - - y - - smtp\n -o smtp_bind_address=10.0.0.7\n"
)
BOUNCER = "#!/usr/bin/python3\nimport sys\nmessage = sys.stdin.read()\nif 'Final-Recipient' in message:\n    pass\n"
LOGIN = MAIN + "smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\n"


def facts(main=MAIN, master=MASTER, measure=None, **files):
    found = {"etc/postfix/main.cf": main, "etc/postfix/master.cf": master}
    return facts_in(estate_from(found | {name.replace("__", "/"): text for name, text in files.items()}), measure)


def said(answers, known):
    given = {name: value if isinstance(value, Given) else Given(value) for name, value in answers.items()}
    return list(disputes_in(BOOK, given, known, asked_in(BOOK, given, known)))


def test_without_an_upload_nothing_is_known():
    assert facts_in(Estate(**EMPTY)) == {}


def test_the_files_answer_with_their_lines():
    known = facts(MAIN + "smtp_bind_address = 192.0.2.8\nsmtpd_milters = unix:/run/tagger.sock\n", BOUND)

    assert known["sending_addresses"].value == 3
    assert [place.text for place in known["sending_addresses"].places] == [
        "mta1 etc/postfix/main.cf:2",
        "mta1 etc/postfix/master.cf:4",
        "mta1 etc/postfix/master.cf:6",
    ]
    assert (known["private_addresses"].value, known["private_addresses"].detail) == (1, "10.0.0.7")
    assert (known["milters"].value, known["milters"].places[0].line) == ("yes", 3)
    assert known["hosts"].value == 1
    assert not known["auth_login"].is_offer
    assert known["auth_login"].value == known["cleartext_login"].value == "no"


def test_where_the_system_chooses_an_address_nobody_counts_them():
    assert "sending_addresses" not in facts(MAIN, BOUND)


def test_what_no_upload_shows_may_still_exist():
    assert not {"bounce_programs", "complaint_programs", "queue_programs", "signing_place"} & facts().keys()


def test_a_login_of_which_the_bundle_tells_nothing_is_no_fact():
    known = facts(LOGIN)

    assert "auth_login" not in known
    assert known["cleartext_login"].value == "yes"


@pytest.mark.parametrize(("days", "is_known"), [(6, False), (7, True)])
def test_a_few_days_of_logs_are_no_month(days, is_known):
    known = facts(measure=Measure(days, days * 1000, 1500, "2026-11-02"))

    assert ("measured_month" in known) == is_known
    assert not is_known or (known["measured_month"].value, known["measured_peak_day"].value) == (30_000, 1500)


# (rule, answers that contradict, facts, answers that agree)
CASES = [
    ("answers-month-volume", {"month_volume": 1_000_000}, {"measured_month": 9_000_000}, {"month_volume": 6_000_000}),
    ("answers-peak-day", {"peak_day": 400}, {"measured_peak_day": 601}, {"peak_day": 401}),
    ("answers-hosts", {"send_hosts": 1}, {"hosts": 2}, {"send_hosts": 2}),
    ("answers-addresses", {"send_ips": 2}, {"sending_addresses": 6}, {"send_ips": 6}),
    ("answers-auth-login", {"auth_login": "no"}, {"auth_login": "yes"}, {"auth_login": "yes"}),
    ("answers-cleartext-login", {"plain_login": "no"}, {"cleartext_login": "yes"}, {"plain_login": "yes"}),
    ("answers-bounce-program", {"bounce_program": "no"}, {"bounce_programs": "yes"}, {"bounce_program": "yes"}),
    (
        "answers-complaint-program",
        {"complaint_program": "no"},
        {"complaint_programs": "yes"},
        {"complaint_program": "yes"},
    ),
    ("answers-milters", {"milters": "no"}, {"milters": "yes"}, {"milters": "yes"}),
    ("answers-queue-scripts", {"queue_scripts": "no"}, {"queue_programs": "yes"}, {"queue_scripts": "yes"}),
    (
        "answers-dkim-place",
        {"dkim_at": ["application"]},
        {"signing_place": ["postfix"]},
        {"dkim_at": ["postfix", "relay"]},
    ),
    (
        "answers-suppression-place",
        {"suppression_at": ["nowhere"]},
        {"suppression_place": ["postfix"]},
        {"suppression_at": ["postfix", "database"]},
    ),
]


def as_facts(values):
    return {name: Fact(name, value, "seen") for name, value in values.items()}


@pytest.mark.parametrize(("rule", "wrong", "read", "right"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_speaks_when_answer_and_fact_contradict_each_other(rule, wrong, read, right):
    assert [finding.rule for finding in said(wrong, as_facts(read))] == [rule]
    assert said(right, as_facts(read)) == []


@pytest.mark.parametrize(("rule", "wrong", "read", "right"), CASES, ids=[case[0] for case in CASES])
def test_who_does_not_know_or_was_not_read_contradicts_nothing(rule, wrong, read, right):
    unknown = dict.fromkeys(wrong, Given(is_unknown=True))

    assert said(unknown, as_facts(read)) == said(wrong, {}) == said({}, as_facts(read)) == []


def test_every_question_that_can_be_contradicted_has_a_case():
    assert {case[0] for case in CASES} == {question.dispute.rule for question in BOOK.questions if question.dispute}


def test_a_contradiction_names_both_and_its_line():
    known = facts(MAIN + "smtpd_milters = unix:/run/tagger.sock\n")

    (finding,) = said({"milters": "no"}, known)

    assert (finding.file, finding.line) == ("etc/postfix/main.cf", 2)
    assert finding.evidence.endswith("Answered: No. Read: Yes (mta1 etc/postfix/main.cf:2)")
    assert "says No" in finding.message
    assert "unix:/run/tagger.sock" in finding.message
    assert "{" not in finding.message


def test_a_program_that_reads_bounces_is_found_in_the_files():
    known = facts(
        MAIN,
        MASTER + "back unix - n n - - pipe\n flags=R user=mail argv=/opt/mail/back.py\n",
        opt__mail__back__py="x",
        **{"opt/mail/back.py": BOUNCER},
    )

    (finding,) = said({"bounce_program": "no"}, known)

    assert "opt/mail/back.py" in finding.message


def test_a_question_is_asked_by_an_answer_or_by_what_was_read():
    nothing = asked_in(BOOK, {}, {})
    by_answer = asked_in(BOOK, {"milters": Given("yes")}, {})
    by_fact = asked_in(BOOK, {"milters": Given("no")}, as_facts({"milters": "yes"}))

    assert "milter_owner" not in nothing
    assert "milter_owner" in by_answer
    assert "milter_owner" in by_fact


def test_numbers_and_several_choices_make_questions_be_asked():
    assert "tenant_figures" in asked_in(BOOK, {"tenants": Given(1)}, {})
    assert "tenant_figures" not in asked_in(BOOK, {"tenants": Given(0)}, {})
    assert "tenant_figures" not in asked_in(BOOK, {"tenants": Given(is_unknown=True)}, {})
    assert "command_users" in asked_in(BOOK, {"inject_ways": Given(["smtp", "command"])}, {})
    assert "translated" in asked_in(BOOK, {}, as_facts({"private_addresses": 2}))


def test_what_hangs_on_a_question_that_is_not_asked_is_not_asked_either():
    answers = {"complaint_program": Given("no"), "data_place": Given("no"), "data_place_where": Given("Spain")}

    assert not {"complaint_loops", "data_place_where"} & set(asked_in(BOOK, answers, {}))
