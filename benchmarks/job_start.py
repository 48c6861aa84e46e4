"""How long after the commit a job begins: `python -m benchmarks.job_start [COUNT]`.

Prints the portal's default broker, and beside it the peers that can be had here: files polled ten times a second, and
Redis where `redis-server` is on the PATH.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from benchmarks.stage import Worker, stage, until

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 100


def measure(name: str) -> None:
    from django.db import transaction

    from core.jobs import enqueue
    from core.models import Counter, Job

    subject = Counter.objects.create(name=f"start-{name}-{os.getpid()}")
    worker = Worker(Path(tempfile.gettempdir()) / f"gatepost-bench-{name}.log")
    waits = []
    for turn in range(COUNT + 1):
        with transaction.atomic():
            row = enqueue("measure_start", subject=subject, actor=None)
        committed = time.time()
        assert until(Job.objects.filter(pk=row.pk, state="done").exists, 60), f"{name}: job {turn} did not finish"
        row.refresh_from_db()
        if turn:  # the first one waits for the worker to come up
            waits.append((row.result["started"] - committed) * 1000)
        time.sleep(0.02 + 0.003 * (turn % 37))  # not in step with any polling
    worker.stop()
    cut = quantiles(waits, n=100)
    print(json.dumps({"broker": name, "jobs": COUNT, "p50_ms": round(cut[49], 1), "p95_ms": round(cut[94], 1)}))


def redis_on(folder: str) -> tuple[subprocess.Popen[bytes], str]:
    socket = f"{folder}/redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    until(Path(socket).exists, 5)
    return server, f"redis+socket://{socket}"


def main() -> None:
    if "--only" in sys.argv:
        with stage():
            measure(sys.argv[-1])
        return
    again = [sys.executable, "-m", "benchmarks.job_start", str(COUNT), "--only"]
    subprocess.run([*again, "pgmq"], check=True, env=os.environ | {"CELERY_BROKER_URL": "pgmq://"})
    with tempfile.TemporaryDirectory() as folder:
        peer = {"DJANGO_SETTINGS_MODULE": "benchmarks.filesystem_settings", "BENCH_FOLDER": folder}
        subprocess.run([*again, "filesystem"], check=False, env=os.environ | peer)
        if shutil.which("redis-server"):
            server, url = redis_on(folder)
            subprocess.run([*again, "redis"], check=False, env=os.environ | {"CELERY_BROKER_URL": url})
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
