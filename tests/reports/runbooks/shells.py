"""Filled commands in a shell: on copies of the generated files, without the programs of the target."""

import re
import subprocess

from discovery.translation_evidence import newest_of
from reports.runbook_facts import facts_of
from reports.runbooks.book import runbooks
from reports.runbooks.filling import fill, is_needed

POLICY = "/opt/kumomta/etc/policy"
CONFIG = "/etc/pmta/config"
PROGRAMS = re.compile(r"^(/opt/kumomta/sbin/|curl|pmta|chown|dig).*$", re.MULTILINE)


def filled(engagement):
    facts = facts_of(engagement)
    return {key: fill(one, facts) for key, one in runbooks().items() if is_needed(one, facts)}


def commands_of(found):
    return [step["command"] for part in ("steps", "back") for step in found.content[part] if step["command"]]


def on_copies(command, folder):
    """The command with the copies in a folder in place of the files, without what only the target's host has."""
    return PROGRAMS.sub("true", command).replace(f"{POLICY}/", f"{folder}/").replace(CONFIG, f"{folder}/config")


def run_edits(step, folder, answers):
    """What the step says on copies, for real."""
    command = on_copies(step["command"], folder)
    told = subprocess.run(
        ["bash", "-c", command], env={**answers, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    assert told.stderr == ""
    return told.stdout


def paste(text, folder):
    """Into an interactive shell without bracketed paste: one line after the other, to whatever reads."""
    return subprocess.run(
        ["bash", "--norc", "-i"],
        input=on_copies(text, folder),
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "PS1": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        start_new_session=True,
    )


def steps_with(found, word):
    return [step for step in found.content["steps"] if word in step["command"]]


def target_files(engagement, folder, names):
    for file in newest_of(engagement.pk, engagement.target).files.all():
        if file.path.rpartition("/")[2] in names:
            (folder / file.path.rpartition("/")[2]).write_text(file.text)
