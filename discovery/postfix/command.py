"""`gatepost audit PATH [--json]`: the audit on the command line, without a database."""

import argparse
import json
import secrets
import sys
from collections.abc import Iterable, Iterator, Sequence

from core.counting import counted
from discovery.postfix.audit import audit_bundle
from discovery.postfix.bundle import BundleRefused
from discovery.postfix.folders import read_path
from discovery.postfix.report import Finding, Instance, Report

REFUSED = 2


def main(argv: Sequence[str]) -> int:
    """Print an audit; 0 when the configuration was read, 2 with one sentence on stderr when not."""
    parser = argparse.ArgumentParser(
        prog="gatepost audit", description="Read a Postfix configuration and say what it means."
    )
    parser.add_argument("path", help="a folder, .tar.gz, .zip or single main.cf")
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    options = parser.parse_args(list(argv))
    try:
        report = audit_bundle(read_path(options.path), secret_key=secrets.token_bytes(32))
    except BundleRefused as refused:
        sys.stderr.write(f"{refused.sentence}\n")
        return REFUSED
    if not report.instances:
        sys.stderr.write(f"{options.path} holds no main.cf and no master.cf.\n")
        return REFUSED
    text = json.dumps(report.as_json(), indent=2) if options.json else "\n".join(describe(report))
    sys.stdout.write(text + "\n")
    return 0


def describe(report: Report) -> Iterator[str]:
    """The report as aligned text, worst findings first."""
    for instance in report.instances:
        yield from describe_instance(instance)
    yield counted(len(report.findings), "finding")
    yield from table(finding_row(finding) for finding in report.findings)
    if report.missing_files:
        yield f"\n{counted(len(report.missing_files), 'file is', 'files are')} named but not in the upload"
        yield from table((file.path, f"{file.file}:{file.line}", file.parameter) for file in report.missing_files)
    if report.skipped:
        yield f"\n{counted(len(report.skipped), 'member was', 'members were')} skipped"
        yield from (f"  {skipped.reason}" for skipped in report.skipped)
    yield f"\n{counted(len(report.secrets), 'secret was', 'secrets were')} masked"


def describe_instance(instance: Instance) -> Iterator[str]:
    """A heading and the counts of one instance."""
    yield f"Instance {instance.name} ({instance.config_directory})"
    counts = {
        "version": instance.release.words,
        "settings": len(instance.parameters),
        "services": len(instance.services),
        "tables": len(instance.maps),
        "milters": len({milter.socket for milter in instance.milters}),
        "own transports": sum(transport.is_custom for transport in instance.transports),
        "scripts": len(instance.scripts),
        "cron jobs": len(instance.cron_jobs),
        "sending addresses": ", ".join(instance.bind_addresses) or "not set",
        "relay hosts": ", ".join(instance.relay_hosts) or "none",
    }
    yield from table((name, str(value)) for name, value in counts.items())
    yield ""


def finding_row(finding: Finding) -> tuple[str, ...]:
    return finding.number, finding.severity, f"{finding.file}:{finding.line}", finding.message


def table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Rows with their columns aligned."""
    kept = list(rows)
    widths = [max(map(len, column)) for column in zip(*kept, strict=True)]
    for row in kept:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield ("  " + "  ".join(cells)).rstrip()
