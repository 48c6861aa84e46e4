"""Packs from before and from after personal words were replaced in the ledger both hold."""

import pytest

from core.audit import verify_chain
from core.domain.redact_events import redact_events
from core.evidence import verify
from engagements.domain.export_evidence import export_evidence
from tests.engagements.test_evidence_pack import events_in

pytestmark = pytest.mark.django_db


def test_a_pack_of_before_and_a_pack_of_after_both_hold(taken, signed, carl, lea, tmp_path):
    engagement, name = signed.document.engagement, carl.full_label
    redact_events(engagement, replace=lambda _, text: text.replace(name, "Erased person 1"), actor=lea, reason="asked")
    after = tmp_path / "after.zip"
    after.write_bytes(export_evidence(engagement, actor=lea).content)

    reports = [verify.verify(str(path)) for path in (taken, after)]

    assert [report.faults for report in reports] == [[], []]
    assert reports[1].withheld > reports[0].withheld == 0
    assert list(verify_chain(engagement.audit_chain)) == []
    told = [event["redacted"]["actor_label"] for event in events_in(after) if "redacted" in event]
    assert "Erased person 1" in told
    assert [event["data"]["typed_name"] for event in events_in(after) if event.get("action") == "document.signed"]
