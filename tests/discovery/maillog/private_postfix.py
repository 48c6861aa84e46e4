"""A Postfix under a folder, with a configuration, queue, ports and log of its own. Nothing leaves the machine."""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("postfix", "postconf", "postqueue", "postsuper", "smtp-source", "smtp-sink", "sendmail")
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
PATIENCE = 300  # seconds until the queue is empty
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_spool_directory = {folder}/spool
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}/log
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = probe.example
mydestination = probe.example
mynetworks = 127.0.0.1/32
relayhost = [127.0.0.1]:{taker}
alias_database =
local_recipient_maps =
alias_maps = inline:{{ {{many = one@out.example, two@out.example}} {{fails = "|/bin/false"}} {{off = /dev/null}} }}
transport_maps = inline:{{ {{refuse.example = smtp:[127.0.0.1]:{refuser}}} {{later.example = smtp:[127.0.0.1]:{putter}}}
 {{dead.example = smtp:[127.0.0.1]:1}} {{gone.example = discard:}} {{never.example = error:5.1.2 nobody is there}}
 {{piped.example = piper:}} }}
virtual_mailbox_domains = boxes.example
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = inline:{{ {{box@boxes.example = box/}} }}
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
header_checks = regexp:{folder}/etc/header_checks
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{refused@out.example = REJECT no}} }},
 permit_mynetworks
smtpd_milters = inet:127.0.0.1:1
milter_default_action = accept
smtpd_client_connection_count_limit = 0
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 3s
maximal_queue_lifetime = 5s
bounce_queue_lifetime = 5s
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{door} inet n - n - - smtpd
 -o syslog_name=postfix/submission -o smtpd_recipient_restrictions=reject
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
piper unix - n n - - pipe flags=R user=nobody argv=/bin/true
"""
HEADER_CHECKS = """/^Subject: hold/ HOLD looked at by a person
/^Subject: drop/ DISCARD
/^Subject: warn/ WARN looked at
/^Subject: refuse/ REJECT not like this
"""


def reason_to_skip():
    """Why such an instance cannot be run here, or nothing."""
    missing = [program for program in PROGRAMS if not shutil.which(program, path=PATH)]
    if missing:
        return f"not installed: {', '.join(missing)}"
    return "" if os.geteuid() == 0 else f"Postfix is started by root only, not by {getpass.getuser()}"


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class PrivatePostfix:
    """Runs while it is entered; `log` is complete after it is left."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.log = self.folder / "log/mail.log"
        self.port, self.door, *sinks = free_ports(5)
        self.sinks = dict(zip(("taker", "refuser", "putter"), sinks, strict=True))
        self.far_sides = []

    def __enter__(self):
        for name in ("etc", "queue", "data", "spool", "log", "boxes"):
            (self.folder / name).mkdir()
        owner = "postfix"
        shutil.chown(self.folder / "data", owner)
        shutil.chown(self.folder / "boxes", "nobody")
        (self.folder / "spool").chmod(0o1777)
        nobody = self.folder.joinpath("boxes").stat()
        words = {"folder": self.folder, "port": self.port, "door": self.door, **self.sinks}
        words |= {"uid": nobody.st_uid, "gid": 65534}
        (self.folder / "etc/main.cf").write_text(MAIN.format(**words))
        (self.folder / "etc/master.cf").write_text(MASTER.format(**words))
        (self.folder / "etc/header_checks").write_text(HEADER_CHECKS)
        for name, options in (("taker", ()), ("refuser", ("-f", "RCPT")), ("putter", ("-r", "RCPT"))):
            self.far_sides.append(
                self._begin("smtp-sink", "-u", "nobody", *options, f"127.0.0.1:{self.sinks[name]}", "200")
            )
        self.run("postfix", "start")
        return self

    def __exit__(self, *reason):
        self.run("postfix", "stop", check=False)
        for each in self.far_sides:
            each.terminate()
            each.wait()

    def _begin(self, *words):
        return subprocess.Popen(words, env={"PATH": PATH}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def run(self, program, *words, check=True, text=None):
        environment = {"PATH": PATH, "MAIL_CONFIG": str(self.folder / "etc")}
        return subprocess.run(
            (program, *words), env=environment, check=check, capture_output=True, text=True, input=text
        ).stdout

    def send(self, recipient, *, count=1, subject="news", door=None, check=True):
        words = ("-c", "-m", str(count), "-s", str(min(count, 10)), "-S", subject, "-f", "from@corp.example")
        self.run("smtp-source", *words, "-t", recipient, f"127.0.0.1:{door or self.port}", check=check)

    def submit(self, recipient):
        """As programs do that call sendmail."""
        self.run("sendmail", "-f", "cron@corp.example", recipient, text="Subject: by hand\n\nText.\n")

    def wait_until_empty(self):
        """All messages have come to an end, but those on hold."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            queued = self.run("postqueue", "-j")
            if all('"hold"' in line for line in queued.splitlines()):
                return
            time.sleep(0.5)
        raise TimeoutError(self.run("postqueue", "-p"))
