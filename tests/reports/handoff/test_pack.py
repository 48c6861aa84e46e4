"""The handoff pack: what is in it, what is not, and that the same records give the same bytes."""

import csv
import io
import json
import subprocess
import sys
import zipfile

import pytest

from core.evidence import verify
from core.models import AuditEvent
from engagements.domain.ask_question import ask_question
from engagements.models import FrozenDocument
from reports.handoff.book import tables, tables_file
from reports.models import RunbookRevision
from tests.laws.models import label_of, own_models, path_to
from tests.reports.handoff.conftest import make_pack

pytestmark = pytest.mark.django_db


def members_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_pack_holds_what_works_on_without_the_practice(packed, worked):
    members = members_of(packed)

    assert {"engagement.json", "ledger.jsonl", "signatures.json", "verify.py", "manifest.json", "seal.json"} <= set(
        members
    )
    assert {f"documents/{one.filename}" for one in FrozenDocument.objects.filter(engagement=worked)} <= set(members)
    assert any(name.startswith("configurations/kumomta/") for name in members)
    assert sum(name.startswith("runbooks/") and name.endswith(".md") for name in members) == 2
    assert sum(name.startswith("runbooks/") and name.endswith(".pdf") for name in members) == 2
    assert sheet(members["translation-map.csv"])
    assert json.loads(members["totals.json"])["run"] == 1
    assert sum(int(row["delivered"]) for row in sheet(members["totals.csv"])) > 0
    assert [row["address"] for row in sheet(members["suppressions.csv"])] == ["'=cmd@gmail.com"]
    assert {row["what"] for row in sheet(members["training.csv"])} == {"planned", "held", "came", "exercise"}


def test_the_verifier_in_it_passes_on_it_without_the_portal(packed, tmp_path):
    (tmp_path / "verify.py").write_bytes(members_of(packed)["verify.py"])

    run = subprocess.run([sys.executable, tmp_path / "verify.py", packed], capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "HOLDS" in run.stdout


def test_without_a_change_between_two_packs_are_the_same_to_the_byte(packed, worked, carl):
    assert make_pack(worked, actor=carl) == packed.read_bytes()


def test_an_act_between_two_packs_makes_another_one(packed, worked, carl, lea):
    ask_question(worked, actor=carl, text="And who else?", is_blocking=False)

    assert make_pack(worked, actor=lea) != packed.read_bytes()


def test_making_and_taking_a_pack_stand_in_the_portals_own_ledger(packed, worked):
    event = AuditEvent.objects.get(action="handoff.packed")

    assert event.chain == "portal"
    assert event.data["code"] == worked.code


def test_what_only_the_practice_is_told_is_held_back_at_its_place(packed, worked):
    events = [json.loads(line) for line in members_of(packed)["ledger.jsonl"].splitlines()]

    assert len(events) == AuditEvent.objects.filter(chain=worked.audit_chain).count()
    assert not verify.verify(str(packed)).faults


def test_nobodys_address_or_way_of_signing_in_is_in_the_rows(packed):
    text = members_of(packed)["engagement.json"].decode()

    assert '"ip_address"' not in text
    assert '"authentication"' not in text
    assert '"email"' not in text
    assert '"password"' not in text


def test_nothing_of_another_customer_is_in_it(worked, otto, sam, lea, tmp_path, quick_paper):
    path = tmp_path / "pack.zip"
    path.write_bytes(make_pack(worked, actor=lea))

    whole = b"\n".join(members_of(path).values()).decode("utf-8", "replace")

    assert otto.memberships.get().organization.name not in whole
    assert otto.full_name not in whole


def test_a_runbook_that_one_side_did_not_approve_is_not_among_those_in_force(packed, worked):
    names = "\n".join(members_of(packed))
    in_force = RunbookRevision.objects.filter(engagement=worked, approvals__party="customer")

    assert names.count("runbooks/") == 2 * in_force.count()
    assert RunbookRevision.objects.filter(engagement=worked).count() > in_force.count()


def test_every_model_of_an_engagement_is_in_the_file_or_left_out_for_a_reason():
    from engagements.models import Engagement

    told = {label_of(table.model) for table in tables()}
    left_out = {label for labels in tables_file()["left_out"].values() for label in labels}
    of_engagements = {label_of(model) for model in own_models() if path_to(model, Engagement) is not None}

    assert not of_engagements - told - left_out
    assert not told & left_out
    assert not left_out - {label_of(model) for model in own_models()}
