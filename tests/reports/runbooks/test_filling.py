"""Every runbook of every sample on both targets: filled whole, with commands that were looked up."""

import re
import subprocess
import tomllib

import pytest

from reports.runbook_facts import facts_of
from reports.runbooks.book import TARGETS, asks, runbooks, shapes
from reports.runbooks.filling import fill, is_needed, texts_in
from tests.factories.runbooks import choose, files_of, note_everything

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


def filled(engagement):
    facts = facts_of(engagement)
    return {key: fill(one, facts) for key, one in runbooks().items() if is_needed(one, facts)}


def commands_of(found):
    return [step["command"] for part in ("steps", "back") for step in found.content[part] if step["command"]]


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


def run_edits(step, folder, answers, replaced):
    """A step's changes of files, for real, on a copy. Programs of the target and of the system are left out."""
    kept = re.sub(r"^(/opt/kumomta/sbin/|curl|pmta|grep|chown).*$", "", step["command"], flags=re.MULTILINE)
    for path in replaced:
        kept = kept.replace(path, str(folder / path.rpartition("/")[2]))
    subprocess.run(["bash", "-ec", kept], env={**answers, "PATH": "/usr/bin:/bin"}, check=True, input="")


def steps_with(found, word):
    return [step for step in found.content["steps"] if word in step["command"]]


def target_files(engagement, folder, names):
    from discovery.translation_evidence import newest_of

    for file in newest_of(engagement.pk, engagement.target).files.all():
        if file.path.rpartition("/")[2] in names:
            (folder / file.path.rpartition("/")[2]).write_text(file.text)


ANSWERS = {
    "MEMBER": "news4",
    "ADDRESS": "198.51.100.34",
    "HELO": "n4.sender.example",
    "POOL": "news",
    "WARM": "news1",
    "SELECTOR": "s2026b",
}
POLICY = "/opt/kumomta/etc/policy"


def without_questions(step):
    return {**step, "command": re.sub(r"^read .*$", "", step["command"], flags=re.MULTILINE)}


def test_the_changes_of_a_warm_up_are_what_kumomta_reads(named, tmp_path):
    target_files(named, tmp_path, {"sources.toml", "shaping.toml"})
    [add, *_] = steps_with(filled(named)["ip_warm_up"], "cat >>")

    run_edits(add, tmp_path, ANSWERS, [f"{POLICY}/sources.toml", f"{POLICY}/shaping.toml"])

    sources = tomllib.loads((tmp_path / "sources.toml").read_text())
    assert sources["source"]["news4"] == {"source_address": "198.51.100.34", "ehlo_domain": "n4.sender.example"}
    assert list(sources["pool"]["news"]) == ["news1", "news2", "news3", "news4"]
    pace = tomllib.loads((tmp_path / "shaping.toml").read_text())["news4.pace"]
    assert pace == {"mx_rollup": False, "source_selection_rate": "50/day,max_burst=1"}


def test_the_pace_of_the_next_day_replaces_the_one_of_the_first(named, tmp_path):
    target_files(named, tmp_path, {"sources.toml", "shaping.toml"})
    paths = [f"{POLICY}/sources.toml", f"{POLICY}/shaping.toml"]
    add, raise_pace = steps_with(filled(named)["ip_warm_up"], "source_selection_rate")
    run_edits(add, tmp_path, ANSWERS, paths)
    before = tomllib.loads((tmp_path / "shaping.toml").read_text())

    run_edits(without_questions(raise_pace), tmp_path, ANSWERS | {"RATE": "100"}, paths)

    after = tomllib.loads((tmp_path / "shaping.toml").read_text())
    assert after.pop("news4.pace")["source_selection_rate"] == "100/day,max_burst=1"
    assert after == {key: value for key, value in before.items() if key != "news4.pace"}


def test_the_new_selector_signs_for_each_domain(named, tmp_path):
    target_files(named, tmp_path, {"dkim_data.toml"})
    [sign] = steps_with(filled(named)["selector_rotation"], "sed -i")

    run_edits(sign, tmp_path, ANSWERS, [f"{POLICY}/dkim_data.toml"])

    domains = tomllib.loads((tmp_path / "dkim_data.toml").read_text())["domain"]
    assert {name: (one["selector"], one["filename"]) for name, one in domains.items()} == {
        "sender.example": ("s2026b", "/opt/kumomta/etc/dkim/sender.example/s2026b.key"),
        "news.sender.example": ("s2026b", "/opt/kumomta/etc/dkim/news.sender.example/s2026b.key"),
    }


def test_the_changes_on_powermta_are_what_its_file_says(engagement, ada, tmp_path):
    choose(engagement, "powermta", actor=ada)
    note_everything(engagement, actor=ada)
    target_files(engagement, tmp_path, {"config"})
    found = filled(engagement)
    [add, *_] = steps_with(found["ip_warm_up"], "cat >>")
    [sign] = steps_with(found["selector_rotation"], "sed -i")

    run_edits(add, tmp_path, ANSWERS, ["/etc/pmta/config"])
    run_edits(sign, tmp_path, ANSWERS, ["/etc/pmta/config"])

    text = (tmp_path / "config").read_text()
    [warm] = re.findall(r"^<virtual-mta news1>.*?^</virtual-mta>", text, re.MULTILINE | re.DOTALL)
    assert warm.splitlines()[1] == "  cold-virtual-mta news4"
    assert warm.count("    max-cold-virtual-mta-msg 50/day,100/day,250/day") == 1
    assert text.count("max-cold-virtual-mta-msg") == 1
    assert "<virtual-mta news4>\n  smtp-source-host 198.51.100.34 n4.sender.example\n</virtual-mta>" in text
    assert "\ndomain-key s2026b,news.sender.example,/etc/pmta/dkim/news.sender.example/s2026b.key" in text
    assert "\ndomain-key s1-pmta" not in text


def test_a_sample_has_files_to_read():
    assert "etc/postfix/main.cf" in files_of("multi_ip")
