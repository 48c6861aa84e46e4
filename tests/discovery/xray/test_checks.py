"""Each check with an estate that fails it and one that passes it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from discovery.estate import DossierRow, FindingRow, StreamRow
from discovery.xray.registry import ORDER, PROBLEM, UNTOLD, Scene, known_checks
from discovery.xray.translation import TranslationFacts, Undecided, Unknown
from discovery.xray.verdicts import verdicts
from tests.discovery.dossiers.reading import estate_from

TODAY = date(2026, 3, 2)
MASTER = """\
smtp      inet  n       -       y       -       -       smtpd
10026     inet  n       -       y       -       -       smtpd
smtp      unix  -       -       y       -       -       smtp
bulk      unix  -       -       y       -       -       smtp
"""
MAIN = "myhostname = mta1.northlake.example\n"


def scene(main=MAIN, master=MASTER, **files):
    """A host with these files; names of further files are written with __ for a slash."""
    found = {"etc/postfix/main.cf": main, "etc/postfix/master.cf": master}
    found |= {f"etc/{name.replace('__', '/')}": text for name, text in files.items()}
    texts = {("mta1", path): text for path, text in found.items()}
    return Scene(estate_from(found), TODAY, texts, {"mta1": TODAY})


def known_as(scene, **tables):
    return replace(scene, estate=replace(scene.estate, **{name: tuple(rows) for name, rows in tables.items()}))


def dossier(**facts):
    empty = dict.fromkeys(DossierRow.__dataclass_fields__, "")
    given = {"reference": "D-001", "number": 1, "kind": "milter", "name": "tagger", "owner": "Jo", "replacement": "Lua"}
    flags = {"is_found": False, "is_gone": False, "is_stated": True, "unknown": (), "differs": ()}
    return DossierRow(**(empty | given | flags | facts))


def stream(route):
    empty = dict.fromkeys(StreamRow.__dataclass_fields__, "")
    return StreamRow(**(empty | {"number": 1, "reference": "S-01", "name": "Bulk", "route": route}))


def finding(**facts):
    empty = dict.fromkeys(FindingRow.__dataclass_fields__, "")
    given = {"number": 7, "reference": "F-007", "state": "accepted", "translation_class": "C", "proposal": "A hook."}
    return FindingRow(**(empty | given | facts))


def translated(**facts):
    nothing = {"unknown": (), "newer": (), "undecided": ()}
    return replace(scene(), translation=TranslationFacts(**(nothing | facts)))


def undecided(reopened_because=""):
    return (Undecided(3, "G-003 custom (tagger)", "mta1", "etc/postfix/main.cf:4", reopened_because),)


def two_hosts(second, likeness="other"):
    one = scene()
    row = one.estate.instances[0]
    same = row.values["likeness"]
    twin = replace(row, host=second, values=row.values | {"likeness": same if likeness == "same" else likeness})
    return known_as(one, instances=[row, twin])


TRANSPORT = MAIN + "transport_maps = hash:/etc/postfix/transport\n"
RELAY = (
    MAIN + "relayhost = [relay.example]:587\nsmtp_sasl_auth_enable = yes\n"
    "smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd\n"
)
BIND = MAIN + "smtp_bind_address = 192.0.2.10\n"
FILTER = MAIN + "content_filter = scan:[127.0.0.1]:10025\n"
MILTER = MAIN + "smtpd_milters = unix:/run/tagger/tagger.sock\n"
CRON = "0 4 * * * root /opt/mail/report.sh\n"
GREETS = "a unix - - y - - smtp\n -o smtp_bind_address=192.0.2.9\n -o smtp_helo_name={}.example\n"
TWO_NAMES = MASTER + GREETS.format("one") + "b" + GREETS.format("two")
ONE_NAME = MASTER + GREETS.format("one") + "b" + GREETS.format("one")
OPENED = dossier(host="mta1", is_found=True, found_as="milter", found_name="unix:/run/tagger/tagger.sock")

# (check, a scene with a problem, what is said, a scene in order)
CASES = [
    (
        "files_absent",
        scene(TRANSPORT),
        "/etc/postfix/transport is not in the bundle: transport_maps names it (mta1, etc/postfix/main.cf:2)",
        scene(TRANSPORT, postfix__transport="example.org bulk:\n"),
    ),
    ("programs_absent", scene(**{"cron.d__mail": CRON}), "/opt/mail/report.sh", scene()),
    (
        "transports_defined",
        scene(TRANSPORT, postfix__transport="# old\nexample.org lost:\n"),
        "example.org goes to the transport lost, which master.cf does not define (mta1, etc/postfix/transport:2)",
        scene(TRANSPORT, postfix__transport="example.org bulk:\nexample.net bulk:[192.0.2.1]\n"),
    ),
    (
        "transports_defined",
        scene(MAIN + "default_transport = lost\n"),
        "default_transport names the transport lost",
        scene(MAIN + "default_transport = bulk\n"),
    ),
    (
        "filters_reached",
        scene(FILTER),
        "master.cf defines no scan",
        scene(FILTER.replace("scan", "smtp").replace("10025", "10026")),
    ),
    (
        "bind_addresses",
        scene(BIND + "inet_interfaces = 192.0.2.99\n"),
        "192.0.2.10 is sent from but stands in no inet_interfaces",
        scene(BIND + "inet_interfaces = 192.0.2.10, 192.0.2.99\n"),
    ),
    (
        "relay_password",
        scene(RELAY, postfix__sasl_passwd="relay.example:587 x\n"),
        "in the password table its row is written relay.example:587",
        scene(RELAY, postfix__sasl_passwd="[relay.example]:587 x\n"),
    ),
    (
        "relay_password",
        scene(RELAY.replace("smtp_sasl_password_maps", "x_password_maps"), postfix__sasl_passwd=""),
        "no smtp_sasl_password_maps is set",
        scene(RELAY.replace("= yes", "= no")),
    ),
    (
        "signing_rows",
        scene(opendkim__SigningTable="*@a.example s1\n*@b.example s2\n", opendkim__KeyTable="s1 a.example:s1:/k\n"),
        "*@b.example is signed with s2, which the KeyTable does not have (mta1, etc/opendkim/SigningTable:2)",
        scene(opendkim__SigningTable="*@a.example s1\n", opendkim__KeyTable="s1 a.example:s1:/k\n"),
    ),
    ("lines_understood", scene("  myhostname = x\n"), "main.cf:1", scene()),
    (
        "one_name_an_address",
        scene(master=TWO_NAMES),
        "192.0.2.9 greets as one.example and as two.example",
        scene(master=ONE_NAME),
    ),
    ("dossiers_open", scene(MILTER), "has no dossier", known_as(scene(MILTER), dossiers=[OPENED])),
    (
        "dossiers_owned",
        known_as(scene(), dossiers=[dossier(owner="")]),
        "nobody is named",
        known_as(scene(), dossiers=[dossier()]),
    ),
    (
        "dossiers_replaced",
        known_as(scene(), dossiers=[dossier(replacement="")]),
        "nothing is written about the target",
        known_as(scene(), dossiers=[dossier(), dossier(replacement="", is_gone=True)]),
    ),
    (
        "dossiers_agree",
        known_as(scene(), dossiers=[dossier(differs=("Language",))]),
        "the files say otherwise about language",
        known_as(scene(), dossiers=[dossier()]),
    ),
    (
        "dossiers_shown",
        known_as(scene(), dossiers=[dossier(host="mta1", is_gone=True)]),
        "no longer shows it",
        known_as(scene(), dossiers=[dossier(host="mta1")]),
    ),
    (
        "dossiers_shown",
        known_as(scene(), dossiers=[dossier(host="mta9")]),
        "said to run on mta9, of which nothing has been read",
        known_as(scene(), dossiers=[dossier()]),
    ),
    (
        "streams_decided",
        known_as(scene(), streams=[stream("undecided")]),
        "S-01 Bulk neither migrates nor stays yet",
        known_as(scene(), streams=[stream("stay")]),
    ),
    (
        "findings_classed",
        known_as(scene(), findings=[finding(translation_class="", title="A milter")]),
        "F-007 A milter: accepted without a class.",
        known_as(scene(), findings=[finding(proposal=""), finding(state="open", translation_class="")]),
    ),
    (
        "findings_worded",
        known_as(scene(), findings=[finding(proposal="", title="A milter")]),
        "F-007 A milter: accepted without a proposal.",
        known_as(scene(), findings=[finding(translation_class=""), finding(state="open", proposal="")]),
    ),
    (
        "answers_accepted",
        replace(scene(), answers="returned"),
        "The questionnaire is not accepted: the customer has it back for changes",
        replace(scene(), answers="accepted"),
    ),
    (
        "hosts_alike",
        two_hosts("mta2"),
        "mta1 and mta2 are named alike and configured differently",
        two_hosts("mta2", "same"),
    ),
    (
        "constructs_classified",
        translated(unknown=(Unknown("own_setting", "mta1", "etc/postfix/main.cf:9", 2, 14),)),
        "own_setting is not classified: that blocks the plan. (mta1, etc/postfix/main.cf:9)",
        translated(),
    ),
    (
        "translation_current",
        translated(newer=((4, "mta1"),)),
        "The translation is older than upload 4 of mta1.",
        translated(),
    ),
    (
        "gaps_decided",
        translated(undecided=undecided()),
        "G-003 custom (tagger) waits for a decision. (mta1, etc/postfix/main.cf:4)",
        translated(undecided=undecided("The class was gap and is custom now.")),
    ),
    (
        "decisions_held",
        translated(undecided=undecided("The class was gap and is custom now.")),
        "was decided and is open again. The class was gap and is custom now.",
        translated(undecided=undecided()),
    ),
    (
        "uploads_recent",
        replace(scene(), read_on={"mta1": TODAY - timedelta(days=31)}),
        "mta1 was read 31 days ago",
        replace(scene(), read_on={"mta1": TODAY - timedelta(days=30)}),
    ),
    (
        "uploads_together",
        replace(scene(), read_on={"mta1": TODAY, "mta2": TODAY - timedelta(days=15)}),
        "mta2 was read 15 days before mta1",
        replace(scene(), read_on={"mta1": TODAY, "mta2": TODAY - timedelta(days=14)}),
    ),
]


def verdict(key, scene):
    return next(one for one in verdicts(scene) if one.check.key == key)


@pytest.mark.parametrize(("key", "wrong", "sentence", "right"), CASES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)])
def test_a_check_sees_what_is_wrong_and_lets_what_is_right_pass(key, wrong, sentence, right):
    said, passed = verdict(key, wrong), verdict(key, right)

    assert said.state == PROBLEM
    assert any(sentence in fault.sentence for fault in said.faults)
    assert (passed.state, passed.faults) == (ORDER, ())


def test_every_check_has_its_case():
    assert {case[0] for case in CASES} == {known.key for known in known_checks()}
    assert len(known_checks()) >= 15


def test_before_the_first_upload_nothing_about_files_can_be_told():
    empty = Scene(replace(scene().estate, hosts=()), TODAY)

    told = [one for one in verdicts(empty) if one.check.needs_uploads]

    assert {one.state for one in told} == {UNTOLD}
    assert {doubt.sentence for one in told for doubt in one.doubts} == {"No configuration has been read yet."}


def test_what_listens_outside_postfix_cannot_be_told():
    told = verdict("filters_reached", scene(FILTER.replace("scan", "smtp")))

    assert told.state == UNTOLD
    assert "port 10025 of mta1" in told.doubts[0].sentence


def test_a_table_that_is_too_large_is_said_to_be_so():
    large = replace(scene(TRANSPORT, postfix__transport="example.org lost:\n"), texts={})

    assert verdict("transports_defined", large).state == UNTOLD


def test_a_single_host_has_no_other_to_be_like():
    assert verdict("hosts_alike", two_hosts("relay9")).state == UNTOLD


def test_before_the_first_translation_nothing_about_it_can_be_told():
    keys = ("constructs_classified", "translation_current", "gaps_decided", "decisions_held")

    told = [verdict(key, scene()) for key in keys]

    assert {one.state for one in told} == {UNTOLD}
    assert {doubt.sentence for one in told for doubt in one.doubts} == {"Nothing has been translated yet."}
