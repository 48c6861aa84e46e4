import argparse
import json

import pytest

from delivery.proxy.choice.caps import Caps
from delivery.proxy.choice.explain import add_arguments, answer
from delivery.proxy.configuration import read_configuration
from delivery.proxy.control.standing import Standing, roll_back

WORDS = """
listen = "127.0.0.1:2525"
journal = "journal"
[backends.old]
address = "127.0.0.1:2601"
[backends.new]
address = "127.0.0.1:2602"
[split]
new = 0
[[split.stay]]
name = "contracts"
header = { X-Stream = "contract*" }
[[split.rules]]
name = "shop"
user = "shop"
new = 100
[[split.rules]]
name = "google"
provider = "Google"
per_day = 2
"""
MESSAGE = "From: Anna <anna@sender.example>\nMessage-ID: <1@sender.example>\nX-Stream: {}\n\nHello\n"


@pytest.fixture
def explain(tmp_path, capsys):
    (tmp_path / "proxy.toml").write_text(WORDS)

    def explained(*words, stream="news"):
        (tmp_path / "message.eml").write_text(MESSAGE.format(stream))
        top = argparse.ArgumentParser()
        top.add_argument("--json", action="store_true")
        add_arguments(top)
        said = top.parse_args(["--explain", str(tmp_path / "message.eml"), *words])
        code = answer(read_configuration(tmp_path / "proxy.toml"), said)
        out, err = capsys.readouterr()
        return code, out or err

    return explained


def test_it_says_which_rule_wins_and_why_those_before_it_do_not(explain):
    code, said = explain("--to", "berta@gmail.com")

    assert code == 0
    assert said == (
        "Message-ID <1@sender.example>, provider google\n"
        "  contracts: does not fit, the header does not say so\n"
        "  shop: does not fit, nobody signed in\n"
        "  google: 100 % to the new side by message\n"
        "It goes to the new side by google, known at the header.\n"
    )


@pytest.mark.parametrize(
    ("words", "stream", "side", "rule"),
    [
        (["--to", "b@corp.example"], "news", "old", "split"),
        (["--to", "b@gmail.com"], "contract-7", "old", "contracts"),
        (["--to", "b@gmail.com", "--user", "shop"], "news", "new", "shop"),
    ],
)
def test_programs_get_the_same(explain, words, stream, side, rule):
    code, said = explain(*words, "--json", stream=stream)

    found = json.loads(said)
    assert (code, found["backend"], found["rule"]) == (0, side, rule)
    assert found["message_id"] == "<1@sender.example>"


def test_recipients_that_would_be_put_off_are_named(explain):
    _, said = explain("--to", "b@gmail.com", "--to", "c@corp.example", "--to", "d@gmail.com")

    assert said.endswith("Put off with 452, for a transaction of their own: c@corp.example\n")


def test_a_rollback_that_stands_is_obeyed(explain, tmp_path):
    standing = Standing(tmp_path / "journal")
    standing.decide(roll_back)
    standing.close()

    assert explain("--to", "b@gmail.com")[1].endswith("It goes to the old side by rollback, known at MAIL FROM.\n")


def test_explaining_counts_nothing_and_leaves_nothing(explain, tmp_path):
    before = explain("--to", "b@gmail.com")
    is_clean = not (tmp_path / "journal").exists()
    Standing(tmp_path / "journal").close()

    after = [explain("--to", "b@gmail.com") for _ in range(3)]

    caps = Caps(tmp_path / "journal")
    assert is_clean
    assert after == [before] * 3
    assert [used for *_, used in caps.used()] in ([], [0])
    caps.close()


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [([], 2, "proxy: --explain needs at least one recipient: --to ADDRESS\n")],
)
def test_what_is_missing_is_said(explain, words, code, sentence):
    assert explain(*words) == (code, sentence)
