"""The set for KumoMTA: golden outputs, the strict checker where it is there, and nothing left out."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from discovery.postfix import read_path
from discovery.translation.kumomta import emit_kumomta
from tests.discovery.translation.conftest import MASTER, SAMPLES, estates_in
from tests.discovery.translation.test_powermta import statements

GOLDEN = Path(__file__).parents[1] / "golden" / "kumomta"
SHARED = Path(__file__).parents[5] / "shared"
CHECKER = SHARED / "tools" / "kumo_check" / "kumo_check.py"
CORPUS = sorted((SHARED / "corpus").glob("0*")) if SHARED.is_dir() else []
FOLDERS = sorted(path for path in SAMPLES.iterdir() if path.is_dir())
ABSENT = "the checker and the corpus lie in ../shared, which is not here"
CLOSERS = re.compile(r"\s*(?:[})\]]+,?|end\)?|\} \},)\s*")
LIBRARIES = {"content_checks.lua", "mail_routing.lua"}


def emitted(bundle):
    return emit_kumomta(tuple(estates_in(bundle).values()))


def findings(folder, emission):
    """What the strict checker says about a set."""
    for file in emission.files:
        (folder / file.path).write_text(file.text)
    mapped = f"/opt/kumomta/etc/policy={folder}"
    return subprocess.run(
        [sys.executable, CHECKER, "--map", mapped, folder / "init.lua", folder / "shaping.toml"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_sample_gives_the_same_files_byte_for_byte(folder):
    emission = emitted(read_path(folder))

    golden = {path.name: path.read_text() for path in (GOLDEN / folder.name).iterdir()}
    assert {file.path: file.text for file in emission.files if file.path not in LIBRARIES} == golden


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS, reason=ABSENT)
@pytest.mark.parametrize("folder", [*CORPUS, *FOLDERS], ids=lambda path: path.name[:12])
def test_the_checker_finds_nothing(folder, tmp_path):
    found = findings(tmp_path, emitted(read_path(folder)))

    assert (found.stdout, found.stderr, found.returncode) == ("", "", 0)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_line_names_its_line_of_postfix_or_says_why_it_is_there(folder):
    files = [file for file in emitted(read_path(folder)).files if file.path not in LIBRARIES]

    silent = [
        (file.path, line.text)
        for file in files
        for line in file.lines
        if line.text.strip()
        and not line.text.strip().startswith(file.comment)
        and not (line.origins or line.why)
        and not CLOSERS.fullmatch(line.text)
        and line.text not in bodies()
    ]

    assert silent == []


def bodies():
    """Lines within the statements that every policy holds, whose first line says why."""
    from discovery.translation.kumomta.policy import standing

    texts = [row["text"] for rows in standing().values() for row in rows]
    return {f"{indent}{line}" for text in texts for line in text.splitlines() for indent in ("", "  ")}


def test_every_refusal_of_the_estate_is_passed_on():
    estates = tuple(estates_in(read_path(SAMPLES / "multi_instance")).values())

    passed = set(emit_kumomta(estates).not_carried)

    assert {refusal for estate in estates for refusal in estate.refusals} <= passed


@pytest.mark.corpus
@pytest.mark.parametrize("folder", [*CORPUS, *FOLDERS], ids=lambda path: path.name[:12])
def test_every_statement_of_an_estate_becomes_a_line_or_a_refusal(folder):
    estates = tuple(estates_in(read_path(folder)).values())
    emission = emit_kumomta(estates)

    places = {origin.place for origin in emission.origins} | {each.origin.place for each in emission.not_carried}

    said = {origin for estate in estates for origin in statements(estate) if origin.name != "inet_protocols"}
    assert {origin for origin in said if origin.place not in places} == set()


def test_several_instances_become_one_policy_whose_names_do_not_meet():
    files = {file.path: file.text for file in emitted(read_path(SAMPLES / "multi_instance")).files}

    tenants = tomllib.loads(files["queues.toml"])["tenant"]
    assert {"postfix.smtp", "postfix-a.smtp", "postfix-b.smtp"} <= set(tenants)
    assert files["init.lua"].count("meta = { instance = ") == files["init.lua"].count("kumo.start_esmtp_listener {")


def test_passwords_and_keys_are_named_by_path_and_never_written(estate_of):
    estate = estate_of(
        "relayhost = [relay.example]:587\nsmtp_sasl_auth_enable = yes\n"
        "smtp_sasl_password_maps = hash:/etc/postfix/sasl\n",
        sasl="[relay.example]:587 anna:very-secret-word\n",
    )

    emission = emit_kumomta((estate,))

    written = "".join(file.text for file in emission.files)
    shaping = tomllib.loads(next(file.text for file in emission.files if file.path == "shaping.toml"))
    hop = shaping["relay.example-587.next-hop"]
    assert "very-secret-word" not in written
    assert hop["smtp_auth_plain_username"] == "anna"
    assert hop["smtp_auth_plain_password"] == "/opt/kumomta/etc/policy/secrets/relay.example-587.next-hop"


@pytest.mark.parametrize(
    ("level", "setting"),
    [
        ("none", "Disabled"), ("may", "OpportunisticInsecure"), ("encrypt", "RequiredInsecure"),
        ("verify", "Required"), ("secure", "Required"), ("dane", "OpportunisticInsecure"), ("fingerprint", "Required"),
    ],
)  # fmt: skip
def test_tls_is_what_the_level_means_and_not_what_it_is_called(estate_of, level, setting):
    estate = estate_of(
        f"smtp_tls_security_level = {level}\nsmtp_tls_policy_maps = hash:/etc/postfix/tls\n", tls=f"b.example {level}\n"
    )

    shaping = tomllib.loads(emit_kumomta((estate,)).files[1].text)

    assert shaping["smtp.pace"]["enable_tls"] == setting
    assert shaping["b.example"]["enable_tls"] == setting


def test_what_has_no_equal_is_refused_and_never_written_as_something_else(estate_of):
    estate = estate_of(
        "relayhost = [relay.example]:465\nsmtp_tls_policy_maps = hash:/etc/postfix/tls\n"
        "transport_maps = hash:/etc/postfix/transport\nsmtp_generic_maps = hash:/etc/postfix/generic\n",
        tls="a.example fingerprint\n.b.example encrypt\n",
        transport="a.example lmtp:unix:/run/lmtp\nb.example smtp:[x.example], y.example\n",
        generic="root@inner.example root@outer.example\n",
        master=f"{MASTER}lmtp unix - - y - - lmtp\n",
    )

    emission = emit_kumomta((estate,))

    places = {refusal.origin.place for refusal in emission.not_carried}
    told = ("generic:1", "main.cf:1", "tls:1", "tls:2", "transport:1", "transport:2")
    routes = next(file.text for file in emission.files if file.path == "routes.lua")
    assert {f"etc/postfix/{each}" for each in told} <= places
    assert "relay_hop" not in routes
    assert '["a.example"] = { action = "hold"' in routes


def files_of(*estates):
    files = {file.path: file.text for file in emit_kumomta(estates).files}
    return {path: tomllib.loads(text) if path.endswith(".toml") else text for path, text in files.items()}


def test_held_mail_has_a_pool_whose_only_source_is_never_used(estate_of):
    files = files_of(estate_of("header_checks = regexp:/etc/postfix/checks\n", checks="/^Subject: wait/ HOLD\n"))

    queue = files["queues.toml"]["queue"]["held"]
    assert files["sources.toml"]["pool"][queue["egress_pool"]] == {"(held)": {"weight": 0}}
    assert "(held)" in files["sources.toml"]["source"]
    assert (queue["max_age"], queue["retry_interval"]) == ("3650 days", "1 day")


def test_every_pool_and_source_that_is_named_is_there():
    for folder in FOLDERS:
        files = files_of(*estates_in(read_path(folder)).values())

        sources, queues = files["sources.toml"], files["queues.toml"]
        asked = [*queues["tenant"].values(), *queues.get("queue", {}).values()]
        assert {each["egress_pool"] for each in asked if "egress_pool" in each} <= set(sources["pool"])
        assert all(members and set(members) <= set(sources["source"]) for members in sources["pool"].values())


def test_a_source_of_both_families_sends_by_ipv4_and_its_pool_keeps_its_weights(estate_of):
    master = f"""{MASTER}
