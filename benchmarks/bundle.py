"""Reads an upload with a transport table of a million rows, a step at a time, beside plain tarfile in the same run.

    python -m benchmarks.bundle [rows]

Every step runs in a process of its own that does all steps up to it, so that its peak memory is its own. The peer opens
the same archive with `tarfile` and reads every member. A second archive holds ten million lines, a third a bomb.
"""

import io
import multiprocessing
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from discovery.postfix import BundleRefused, mask_bundle, read_archive
from discovery.postfix.audit import audit_masked

ROWS = 1_000_000
MANY_ROWS = 10_000_000
MEGABYTE = 1024 * 1024
KEY = b"benchmark"
MAIN = b"transport_maps = hash:/etc/postfix/transport\n"


def rows(count: int) -> bytes:
    return b"".join(b"customer%08d.example  smtp:[203.0.113.%d]\n" % (number, number % 250) for number in range(count))


def write_archive(path: Path, table: bytes) -> None:
    with tarfile.open(path, "w:xz", preset=0) as archive:
        for name, content in (("etc/postfix/main.cf", MAIN), ("etc/postfix/transport", table), ("after.cf", MAIN)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def with_tarfile(path: Path) -> str:
    with tarfile.open(path) as archive:
        contents = {member.name: source.read() for member in archive if (source := archive.extractfile(member))}
    return f"{sum(map(len, contents.values())) / MEGABYTE:.0f} MB read"


def opened(path: Path) -> str:
    bundle = read_archive(path.name, path.read_bytes())
    return f"{len(bundle.files)} files, {len(bundle.skipped)} skipped"


def masked(path: Path) -> str:
    bundle, secrets = mask_bundle(read_archive(path.name, path.read_bytes()), key=KEY)
    return f"{len(bundle.files)} files, {len(secrets)} secrets"


def audited(path: Path) -> str:
    report = audit_masked(*mask_bundle(read_archive(path.name, path.read_bytes()), key=KEY))
    return f"{len(report.findings)} findings, {sum(table.entries or 0 for table in report.instances[0].maps):,} rows"


def refused(path: Path) -> str:
    try:
        return "; ".join(skipped.reason for skipped in read_archive(path.name, path.read_bytes()).skipped)
    except BundleRefused as said:
        return said.sentence


STEPS: Mapping[str, Callable[[Path], str]] = {
    "tarfile": with_tarfile,
    "opened": opened,
    "and masked": masked,
    "and audited": audited,
}


def measured(step: Callable[[Path], str], path: Path) -> tuple[float, float, str]:
    """Seconds, peak of the process in MB, and what was said."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(in_child, (step, path))


def in_child(step: Callable[[Path], str], path: Path) -> tuple[float, float, str]:
    began = time.perf_counter()
    said = step(path)
    seconds = time.perf_counter() - began
    return seconds, peak_of_this_process(), said


def peak_of_this_process() -> float:
    """In MB. What getrusage says would include the process that started this one."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "estate.tar.xz"
        write_archive(path, rows(count))
        print(f"{count:,} rows, {path.stat().st_size / MEGABYTE:.1f} MB packed")
        peer, peer_peak = 0.0, 0.0
        for name, step in STEPS.items():
            seconds, peak, said = measured(step, path)
            peer, peer_peak = (peer or seconds), (peer_peak or peak)
            print(
                f"{name:12} {seconds:6.2f} s ({seconds / peer:5.1f} of tarfile), "
                f"peak {peak:4.0f} MB ({peak / peer_peak:.1f} of tarfile): {said}"
            )
        many = Path(folder) / "many.tar.xz"
        write_archive(many, rows(1000) * (MANY_ROWS // 1000))
        bomb = Path(folder) / "bomb.tar.xz"
        write_archive(bomb, bytes(700 * MEGABYTE))
        for hostile in (many, bomb):
            seconds, peak, said = measured(refused, hostile)
            print(f"{hostile.name:12} {seconds:6.2f} s, peak {peak:4.0f} MB: {said}")


if __name__ == "__main__":
    main()
