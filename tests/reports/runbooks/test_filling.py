"""Every runbook of every sample on both targets: filled whole, with commands that were looked up."""

import subprocess

import pytest

from reports.domain.draw_up_runbooks import note_runbook_fact
from reports.runbooks.book import TARGETS, asks, runbooks, shapes
from reports.runbooks.filling import texts_in
from tests.factories.runbooks import choose, files_of, note_everything
from tests.reports.runbooks.shells import commands_of, filled

pytestmark = pytest.mark.django_db

ALL = {
    "selector_rotation",
    "ip_warm_up",
    "throttle_change",
    "incident",
    "queue_drain",
    "certificate_renewal",
    "blocklisting",
    "log_outage",
    "bounce_processor_stuck",
    "rollback_window",
}


def test_the_ten_runbooks_are_there():
    assert set(runbooks()) == ALL


@pytest.mark.parametrize("runbook", runbooks().values(), ids=lambda one: one.key)
def test_each_runbook_says_when_how_what_to_expect_how_back_and_whom_to_call(runbook):
    steps = [*runbook.steps, *runbook.back]

    assert [] not in (runbook.trigger, runbook.steps, runbook.back, runbook.contact)
    assert set(runbook.contact) <= set(asks())
    assert set(runbook.tables) <= set(shapes())
    assert all(step.title or step.rollback_step for step in steps)
    assert all(
        set(part) <= set(TARGETS)
        for step in steps
        for part in (step.text, step.once, step.run, step.then, step.expect)
        if isinstance(part, dict)
    )
    assert all(isinstance(step.expect, str) or set(step.expect) == set(TARGETS) for step in steps)


@pytest.mark.parametrize("sample", ["multi_ip", "single_ip", "multi_instance"])
@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_left_to_fill_in_and_every_command_was_looked_up(engagement, ada, target, sample):
    choose(engagement, target, actor=ada, sample=sample)
    note_everything(engagement, actor=ada)

    found = filled(engagement)

    assert {key: one.reasons for key, one in found.items() if one.reasons} == {}
    assert ALL - set(found) <= ({"selector_rotation"} if sample != "multi_ip" else set())
    assert all(
        text.strip() for one in found.values() for text in (one.content["steps"][0]["title"], one.content["title"])
    )
    assert not [text for one in found.values() for text in texts_in(one.content) if "not known yet" in text]


@pytest.mark.parametrize("target", TARGETS)
def test_a_shell_reads_every_command(engagement, ada, target):
    choose(engagement, target, actor=ada)
    note_everything(engagement, actor=ada)

    commands = [command for one in filled(engagement).values() for command in commands_of(one)]

    read = [
        subprocess.run(["bash", "-n", "-c", command], capture_output=True, text=True, check=False)
        for command in commands
    ]
    assert [one.stderr for one in read if one.returncode or one.stderr] == []
    assert len(commands) > 40


def test_the_names_are_those_of_the_configuration(engagement, ada):
    choose(engagement, "kumomta", actor=ada)
    note_everything(engagement, actor=ada)

    found = filled(engagement)

    text = "\n".join(commands_of(found["selector_rotation"]))
    assert "/opt/kumomta/etc/dkim/news.sender.example/" in text
    assert "dig +short TXT s1-kumo._domainkey.sender.example" in text
    assert "21.2.0.192.zen.spamhaus.org" in "\n".join(commands_of(found["blocklisting"]))
    [ways] = [table for table in found["ip_warm_up"].content["tables"] if table["title"] == "Ways out"]
    assert ["news1", "198.51.100.31", "n1.sender.example", "news"] in ways["rows"]
    assert ["smtp", "not set", "out1.sender.example", "not set"] in ways["rows"]
    limits = {table["title"]: table["rows"] for table in found["throttle_change"].content["tables"]}
    assert limits["Set where nobody knows better"][-1][0] == "Every other provider"
    assert "(held)" not in str(found["ip_warm_up"].content)


def test_what_nobody_knows_is_asked_for_and_not_made_up(engagement, ada):
    choose(engagement, "kumomta", actor=ada)

    found = filled(engagement)

    assert set(found["selector_rotation"].missing) == {"on_call", "dns_people", "target_hosts"}
    assert found["selector_rotation"].reasons[0] == "It is not known yet: Hosts of the new mail server."
    assert "(not known yet: Who changes DNS records)" in str(found["selector_rotation"].content["contact"])


def test_the_way_back_has_the_steps_of_the_portals_own_rollback(named):
    from delivery.domain.roll_back import steps_of_the_way_back

    content = filled(named)["rollback_window"].content

    assert [step["title"] for step in content["steps"]] == [step["title"] for step in steps_of_the_way_back()]


def test_a_sample_has_files_to_read():
    assert "etc/postfix/main.cf" in files_of("multi_ip")


def test_a_key_is_made_on_one_host_and_brought_to_each_other_one(named):
    steps = filled(named)["selector_rotation"].content["steps"]

    made, brought = steps[1], steps[2]
    assert made["where"] == "the first of out1.sender.example, out2.sender.example"
    assert "openssl genrsa" in made["command"]
    assert brought["title"] == "Bring each key to the other hosts"
    assert brought["command"].count("scp -p") == 2
    assert "out2.sender.example:/opt/kumomta/etc/dkim/news.sender.example/" in brought["command"]
    assert "out1.sender.example" not in brought["command"]


def test_with_one_host_no_key_is_brought_anywhere(named, ada):
    note_runbook_fact(named, key="target_hosts", value="out1.sender.example", actor=ada)

    titles = [step["title"] for step in filled(named)["selector_rotation"].content["steps"]]

    assert "Make a key for each domain" in titles
    assert "Bring each key to the other hosts" not in titles
