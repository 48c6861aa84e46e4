"""What filled commands do in a shell: to the files they change, and to lines that are pasted into it."""

import re
import tomllib

import pytest

from reports.runbooks.book import TARGETS
from tests.factories.runbooks import choose, note_everything
from tests.reports.runbooks.shells import commands_of, filled, paste, run_edits, steps_with, target_files

pytestmark = pytest.mark.django_db

ANSWERS = {
    "MEMBER": "news4",
    "ADDRESS": "198.51.100.34",
    "HELO": "n4.sender.example",
    "POOL": "news",
    "WARM": "news1",
    "SELECTOR": "s2026b",
}


def without_questions(step):
    return {**step, "command": re.sub(r"^read .*$", "", step["command"], flags=re.MULTILINE)}


def test_the_changes_of_a_warm_up_are_what_kumomta_reads(named, tmp_path):
    target_files(named, tmp_path, {"sources.toml", "shaping.toml"})
    [add, *_] = steps_with(filled(named)["ip_warm_up"], "cat >>")

    run_edits(add, tmp_path, ANSWERS)

    sources = tomllib.loads((tmp_path / "sources.toml").read_text())
    assert sources["source"]["news4"] == {"source_address": "198.51.100.34", "ehlo_domain": "n4.sender.example"}
    assert list(sources["pool"]["news"]) == ["news1", "news2", "news3", "news4"]
    pace = tomllib.loads((tmp_path / "shaping.toml").read_text())["news4.pace"]
    assert pace == {"mx_rollup": False, "source_selection_rate": "50/day,max_burst=1"}


def test_the_pace_of_the_next_day_replaces_the_one_of_the_first(named, tmp_path):
    target_files(named, tmp_path, {"sources.toml", "shaping.toml"})
    add, raise_pace = steps_with(filled(named)["ip_warm_up"], "source_selection_rate")
    run_edits(add, tmp_path, ANSWERS)
    before = tomllib.loads((tmp_path / "shaping.toml").read_text())

    run_edits(without_questions(raise_pace), tmp_path, ANSWERS | {"RATE": "100"})

    after = tomllib.loads((tmp_path / "shaping.toml").read_text())
    assert after.pop("news4.pace")["source_selection_rate"] == "100/day,max_burst=1"
    assert after == {key: value for key, value in before.items() if key != "news4.pace"}


def test_the_new_selector_signs_for_each_domain(named, tmp_path):
    target_files(named, tmp_path, {"dkim_data.toml"})
    [sign] = steps_with(filled(named)["selector_rotation"], "sed -i")

    run_edits(sign, tmp_path, ANSWERS)

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

    run_edits(add, tmp_path, ANSWERS)
    run_edits(sign, tmp_path, ANSWERS)

    text = (tmp_path / "config").read_text()
    [warm] = re.findall(r"^<virtual-mta news1>.*?^</virtual-mta>", text, re.MULTILINE | re.DOTALL)
    assert warm.splitlines()[1] == "  cold-virtual-mta news4"
    assert warm.count("    max-cold-virtual-mta-msg 50/day,100/day,250/day") == 1
    assert text.count("max-cold-virtual-mta-msg") == 1
    assert "<virtual-mta news4>\n  smtp-source-host 198.51.100.34 n4.sender.example\n</virtual-mta>" in text
    assert "\ndomain-key s2026b,news.sender.example,/etc/pmta/dkim/news.sender.example/s2026b.key" in text
    assert "\ndomain-key s1-pmta" not in text


def test_a_second_rotation_shows_that_the_files_name_another_old_selector(named, tmp_path):
    target_files(named, tmp_path, {"dkim_data.toml"})
    [sign] = steps_with(filled(named)["selector_rotation"], "sed -i")

    first = run_edits(sign, tmp_path, ANSWERS)
    second = run_edits(sign, tmp_path, ANSWERS | {"SELECTOR": "s2027a"})

    assert first.count('selector = "s2026b"') == 2
    assert second == ""
    assert "“DKIM selectors”. Where one is missing" in sign["expect"]


def test_pasted_lines_never_become_answers(named, tmp_path):
    target_files(named, tmp_path, {"shaping.toml"})
    before = tomllib.loads((tmp_path / "shaping.toml").read_text())
    [lower] = steps_with(filled(named)["throttle_change"], "cat >>")

    paste(f"DOMAIN=slow.example\n{lower['command']}\n20\n300\n", tmp_path)

    after = tomllib.loads((tmp_path / "shaping.toml").read_text())
    assert after.pop("slow.example") == {"connection_limit": 20, "max_message_rate": "300/min"}
    assert after == before


def test_a_pasted_change_of_pace_is_what_powermta_reads(engagement, ada, tmp_path):
    choose(engagement, "powermta", actor=ada)
    note_everything(engagement, actor=ada)
    target_files(engagement, tmp_path, {"config"})
    before = (tmp_path / "config").read_text()
    [lower] = steps_with(filled(engagement)["throttle_change"], "cat >>")

    paste(f"DOMAIN=slow.example\n{lower['command']}\n20\n300\n", tmp_path)

    added = "\n<domain slow.example>\n  max-smtp-out 20\n  max-msg-rate 300/1m\n</domain>\n"
    assert (tmp_path / "config").read_text() == before + added


@pytest.mark.parametrize("target", TARGETS)
def test_every_command_that_asks_takes_the_answers_that_come_after_it(engagement, ada, tmp_path, target):
    choose(engagement, target, actor=ada)
    note_everything(engagement, actor=ada)
    target_files(engagement, tmp_path, {"config", "sources.toml", "shaping.toml", "dkim_data.toml"})
    asking = [command for one in filled(engagement).values() for command in commands_of(one) if "read -rp" in command]

    for command in asking:
        names = re.findall(r"^read -rp \".*\" ([A-Z]+)$", command, re.MULTILINE)
        answers = [f"answer{place}" for place, _ in enumerate(names)]
        shown = "printf '%s\\n' " + " ".join(f'"${name}"' for name in names)
        told = paste("\n".join((f"DOMAIN=a MEMBER=b POOL=c\n{command}", *answers, shown, "")), tmp_path)
        assert told.stdout.splitlines()[-len(names) :] == answers, command
    assert len(asking) > 3


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("runbook", ["ip_warm_up", "throttle_change", "selector_rotation", "blocklisting"])
def test_in_a_shell_that_was_asked_nothing_no_file_changes(engagement, ada, tmp_path, target, runbook):
    choose(engagement, target, actor=ada)
    note_everything(engagement, actor=ada)
    target_files(engagement, tmp_path, {"config", "sources.toml", "shaping.toml", "dkim_data.toml"})
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    changing = [step for word in ("cat >>", "sed -i") for step in steps_with(filled(engagement)[runbook], word)]

    for step in changing:
        paste(f"{step['command']}\n\n\n\n", tmp_path)

    assert {name: (tmp_path / name).read_text() for name in before} == before
    assert changing or (target, runbook) == ("powermta", "blocklisting")
