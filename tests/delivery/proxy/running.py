"""The proxy and its backends as real processes, each ended by its own number."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[3]
PATIENCE = 20.0
TOKEN = "a-token-of-tests-only"
SMALLEST = """\
listen = "127.0.0.1:{port}"
journal = "{journal}"

[backends.old]
address = "127.0.0.1:{old}"

[backends.new]
address = "127.0.0.1:{new}"

[split]
new = {share}

[control]
listen = "127.0.0.1:{control}"
token = "{token}"
"""


def free_ports(count: int) -> list[int]:
    """Ports below those that the kernel hands out by itself, so that a restarted part finds its own free again."""
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    found: list[int] = []
    seed = int.from_bytes(os.urandom(4)) % max(first - 12_000, 1)
    for step in range(20_000):
        port = 10_000 + (seed + step * 7) % (first - 12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            break
    return found


def wait_until(is_true, patience: float = PATIENCE, pause: float = 0.02) -> None:
    end = time.monotonic() + patience
    while not is_true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(pause)


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as line:
        return line.recv(3) == b"220"
    return False


class Part:
    """A process of ours."""

    def __init__(self, words: list[str], log: Path, port: int, environment: dict[str, str] | None = None) -> None:
        self.words, self.log, self.port = words, log, port
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, is_awaited: bool = True) -> "Part":
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.words, stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd=ROOT, env=self.environment
            )
        if is_awaited:
            self.wait()
        return self

    def wait(self) -> None:
        wait_until(lambda: answers(self.port) or self.has_ended())
        assert not self.has_ended(), self.log.read_text(errors="replace")[-3000:]

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def tell(self, number: int) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    def end(self, number: int = signal.SIGTERM) -> int:
        if self.process is None:
            return 0
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


class Sink(Part):
    def __init__(self, folder: Path, name: str, port: int, *, keeps_bodies: bool = False, **told) -> None:
        self.records, self.bodies = folder / f"{name}.jsonl", folder / f"{name}-bodies"
        words = [sys.executable, "-m", "tests.delivery.proxy.sink", "--port", str(port), "--records", str(self.records)]
        if keeps_bodies:
            self.bodies.mkdir()
            words += ["--bodies", str(self.bodies)]
        words += ["--dice", json.dumps(told.get("dice", {})), "--seed", str(told.get("seed", 0))]
        words += ["--lenient"] if told.get("is_lenient") else []
        super().__init__(words, folder / f"{name}.log", port)

    def taken(self) -> list[dict]:
        if not self.records.exists():
            return []
        return [json.loads(line) for line in self.records.read_text(encoding="ascii").splitlines()]

    def body(self, record: dict) -> bytes:
        return (self.bodies / record["number"]).read_bytes()


class Proxy(Part):
    """`more` is TOML that goes in before the tables, `tables` what goes in after them."""

    def __init__(self, folder: Path, old: int, new: int, **told) -> None:
        port, self.control = free_ports(2)
        self.folder, self.journal = folder, folder / "journal"
        self.configuration = folder / "proxy.toml"
        self.facts = {"port": port, "journal": self.journal, "old": old, "new": new, "control": self.control}
        self.more, self.tables = told.get("more", ""), told.get("tables", "")
        self.configure(share=told.get("share", 25))
        words = [sys.executable, "-m", "portal.cli", "proxy", "--config", str(self.configuration)]
        super().__init__([*told.get("before", ()), *words], folder / "proxy.log", port, told.get("environment"))

    def configure(self, share: int, more: str | None = None) -> None:
        text = SMALLEST.format(**self.facts, token=TOKEN, share=share)
        fresh = self.configuration.with_suffix(".fresh")
        fresh.write_text((self.more if more is None else more) + text + self.tables)
        fresh.rename(self.configuration)

    def ask(self, *words: str) -> dict:
        done = self.call("proxy-control", "--config", str(self.configuration), *words, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def entries(self) -> list[dict]:
        done = self.call("journal", str(self.journal), "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "portal.cli", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)
