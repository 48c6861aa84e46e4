"""The dashboards for Grafana: every name is one that is really exported, and red is where an alarm is raised."""

import json
import os
import re
import subprocess
import urllib.request
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from core.metrics import measured
from portal.embedded import ROOT
from tests.delivery.proxy.helms import Helm

FOLDER = ROOT / "deploy" / "grafana"
NAMES = ("kumomta", "portal", "powermta", "proxy")
TOKEN = "what the scraper knows"
# What is no metric in an expression.
TEXTS = re.compile(r'\{[^}]*\}|\[[^\]]*\]|"[^"]*"')
GROUPED = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
WORDS = {"and", "or", "unless", "bool", "by"}
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("_total",)}
GIVEN = {"instance", "job"}  # labels that Prometheus itself adds
STATUS = """\
rsp.status="ok"
status.mta.version="5.0r8"
status.conn.smtpIn.cur="12"
status.conn.smtpOut.cur="40"
status.queue.smtp.rcp="1703"
status.traffic.lastMin.in.rcp="900"
status.traffic.lastMin.out.rcp="880"
status.traffic.total.out.msg="123456"
status.traffic.total.out.kb="98765.5"
"""


def board(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


def panels(name):
    return [panel for panel in board(name)["panels"] if panel["type"] != "row"]


def expressions(panel):
    return [target["expr"] for target in panel["targets"]]


def metrics_in(expression):
    bare = GROUPED.sub(" ", TEXTS.sub(" ", expression))
    return {name for name in re.findall(r"\b([A-Za-z_]\w*)\b(?!\s*\()", bare) if name not in WORDS}


def labels_in(target):
    expression = target["expr"]
    matched = re.findall(r"[{,]\s*(\w+)\s*(?:=~|!=|=)", expression)
    grouped = [name.strip() for names in GROUPED.findall(expression) for name in names.split(",")]
    return {*matched, *grouped, *re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])}


def rules():
    groups = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text())["groups"]
    return {rule["alert"]: rule["expr"] for group in groups for rule in group["rules"]}


def exported(text):
    """Each name that can stand in an expression, with the labels that its samples carried."""
    found = defaultdict(set)
    for family in text_string_to_metric_families(text):
        for suffix in SUFFIXES.get(family.type, ("",)):
            found[family.name + suffix].update()
        for sample in family.samples:
            found[sample.name].update(sample.labels)
    return found


@pytest.fixture
def portal(client, settings, db):
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    found = exported(answer.content.decode())
    for one in measured():  # an empty database has no samples whose labels could be read
        found[f"{one.name}{'_total' if one.kind == 'counter' else ''}"].update(one.labels)
    return found


@pytest.fixture
def proxy(tmp_path):
    with Helm(tmp_path) as helm:
        address = f"http://{helm.configuration.control.listen}/metrics"
        request = urllib.request.Request(address, headers={"Authorization": "Bearer hush"})
        with urllib.request.urlopen(request, timeout=30) as response:
            return exported(response.read().decode())


@pytest.fixture
def kumomta():
    lines = Path(__file__).with_name("kumomta_metrics.txt").read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {name: set(labels) for name, _, *labels in rows}


def write_status(folder, said):
    program = folder / "pmta"
    program.write_text(f"#!/bin/sh\n[ \"$*\" = '--dom show status' ] || exit 2\ncat <<'.'\n{said}.\n")
    program.chmod(0o755)
    file = folder / "powermta.prom"
    words = ["sh", str(FOLDER / "powermta-status.sh"), str(file)]
    path = {"PATH": f"{folder}:{os.environ['PATH']}"}
    return file, subprocess.run(words, env=path, capture_output=True, text=True, check=False)


