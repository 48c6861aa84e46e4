"""Reads a customer's Postfix configuration and says what it means for a migration.

Pure: no Django, no network, nothing written to disk.

    bundle = read_archive("etc.tar.gz", upload)      # or read_folder(path), read_single_file(name, content)
    bundle, secrets = mask_bundle(bundle, key=key)   # before anything is stored
    report = audit_bundle(bundle, secret_key=key)    # masks again, so a raw bundle is safe too
    report.as_json()

A `Bundle` is `files: {path: BundleFile(path, content, sha256)}` and `skipped: (Skipped(path, reason), ...)`;
its readers raise `BundleRefused(sentence)`. A `Report` holds `instances`, `findings`, `missing_files`,
`skipped` and `secrets`; the shapes are in `discovery.postfix.report`.
"""

from discovery.postfix.archives import read_archive
from discovery.postfix.audit import audit_bundle
from discovery.postfix.bundle import Bundle, BundleFile, BundleRefused, Caps, Skipped
from discovery.postfix.estate_facts import (
    Domain,
    Door,
    Filter,
    Pool,
    SendingAddress,
    SigningKey,
    StreamProposal,
    Tenant,
)
from discovery.postfix.facts import (
    CronJob,
    HiddenSecret,
    MapUse,
    Milter,
    MissingFile,
    Override,
    Script,
    Service,
    Setting,
    Transport,
)
from discovery.postfix.folders import read_folder, read_path, read_single_file
from discovery.postfix.masking import mask_bundle
from discovery.postfix.report import CONFIDENCES, SEVERITIES, Finding, Instance, Report
from discovery.postfix.rules import observe
from discovery.postfix.secrets import mask_file

__all__ = [
    "CONFIDENCES",
    "SEVERITIES",
    "Bundle",
    "BundleFile",
    "BundleRefused",
    "Caps",
    "CronJob",
    "Domain",
    "Door",
    "Filter",
    "Finding",
    "HiddenSecret",
    "Instance",
    "MapUse",
    "Milter",
    "MissingFile",
    "Override",
    "Pool",
    "Report",
    "Script",
    "SendingAddress",
    "Service",
    "Setting",
    "SigningKey",
    "Skipped",
    "StreamProposal",
    "Tenant",
    "Transport",
    "audit_bundle",
    "mask_bundle",
    "mask_file",
    "observe",
    "read_archive",
    "read_folder",
    "read_path",
    "read_single_file",
]
