"""A small pack of another portal, about a customer that this one does not know."""

from datetime import UTC, datetime

from core.audit import canonical
from engagements.evidence import manifest_of, readable, seal_of, zipped
from reports.handoff.book import tables, tables_file
from reports.handoff.contents import FORMAT, sealed_members

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def foreign_pack(code="OLD-1", customer="Southport Parcels"):
    """Sealed with the key that the portal has now."""
    about = {"name": customer, "time_zone": "Etc/UTC"}
    engagement = {"title": "Parcels", "phase": "completed", "target": "kumomta", "organization": about}
    finding = {"number": 1, "title": "Soft bounces", "severity": "high", "state": "accepted"}
    rows = {table.name: [] for table in tables()} | {"people": [], "engagement": [engagement], "findings": [finding]}
    members = {
        "documents.json": readable([]),
        "engagement.json": canonical({"format": tables_file()["format"], "code": code, "tables": rows}),
        "head.json": canonical({"chain": "engagement:1", "sequence": 0, "digest": ""}),
        "ledger.jsonl": b"",
        "origins.json": readable([]),
        "signatures.json": readable([]),
        "totals.csv": b"day,side\r\n",
    }
    told = {"handoff": FORMAT, "engagement": code, "customer": customer}
    manifest = manifest_of(members, **told, made_at=AT, made_for="whoever signs for the customer")
    return zipped(sealed_members(members, manifest, seal_of(manifest)), AT)
