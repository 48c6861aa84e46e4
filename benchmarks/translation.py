"""How long whole translations take, for both targets: of the largest sample and of the largest configuration given.

.venv/bin/python benchmarks/translation.py [FOLDER ...]

Each FOLDER holds configurations, one a folder; without any, or where none is there, only the sample is measured. The
peer in the same run is the audit of the same bundle, which every upload costs anyway.
"""

import secrets
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from discovery.postfix import Bundle, audit_bundle, read_path
from discovery.translation.translating import EMITTERS, translate, translate_to

SAMPLES = Path(__file__).parent.parent / "tests" / "postfix_samples"
ROUNDS = 5
LIMIT = 1.0
ROWS = 5_000


def size_of(bundle: Bundle) -> int:
    return sum(len(file.text) for file in bundle.files.values())


def largest_in(folders: list[Path]) -> tuple[str, Bundle] | None:
    found = [(path.name, read_path(path)) for folder in folders if folder.is_dir() for path in folder.iterdir()]
    return max(found, key=lambda pair: size_of(pair[1]), default=None)


def long_table() -> Bundle:
    """One way of its own for each of many domains."""
    rows = "".join(f"d{number}.example smtp:[h{number % 50}.example]\n" for number in range(ROWS))
    main = "transport_maps = hash:/etc/postfix/transport\n"
    return Bundle.of({"etc/postfix/main.cf": main.encode(), "etc/postfix/transport": rows.encode()})


def seconds(act: Callable[[], object]) -> tuple[float, float]:
    """The median on the clock and of the processor: a busy machine shows only in the first."""
    times = []
    for _ in range(ROUNDS):
        started, worked = time.perf_counter(), time.process_time()
        act()
        times.append((time.perf_counter() - started, time.process_time() - worked))
    return statistics.median(clock for clock, _ in times), statistics.median(worked for _, worked in times)


def show(name: str, bundle: Bundle) -> float:
    """The seconds of the processor for both targets at once."""
    key = secrets.token_bytes(32)
    targets = sorted(EMITTERS)
    _, audit = seconds(lambda: audit_bundle(bundle, secret_key=key))
    print(f"{name}: {size_of(bundle)} characters; the audit alone {audit:.3f} s of the processor")
    for target in targets:
        clock, worked = seconds(lambda target=target: translate(bundle, target, secret_key=key))  # type: ignore[misc] # mypy infers no type for a default of a lambda
        print(f"  {target}: {clock:.3f} s, {worked:.3f} s of the processor")
    clock, worked = seconds(lambda: translate_to(bundle, targets, secret_key=key))
    print(f"  both: {clock:.3f} s, {worked:.3f} s of the processor, {worked / audit:.1f} times the audit")
    return worked


def main() -> None:
    sample = largest_in([SAMPLES])
    if sample is None:
        sys.exit("the samples are not there")
    worst = show(*sample)
    show(f"{ROWS} transport rows", long_table())
    if corpus := largest_in([Path(each) for each in sys.argv[1:]]):
        show(*corpus)
    sys.exit(f"the sample took longer than {LIMIT} s" if worst > LIMIT else 0)


if __name__ == "__main__":
    main()
