"""What stands between smtp-source and smtp-sink in the comparison: nothing, HAProxy, Postfix, the proxy."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil

from tests.delivery.proxy.clients import found
from tests.delivery.proxy.running import Part, Proxy, answers, free_ports, wait_until

HAPROXY = """\
global
    maxconn 4000
    nbthread 2
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
listen smtp
    bind 127.0.0.1:{port}
    balance roundrobin
    server old 127.0.0.1:{old} weight 75
    server new 127.0.0.1:{new} weight 25
"""
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
side_old = smtp:[127.0.0.1]:{old}
side_new = smtp:[127.0.0.1]:{new}
transport_maps = randmap:{{$side_old, $side_old, $side_old, $side_new}}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_client_connection_count_limit = 0
default_process_limit = 60
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
AS_ROOT = ["-u", "postfix"] if os.geteuid() == 0 else []
QUEUES = ("incoming", "active", "deferred", "maildrop")


def sinks(folder: Path) -> list[Part]:
    return [
        Part([found("smtp-sink"), *AS_ROOT, f"127.0.0.1:{port}", "2048"], folder / f"sink{port}.log", port)
        for port in free_ports(2)
    ]


def haproxy(folder: Path, old: int, new: int) -> Part:
    (port,) = free_ports(1)
    path = folder / "haproxy.cfg"
    path.write_text(HAPROXY.format(port=port, old=old, new=new))
    return Part([found("haproxy"), "-db", "-f", str(path)], folder / "haproxy.log", port)


def proxy(folder: Path, old: int, new: int, processes: int) -> Proxy:
    place = folder / f"proxy{processes}"
    place.mkdir()
    more = f"processes = {processes}\n" if processes > 1 else ""
    return Proxy(place, old, new, more=more)


class Postfix(Part):
    """An instance of its own; `drained` waits until its queue is empty."""

    def __init__(self, folder: Path, old: int, new: int) -> None:
        (port,) = free_ports(1)
        self.place = folder / "postfix"
        (self.place / "queue").mkdir(parents=True)
        (self.place / "data").mkdir()
        shutil.chown(self.place / "data", "postfix")
        folder.chmod(0o755)
        (self.place / "main.cf").write_text(MAIN.format(folder=self.place, old=old, new=new))
        (self.place / "master.cf").write_text(MASTER.format(port=port))
        super().__init__([found("postfix"), "-c", str(self.place), "start"], folder / "postfix.log", port)

    def start(self, *, is_awaited: bool = True) -> "Postfix":
        done = subprocess.run(self.words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        wait_until(lambda: answers(self.port) or not is_awaited)
        return self

    def end(self, number: int = signal.SIGTERM) -> int:  # noqa: ARG002 (master has its own way to stop)
        return subprocess.run(
            [found("postfix"), "-c", str(self.place), "stop"], capture_output=True, check=False
        ).returncode

    def drained(self) -> None:
        wait_until(lambda: not any(self.waiting(name) for name in QUEUES), patience=120)

    def waiting(self, name: str) -> bool:
        with suppress(OSError):
            return any(files for _, _, files in os.walk(self.place / "queue" / name))
        return False


class Used:
    """Seconds of the processors and bytes of memory of a process and its children."""

    def __init__(self, part: Part) -> None:
        self.top = psutil.Process(part.process.pid) if part.process else None
        self.began, self.before = time.monotonic(), self.seconds()

    def all(self) -> list[psutil.Process]:
        return [self.top, *self.top.children(recursive=True)] if self.top else []

    def seconds(self) -> float:
        return sum(sum(one.cpu_times()[:2]) for one in self.all())

    def taken(self) -> float:
        """Seconds of the processors since this was made."""
        return self.seconds() - self.before

    def share(self) -> float:
        return self.taken() / (time.monotonic() - self.began)

    def memory(self) -> float:
        """Of the largest process, in MB."""
        return max((one.memory_info().rss for one in self.all()), default=0) / 1e6


def pushed(port: int, count: int, *, is_persistent: bool) -> float:
    """Messages a second from smtp-source: 10 KB each, in 50 sessions that are kept, or in one each, 20 at once."""
    words = ["-d", "-s", "50"] if is_persistent else ["-s", "20"]
    began = time.perf_counter()
    told = [
        found("smtp-source"),
        *words,
        "-m",
        str(count),
        "-l",
        "10240",
        "-f",
        "a@client.example",
        "-t",
        "b@mail.example",
    ]
    done = subprocess.run([*told, f"127.0.0.1:{port}"], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-500:]
    return count / (time.perf_counter() - began)
