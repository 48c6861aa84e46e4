"""How long a configuration of 500 lines with 31 services takes to read, against postconf itself in the same run.

python -m benchmarks.parser [ROUNDS]

Postfix has to be installed; its `postconf -n; postconf -M; postconf -P` is the peer. The whole instance is the same
and all that is made of it but the rules, which benchmarks/rules.py measures.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from discovery.postfix.bundle import Bundle
from discovery.postfix.inventory import build_instances
from discovery.postfix.main_cf import read_main
from discovery.postfix.master_cf import read_master
from discovery.postfix.parameters import built_in_names, catalogue
from discovery.postfix.prints import print_options, print_services, print_settings
from discovery.postfix.usage import used_settings

LINES = 500
SERVICES = 31
LIMIT_MS = 50


def main_cf() -> str:
    """Settings with defaults, lists over several lines, expressions and comments, 500 lines in all."""
    lines = [
        "compatibility_level = 3.6",
        "own_networks = 192.0.2.0/24,",
        "  198.51.100.0/24",
        "mynetworks = $own_networks",
    ]
    names = (name for name in built_in_names() if catalogue()[name].default and not name.startswith("mail_version"))
    for number, name in enumerate(names):
        lines.append(f"{name} = {catalogue()[name].default}")
        if number % 5 == 0:
            lines += ["# why this is so", f"slow{number % SERVICES}_destination_concurrency_limit = {number + 2}"]
    return "\n".join(lines[:LINES]) + "\n"


def master_cf() -> str:
    rows = []
    for number in range(SERVICES):
        rows.append(f"slow{number} unix - - y - {number + 1} smtp")
        rows += [f"  -o smtp_bind_address=192.0.2.{number + 1}", "  -o { smtp_helo_name = mx.example }"]
    return "\n".join(rows) + "\n"


def print_all(folder: Path) -> str:
    """The three prints, as ours."""
    main = read_main("main.cf", (folder / "main.cf").read_text(encoding="utf-8"))
    services = read_master("master.cf", (folder / "master.cf").read_text(encoding="utf-8")).services
    used = used_settings(main.current, services)
    return print_settings(used, str(folder)) + print_services(services) + print_options(services)


def ask_postconf(postconf: str, folder: Path) -> str:
    asked = [
        subprocess.run([postconf, "-c", str(folder), option], capture_output=True, check=True)
        for option in ("-n", "-M", "-P")
    ]
    return b"".join(done.stdout for done in asked).decode()


def median_ms(act: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Milliseconds on the clock and of a processor, children included: a busy machine shows only in the first."""
    times = []
    for _ in range(rounds):
        started, worked = time.perf_counter(), processor_seconds()
        act()
        times.append(((time.perf_counter() - started) * 1000, (processor_seconds() - worked) * 1000))
    return statistics.median(clock for clock, _ in times), statistics.median(worked for _, worked in times)


def processor_seconds() -> float:
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


def measure(postconf: str, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.cf").write_text(main_cf(), encoding="utf-8")
        (folder / "master.cf").write_text(master_cf(), encoding="utf-8")
        time.sleep(2)  # postconf waits for files that changed a moment ago
        bundle = Bundle.of({path.name: path.read_bytes() for path in folder.iterdir()})
        same = "equal" if print_all(folder) == ask_postconf(postconf, folder) else "DIFFERENT"
        ours = median_ms(lambda: print_all(folder), rounds)
        whole = median_ms(lambda: build_instances(bundle), rounds)
        peer = median_ms(lambda: ask_postconf(postconf, folder), rounds)
    print(f"{LINES} lines, {SERVICES} services, {rounds} rounds, medians; prints are {same} to those of postconf")
    for name, (clock, worked) in (
        ("postconf -n; -M; -P", peer),
        ("the same by ours", ours),
        ("the whole instance", whole),
    ):
        print(f"  {name:20} {clock:7.1f} ms, ratio {clock / peer[0]:.2f}; processor {worked:6.1f} ms")
    print(f"  limit {LIMIT_MS} ms")


if __name__ == "__main__":
    found = shutil.which("postconf") or shutil.which("postconf", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        sys.exit("Postfix is not installed here: there is no peer to measure against.")
    measure(found, int(sys.argv[1]) if len(sys.argv) > 1 else 15)
