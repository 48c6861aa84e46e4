"""Whatever a configuration holds, every set can be read, nothing is left without a word, and every line says whence."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from discovery.postfix import read_path
from discovery.translation.kumomta.policy import standing as lua_statements
from discovery.translation.powermta.configuration import standing as blocks
from discovery.translation.translating import translate_to
from tests.discovery.translation.conftest import KEY, SAMPLES
from tests.discovery.translation.test_powermta import CORPUS
from tests.discovery.translation.whole_sets import FILES, faults_in, translations_of

LIBRARIES = {"content_checks.lua", "mail_routing.lua"}
ENDS = re.compile(r"\s*(?:[})\]]+,?|end\)?|\} \},|</[\w-]+>|return M)\s*")


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(FILES)
def test_every_set_can_be_read_and_leaves_nothing_out(files):
    for translation in translations_of(files).values():
        assert list(faults_in(translation)) == []


@pytest.mark.parametrize("value", ["]] .. os.exit() --", '" .. os.exit() .. "', "\\", 'a\\"b', "--[[x", "]=]"])
def test_a_value_stays_a_value(value):
    files = {
        "main.cf": f"myhostname = {value}\nsmtpd_banner = {value}\nheader_checks = pcre:/etc/postfix/pattern\n",
        "pattern": f"/^X: {re.escape(value)}/ REJECT {value}\n",
    }

    translations = translations_of(files)

    assert [fault for each in translations.values() for fault in faults_in(each)] == []
    lua = [file.text for file in translations["kumomta"].emission.files if file.path not in LIBRARIES]
    assert [line for text in lua for line in code_of(text) if "os." in line] == []


def code_of(text):
    """The lines of Lua without their strings and comments."""
    return [re.sub(r"--.*", "", re.sub(r'"(?:\\.|[^"\\])*"', "", line)) for line in text.splitlines()]


def folded(texts):
    return {line.strip() for text in texts for line in text.splitlines()}


@pytest.mark.corpus
@pytest.mark.parametrize("folder", [*sorted(SAMPLES.iterdir()), *CORPUS], ids=lambda path: Path(path).name[:12])
def test_every_line_names_its_line_of_postfix_or_says_why_it_is_there(folder):
    bodies = folded(row["text"] for rows in lua_statements().values() for row in rows)
    bodies |= folded("\n".join(row.get("lines", ())) for row in blocks()["blocks"])
    bodies |= {f"{pattern} {category}" for pattern, category in blocks()["bounces"]}

    silent = [
        (file.path, line.text)
        for translation in translate_to(read_path(folder), ["kumomta", "powermta"], secret_key=KEY).values()
        for file in translation.emission.files
        if file.path not in LIBRARIES
        for line in file.lines
        if line.text.strip() and not line.text.strip().startswith(file.comment) and not (line.origins or line.why)
        if not ENDS.fullmatch(line.text) and line.text.strip() not in bodies
    ]

    assert set(silent) <= {("config", "  <address-list>")}
