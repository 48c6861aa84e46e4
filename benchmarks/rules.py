"""How long the rules take over a large estate, against reading it, and how grave they find real configurations.

python -m benchmarks.rules                      # speed only, over made-up estates
python -m benchmarks.rules FOLDER [FOLDER ...]  # and the shares of severities over these configurations
"""

import resource
import sys
import time
from collections import Counter
from pathlib import Path

from discovery.postfix.audit import audit_bundle
from discovery.postfix.bundle import Bundle, BundleRefused
from discovery.postfix.folders import read_path
from discovery.postfix.inventory import build_instances
from discovery.postfix.report import SEVERITIES
from discovery.postfix.rule_packs import load_rules
from discovery.postfix.rules import run_rules
from discovery.postfix.scene import Scene

KEY = b"benchmark"
INSTANCES = 200
ROWS = 1_000_000
SAMPLE = Path(__file__).parent.parent / "tests" / "postfix_samples" / "multi_ip" / "etc" / "postfix"


def many_instances() -> Bundle:
    """Two hundred hosts with the configuration of the large sample."""
    files = {path.name: path.read_bytes() for path in SAMPLE.iterdir() if path.is_file()}
    return Bundle.of(
        {f"mx{number}/etc/postfix/{name}": text for number in range(INSTANCES) for name, text in files.items()}
    )


def one_large_table() -> Bundle:
    rows = "".join(f"user{number}@customer{number % 997}.example smtp:[relay.example]\n" for number in range(ROWS))
    main = b"transport_maps = hash:/etc/postfix/transport\n"
    return Bundle.of({"etc/postfix/main.cf": main, "etc/postfix/transport": rows.encode()})


def measure(name: str, bundle: Bundle) -> None:
    """Reading and running are timed in one process; the ratio is what to watch."""
    started = time.perf_counter()
    instances, missing = build_instances(bundle)
    read = time.perf_counter()
    findings = run_rules(Scene(bundle, instances, missing, ()), load_rules())
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{name}: read {read - started:.2f} s, {len(load_rules())} rules {done - read:.2f} s "
        f"(ratio {(done - read) / (read - started):.2f}), {len(findings)} findings, peak {peak} MB"
    )


def print_shares(folders: list[Path]) -> None:
    counts: Counter[str] = Counter()
    by_rule: Counter[str] = Counter()
    read = 0
    for folder in folders:
        try:
            report = audit_bundle(read_path(folder), secret_key=KEY)
        except BundleRefused:
            continue
        if report.instances:
            read += 1
            counts.update(finding.severity for finding in report.findings)
            by_rule.update(f"{finding.severity} {finding.rule}" for finding in report.findings)
    total = sum(counts.values()) or 1
    print(f"{read} of {len(folders)} folders hold a configuration, {total} findings")
    for severity in SEVERITIES:
        print(f"  {severity:8} {counts[severity]:5} {100 * counts[severity] / total:5.1f} %")
    for name, count in by_rule.most_common(25):
        print(f"  {count:5} {name}")


if __name__ == "__main__":
    load_rules()
    if len(sys.argv) > 1:
        print_shares([Path(each) for each in sys.argv[1:]])
    measure(f"{INSTANCES} instances", many_instances())
    measure(f"{ROWS:,} rows", one_large_table())