a unix - - y - - smtp
  -o smtp_bind_address=192.0.2.1 -o smtp_bind_address6=2001:db8::1
b unix - - y - - smtp
  -o smtp_bind_address6=2001:db8::2 -o inet_protocols=ipv6
"""
    estate = estate_of("default_transport = randmap:{a:,b:,b:}\n", master=master)

    emission = emit_kumomta((estate,))

    files = files_of(estate)
    sources = files["sources.toml"]["source"]
    assert (sources["a"]["source_address"], sources["b"]["source_address"]) == ("192.0.2.1", "2001:db8::2")
    assert [each.text for each in emission.not_carried if "left out" in each.reason] == ["2001:db8::1"]


def test_the_only_address_that_is_listened_at_is_the_one_that_is_sent_from(estate_of):
    one = files_of(estate_of("inet_interfaces = 192.0.2.7, [2001:db8::7]\n"))
    bound = files_of(estate_of("inet_interfaces = 192.0.2.7\nsmtp_bind_address = 192.0.2.9\n"))
    two = files_of(estate_of("inet_interfaces = 192.0.2.7 127.0.0.1 [2001:db8::7]\n"))

    assert one["sources.toml"]["source"]["smtp"]["source_address"] == "192.0.2.7"
    assert bound["sources.toml"]["source"]["smtp"]["source_address"] == "192.0.2.9"
    assert "source_address" not in two["sources.toml"]["source"]["smtp"]


@pytest.mark.parametrize(
    ("setting", "written"), [("", "Fix"), ("no", "Fix"), ("normalize", "Fix"), ("yes", "Fix"), ("reject", "Deny")]
)
def test_lines_that_end_in_a_bare_line_feed_are_taken_as_postfix_takes_them(estate_of, setting, written):
    main = f"smtpd_forbid_bare_newline = {setting}\n" if setting else ""

    policy = files_of(estate_of(main))["init.lua"]

    assert f'invalid_line_endings = "{written}",' in policy


def test_mail_for_domains_of_this_host_is_held_and_their_aliases_are_followed(estate_of):
    estate = estate_of(
        "mydestination = own.example, localhost\nvirtual_alias_domains = alias.example\nlocal_transport = local\n"
        "virtual_mailbox_domains = hash:/etc/postfix/boxes\nvirtual_transport = smtp:[boxes.inner]\n"
        "transport_maps = hash:/etc/postfix/transport\n",
        master=f"{MASTER}local unix - n n - - local\n", boxes="box.example x\n", transport="own.example smtp:\n",
    )  # fmt: skip

    emission = emit_kumomta((estate,))

    routes = next(file.text for file in emission.files if file.path == "routes.lua")
    assert '["own.example"] = { action = "send", transport = "smtp" }' in routes
    assert '["localhost"] = { action = "hold"' in routes
    assert '["alias.example"] = { action = "hold"' in routes
    assert '["box.example"] = { action = "send", transport = "smtp", hop = "boxes.inner-25.next-hop" }' in routes
    assert {"localhost", "alias.example"} <= {each.text for each in emission.not_carried}


@pytest.mark.parametrize(
    ("setting", "place", "absent"),
    [
        ("smtpd_timeout = 0\n", "init.lua", "client_timeout"),
        ("smtp_destination_concurrency_limit = 0\n", "shaping.toml", "connection_limit"),
        ("smtp_connect_timeout = 0\n", "shaping.toml", "connect_timeout"),
        ("maximal_queue_lifetime = 0\n", "queues.toml", "max_age"),
        ("minimal_backoff_time = 0\n", "queues.toml", "\nretry_interval"),
    ],
)
def test_a_zero_that_means_something_else_is_told_and_not_written(estate_of, setting, place, absent):
    emission = emit_kumomta((estate_of(setting),))

    written = next(file.text for file in emission.files if file.path == place)
    assert absent not in written
    assert ("etc/postfix/main.cf:1", "0") in {(each.origin.place, each.text) for each in emission.not_carried}


def test_sizes_beyond_32_bits_are_carried_over_and_a_bad_number_is_told(estate_of):
    large = files_of(estate_of("message_size_limit = 5000000000\n"))["init.lua"]
    emission = emit_kumomta((estate_of("message_size_limit = 10M\n"),))

    assert "max_message_size = 5000000000," in large
    assert ("etc/postfix/main.cf:1", "10M") in {(each.origin.place, each.text) for each in emission.not_carried}
