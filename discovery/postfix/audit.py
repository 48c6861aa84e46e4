"""The audit of one bundle: masks it, reads its instances, runs the rules."""

from discovery.postfix.bundle import Bundle
from discovery.postfix.facts import HiddenSecret
from discovery.postfix.inventory import build_instances
from discovery.postfix.masking import mask_bundle
from discovery.postfix.report import Report
from discovery.postfix.rule_packs import load_rules
from discovery.postfix.rules import run_rules
from discovery.postfix.scene import Scene


def audit_bundle(bundle: Bundle, *, secret_key: bytes) -> Report:
    """Everything there is to say about a bundle, raw or already masked.

    `secret_key` keys the fingerprints of secrets. A bundle without a configuration gives a
    report without instances; nothing is raised for what a customer wrote.
    """
    return audit_masked(*mask_bundle(bundle, key=secret_key))


def audit_masked(masked: Bundle, secrets: tuple[HiddenSecret, ...]) -> Report:
    """The same for what `mask_bundle` gave: masking a large bundle once is enough."""
    instances, missing = build_instances(masked)
    findings = run_rules(Scene(masked, instances, missing, secrets), load_rules())
    return Report(instances, findings, missing, masked.skipped, secrets)
