"""A Postfix of one's own in a folder of its own, on 127.0.0.1 alone, whose log says every key it asks for.

Needs root, as Postfix does; `is_possible` says whether it can be had here. Everything it would deliver is thrown away.
"""

import os
import re
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
PATIENCE = 20.0
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd -v
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup -v
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite -v
postlog unix-dgram n - n - 1 postlogd
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
discard unix - - n - - discard
slow unix - - n - - discard
fast unix - - n - - discard
error unix - - n - - error
retry unix - - n - - error
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
showq unix n - n - - showq
"""
# Everything delivered is thrown away, whatever way it takes.
BASE = """\
compatibility_level = 3.6
config_directory = {folder}/etc
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = /tmp, /var
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_transport = discard:
virtual_transport = discard:
relay_transport = discard:
default_transport = discard:
smtputf8_enable = no
bounce_queue_lifetime = 0
maximal_queue_lifetime = 0
notify_classes =
"""
ASKED = re.compile(r"postfix/(?P<program>[\w-]+)\[(?P<pid>\d+)\]: maps_find: (?P<rest>.*)")
ENDED = re.compile(
    r"postfix/[\w-]+\[(?P<pid>\d+)\]: "
    r"(mail_addr_(find|map)|check_\w+_access|cleanup_header_callback|generic_checks)"
)
DELIVERED = re.compile(r"postfix/(?:discard|error)\[\d+\]: (?P<queued>\w+): to=<(?P<to>[^>]*)>")


def is_possible():
    return os.geteuid() == 0 and all(shutil.which(name, path=PATH) for name in ("postfix", "postmap"))


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class PrivatePostfix:
    """Use as a context manager. `main` is main.cf beside BASE, `tables` file names with their text."""

    def __init__(self, main, tables):
        self.folder = Path(tempfile.mkdtemp(prefix="gatepost-postfix-"))
        self.main, self.tables, self.port = main, tables, free_port()

    def __enter__(self):
        self.folder.chmod(0o755)
        for name in ("etc", "spool", "data"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        etc = self.folder / "etc"
        for name, text in self.tables.items():
            (etc / name).write_text(text)
        (etc / "main.cf").write_text(BASE.format(folder=self.folder) + self.main.replace("@etc@", str(etc)))
        (etc / "master.cf").write_text(MASTER.format(port=self.port))
        self._run("check")
        self._run("start")
        return self

    def __exit__(self, *_error):
        self._run("stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def files(self):
        """What a bundle of it would hold, as though it lay in the usual place."""
        etc = self.folder / "etc"
        usual = {path.name: path.read_bytes().replace(str(etc).encode(), b"/etc/postfix") for path in etc.iterdir()}
        return {f"etc/postfix/{name}": content for name, content in usual.items()}

    @property
    def log(self):
        path = self.folder / "log"
        text = path.read_text(errors="replace") if path.exists() else ""
        return text.replace(str(self.folder / "etc"), "/etc/postfix")

    def send(self, sender, recipients, *, helo="client.north.example", lines=("Subject: x",)):
        """One message; returns what was said to each recipient and the log of it, once it is delivered."""
        before = len(self.log)
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname=helo, timeout=PATIENCE) as client:
            client.ehlo(helo)
            client.docmd(f"MAIL FROM:<{sender}>")
            replies = [client.docmd(f"RCPT TO:<{recipient}>") for recipient in recipients]
            said = client.data("\r\n".join((*lines, "", "x", ""))) if any(code == 250 for code, _ in replies) else None
        if said and said[0] == 250:
            queued = said[1].decode().rpartition(" ")[2]
            self._wait_for(lambda: f"{queued}: removed" in self.log[before:])
        return replies, self.log[before:]

    def resolve(self, address, sender=""):
        """`(transport, nexthop)` as trivial-rewrite resolves an address."""
        asked = {"request": "resolve", "sender": sender, "address": address}
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PATIENCE)
            client.connect(str(self.folder / "spool/private/rewrite"))
            client.sendall(b"".join(f"{name}\0{value}\0".encode() for name, value in asked.items()) + b"\0")
            answer = b""
            while b"flags\0" not in answer or not answer.endswith(b"\0\0"):
                part = client.recv(4096)
                if not part:
                    break
                answer += part
        words = answer.decode().split("\0")
        told = {name: words[at + 1] for at, name in enumerate(words) if name in {"transport", "nexthop"}}
        return told["transport"], told["nexthop"]

    def _run(self, word):
        done = subprocess.run(
            [shutil.which("postfix", path=PATH), "-c", str(self.folder / "etc"), word],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def _wait_for(self, question):
        ends = time.monotonic() + PATIENCE
        while not question():
            assert time.monotonic() < ends, self.log[-2000:]
            time.sleep(0.02)


def searches_in(log, table):
    """The runs of keys that were asked of one table or parameter, each in its order, with the value of a hit."""
    runs, running = [], {}
    for line in log.splitlines():
        ended = ENDED.search(line)
        if ended:
            running.pop(ended["pid"], None)
        asked = ASKED.search(line)
        if asked is None or not asked["rest"].startswith(f"{table}: "):
            continue
        rest = asked["rest"].removeprefix(f"{table}: ")
        if rest.endswith(": not found"):
            key, value = rest.removesuffix(": not found"), None
        else:
            key, _, value = re.sub(r"^\S+?\([^)]*\): ", "", rest).partition(" = ")
        if asked["pid"] not in running:
            running[asked["pid"]] = []
            runs.append(running[asked["pid"]])
        running[asked["pid"]].append((key, value))
    return runs


def delivered_to(log):
    return [found["to"] for found in DELIVERED.finditer(log)]
