"""What the checker of KumoMTA policies finds: Lua that does not parse, names that nobody knows, wrong values."""

import json
from pathlib import Path

import pytest

from discovery.syntax import check_files
from discovery.syntax.names import known_names

INDEX = Path(__file__).parents[4] / "shared" / "tools" / "kumo_check" / "kumo_index.json"

POLICY = """\
-- kumo.unheard_of is only named here
local kumo = require 'kumo'
local ways = require 'routes'
kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '0.0.0.0:25',
    relay_hosts = { '127.0.0.1' },
  }
  kumo.configure_local_logs { log_dir = '/var/log/kumomta', headers = { 'Message-ID' } }
end)
"""
FILES = {
    "mta1/init.lua": POLICY,
    "mta1/routes.lua": "return { text = [[kumo.nothing at all]] }\n",
    "mta1/sources.toml": '["source"."a"]\nsource_address = "192.0.2.1"\n["pool"."p"."a"]\nweight = 1\n',
    "mta1/shaping.toml": '["a.pace"]\nmx_rollup = false\nmax_message_rate = "1/2s"\nconnect_timeout = "30 seconds"\n',
    "mta1/NOT-TRANSLATED.md": "# not lua [[\n",
}


def remarks(**changes):
    files = FILES | {f"mta1/{name}": text for name, text in changes.items()}
    return [str(each) for each in check_files("kumomta", {path: text.encode() for path, text in files.items()}).remarks]


def test_a_right_policy_has_no_remark():
    assert remarks() == []


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("end)", "end", 11, "Lua:"),
        ("kumo.on('init'", "kumo.on('innit'", 4, "KumoMTA is not known to have the event innit."),
        ("start_esmtp_listener", "start_smtp_listener", 5, "not known to have kumo.start_smtp_listener."),
        ("relay_hosts", "relay_host", 7, "kumo.start_esmtp_listener is not known to take relay_host."),
        ("'routes'", "'roads'", 3, "There is no module roads"),
        ("headers =", "header =", 9, "kumo.configure_local_logs is not known to take header."),
    ],
)
def test_a_wrong_line_of_the_policy_is_named(before, after, line, said):
    found = remarks(**{"init.lua": POLICY.replace(before, after, 1)})

    assert [each for each in found if each.startswith(f"mta1/init.lua:{line}: ") and said in each] == found != []


def test_what_is_compiled_is_never_run():
    loop = "while true do end\n"

    assert remarks(**{"routes.lua": loop}) == []


@pytest.mark.parametrize("text", ["\x1bLuaS\x00", "(" * 100_000, "x = " + "{" * 5000 + "}" * 5000, 'x = "' + "a" * 10])
def test_strange_lua_gives_a_remark_and_no_crash(text):
    found = remarks(**{"routes.lua": text})

    assert len(found) == 1
    assert found[0].startswith("mta1/routes.lua")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("sources.toml", "[source\n", "mta1/sources.toml:1: TOML:"),
        ("sources.toml", '["source"."a"]\nsource_address = "here"\n', "mta1/sources.toml:2: source_address has to be"),
        ("sources.toml", '["sauce"."a"]\nx = 1\n', "The section sauce is not known here."),
        ("shaping.toml", '["a"]\nmax_mesage_rate = "1/s"\n', "mta1/shaping.toml:2: KumoMTA is not known to have"),
        ("shaping.toml", '["a"]\nmax_message_rate = "fast"\n', "max_message_rate has to be a rate such as 100/min"),
        ("shaping.toml", '["a"]\nconnection_limit = true\n', "connection_limit has to be a whole number, not True."),
        ("queues.toml", "[tenant.a]\nmax_age = 3\n", "mta1/queues.toml:2: max_age has to be a duration"),
        ("dkim_data.toml", "[domain.'a.example']\nselector = ''\n", "selector has to be a text"),
    ],
)
def test_a_wrong_line_of_a_data_file_is_named(name, text, said):
    found = remarks(**{name: text})

    assert len(found) == 1
    assert said in found[0]


def test_a_policy_without_its_beginning_is_said():
    report = check_files("kumomta", {"mta1/routes.lua": b"return {}"})

    assert [str(each) for each in report.remarks] == [
        "mta1/init.lua: The policy that KumoMTA begins with is not there."
    ]


def test_bytes_that_are_no_text_are_said():
    report = check_files("kumomta", {"mta1/init.lua": b"local a = 1\n-- \xff\n"})

    assert [str(each) for each in report.remarks] == ["mta1/init.lua:2: These bytes are no UTF-8."]


@pytest.mark.corpus
@pytest.mark.skipif(not INDEX.exists(), reason="the index of KumoMTA is not beside this repository")
def test_every_name_of_our_own_table_exists_in_kumomta():
    index = json.loads(INDEX.read_text(encoding="utf-8"))
    modules = {*index["helpers"], "kumo"}

    assert known_names().functions - {*index["functions"], "kumo.on"} == set()
    assert known_names().events - {*index["events"]} == set()
    assert known_names().modules - modules == set()