@pytest.fixture
def powermta(tmp_path):
    file, done = write_status(tmp_path, STATUS)
    assert done.returncode == 0, done.stderr
    return exported(file.read_text())


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_and_label_of_a_dashboard_is_exported(name, request):
    known = request.getfixturevalue(name)

    shown = {metric for panel in panels(name) for one in expressions(panel) for metric in metrics_in(one)}
    strange = [
        (panel["title"], label)
        for panel in panels(name)
        for target in panel["targets"]
        for label in labels_in(target) - GIVEN - set().union(*(known[metric] for metric in metrics_in(target["expr"])))
        if not (label == "le" and "histogram_quantile" in target["expr"])
    ]

    assert shown - known.keys() == set()
    assert len(shown) > 5
    assert strange == []


@pytest.mark.parametrize("name", ["portal", "proxy"])
def test_all_that_we_export_is_on_a_panel(name, request):
    known = request.getfixturevalue(name)

    shown = {metric for panel in panels(name) for one in expressions(panel) for metric in metrics_in(one)}

    assert known.keys() - shown == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_dashboard_asks_which_source_it_reads_and_says_what_each_panel_shows(name):
    found = board(name)

    assert [one["type"] for one in found["templating"]["list"]] == ["datasource"]
    assert {panel["datasource"]["uid"] for panel in panels(name)} == {"${datasource}"}
    assert {t["datasource"]["uid"] for panel in panels(name) for t in panel["targets"]} == {"${datasource}"}
    for panel in panels(name):
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
    assert len({panel["id"] for panel in found["panels"]}) == len(found["panels"])
    assert len({panel["title"] for panel in panels(name)}) == len(panels(name))


def test_no_two_panels_of_a_dashboard_lie_on_each_other():
    for name in NAMES:
        taken = set()
        for panel in board(name)["panels"]:
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not cells & taken, (name, panel["title"])
            assert place["x"] + place["w"] <= 24, (name, panel["title"])
            taken |= cells


def colour(panel, value):
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    reached = [step["color"] for step in steps if step["value"] is None or value >= step["value"]]
    return reached[-1]


def is_red_where_the_rule_fires(panel, sign, bound):
    """Of counts red begins at the next one, of times at the bound itself."""
    if sign == "<":
        return colour(panel, bound - 1) == "red" and colour(panel, bound) != "red"
    return colour(panel, bound + 1) == "red" and colour(panel, max(bound - 1, 0)) != "red"


@pytest.mark.parametrize("alert", rules())
def test_what_an_alarm_is_raised_on_is_on_a_panel_and_red_there(alert):
    expression = rules()[alert]
    bounds = [(sign, float(bound)) for sign, bound in re.findall(r"([<>])\s*(-?\d+)", expression)]
    asked = set().union(*(metrics_in(part) for part in re.split(r"[<>]\s*-?\d+", expression)))

    showing = [
        panel
        for name in NAMES
        for panel in panels(name)
        if any(asked <= metrics_in(one) for one in expressions(panel))
        and len(panel["fieldConfig"]["defaults"]["thresholds"]["steps"]) > 1
        and all(is_red_where_the_rule_fires(panel, *bound) for bound in bounds)
    ]

    assert bounds
    assert asked
    assert showing, f"No panel is red where {alert} is raised"


def test_of_what_powermta_says_only_numbers_are_written(tmp_path):
    file, done = write_status(tmp_path, STATUS)

    lines = file.read_text().splitlines()
    assert done.returncode == 0
    assert "powermta_status_queue_smtp_rcp 1703" in lines
    assert "powermta_status_traffic_total_out_kb 98765.5" in lines
    assert not [line for line in lines if "version" in line or "rsp" in line]
    assert file.stat().st_mode & 0o777 == 0o644


def test_what_was_written_stays_while_powermta_says_nothing(tmp_path):
    file, _ = write_status(tmp_path, STATUS)
    before = file.read_text()

    _, done = write_status(tmp_path, "The server is not running.\n")

    assert done.returncode != 0
    assert file.read_text() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pmta", "powermta.prom"]
