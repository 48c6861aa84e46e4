"""Sends generated mail logs of two sizes to a real web process and has them read by a process of its own.

Prints the peak memory of both for each size, and beside them a peer that holds the file whole, as uploads of 20 MB are.

python -m benchmarks.log_upload [MEGABYTES SMALLER_MEGABYTES]   # 300 and 100 unless told otherwise
"""

import hashlib
import http.client
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone

from benchmarks.mail_log import write_log
from benchmarks.review_queue import furnish
from benchmarks.stage import ROOT, stage, until
from portal.lifeline import die_with_parent

MEGABYTE = 1024 * 1024
SIZES = (300, 100)
MESSAGES_A_MEGABYTE = 1_900
MARK = "a-mark-between-parts"
LONGEST = 600.0  # seconds for anything


class Web:
    """One gunicorn worker with two threads on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.address = folder / "port"
        words = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--bind", "127.0.0.1:0", "--threads", "2"]
        self._log = folder / "web.log"
        with self._log.open("wb") as out:
            self._running = subprocess.Popen(
                words,
                cwd=ROOT,
                stdout=out,
                stderr=out,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 (no thread is started before)
            )
        assert until(lambda: "Listening at" in self._log.read_text() and self.worker, LONGEST)
        self.port = int(self._log.read_text().split("Listening at: http://127.0.0.1:")[1].split()[0])

    @property
    def worker(self) -> int:
        """Its process id, 0 before it is there."""
        pid = self._running.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[0]) if children else 0

    def peak(self) -> int:
        """The largest memory so far, in MB."""
        lines = Path(f"/proc/{self.worker}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024

    def stop(self) -> None:
        self._running.terminate()
        self._running.wait(30)


def body_of(path: Path) -> Iterator[bytes]:
    fields = {"host_label": "mta1", "zone": "UTC"}
    for name, value in fields.items():
        yield f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    kind = 'form-data; name="log"; filename="mail.log"\r\nContent-Type: text/plain'
    yield f"--{MARK}\r\nContent-Disposition: {kind}\r\n\r\n".encode()
    with path.open("rb") as file:
        while piece := file.read(MEGABYTE):
            yield piece
    yield f"\r\n--{MARK}--\r\n".encode()


def send(web: Web, path: Path, code: str, token: str) -> dict[str, Any]:
    from django.urls import reverse

    size = path.stat().st_size + sum(len(part) for part in body_of(Path(os.devnull)))
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=LONGEST)
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": f"multipart/form-data; boundary={MARK}",
        "Content-Length": str(size),
    }
    connection.request("POST", reverse("api:discovery:volumes", args=[code]), body_of(path), headers)
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status == http.HTTPStatus.CREATED, said
    found: dict[str, Any] = json.loads(said)
    return found


def in_a_process(*words: str) -> tuple[float, dict[str, Any]]:
    """Seconds, and what it printed."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.log_upload", *words]
    printed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=LONGEST).stdout
    return time.perf_counter() - began, json.loads(printed.splitlines()[-1])


def read_by_job(log: str) -> None:
    """What a worker does with it, in this process."""
    import django

    django.setup()
    from core.jobs import run_job
    from discovery.models import LogReading

    reading = LogReading.objects.get(pk=log)
    run_job(reading.job_id)
    reading.refresh_from_db()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"state": reading.state, "lines": reading.line_count, "peak_mb": peak}))


def hold_whole(path: str) -> None:
    """The peer: the file in memory, sealed in one piece."""
    import django

    django.setup()
    from discovery.sealing import seal

    content = Path(path).read_bytes()
    sealed = seal(content)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"sealed_mb": len(sealed) // MEGABYTE, "peak_mb": peak}))


def measure(folder: Path, size: int, code: str, token: str) -> dict[str, Any]:
    from discovery.models import LogReading

    path = folder / f"{size}.log"
    write_log(path, size * MESSAGES_A_MEGABYTE)
    path.open("r+b").truncate(size * MEGABYTE)
    web = Web(folder)
    before, began = web.peak(), time.perf_counter()
    sent = send(web, path, code, token)
    seconds, peak = time.perf_counter() - began, web.peak()
    web.stop()
    with path.open("rb") as file:
        assert sent["sha256"] == hashlib.file_digest(file, "sha256").hexdigest()
    reading, read = in_a_process("--read", str(LogReading.objects.get(number=sent["number"]).pk))
    _, peer = in_a_process("--whole", str(path))
    path.unlink()
    return {
        "mb": size,
        "upload_s": round(seconds, 1),
        "web_before_mb": before,
        "web_peak_mb": peak,
        "read_s": round(reading, 1),
        "reader_peak_mb": read["peak_mb"],
        "lines": read["lines"],
        "state": read["state"],
        "whole_in_memory_peak_mb": peer["peak_mb"],
    }


def main(sizes: list[int]) -> None:
    from accounts.domain.make_token import make_token

    person, engagement = furnish(0)
    _, token = make_token(person, name="Benchmark", days=7, authenticated_at=timezone.now())
    with tempfile.TemporaryDirectory() as folder:
        rows = [measure(Path(folder), size, engagement.code, token) for size in sorted(sizes)]
    for row in rows:
        print(json.dumps(row))
    small, large = rows[0], rows[-1]
    ratios = {name: round(large[name] / small[name], 2) for name in small if name.endswith("_peak_mb")}
    print(json.dumps({"file": round(large["mb"] / small["mb"], 2), **ratios}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--read", log]:
            read_by_job(log)
        case ["--whole", path]:
            hold_whole(path)
        case words:
            with stage(STAFF_SECOND_FACTOR_REQUIRED="false"):
                main([int(word) for word in words] or list(SIZES))
