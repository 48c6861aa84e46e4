"""Reads a generated mail log with pflogsumm and with ours in one run; prints the ratio and the peak memory.

    .venv/bin/python -m benchmarks.mail_log [messages]

About five lines a message. Both print their totals. pflogsumm is Debian's package of that name.
"""

import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MESSAGES = 200_000
RELAYS = {
    "gmail.com": "gmail-smtp-in.l.google.com[142.250.1.27]:25",
    "outlook.com": "outlook-com.olc.protection.outlook.com[52.101.8.1]:25",
    "yahoo.com": "mta5.am0.yahoodns.net[67.195.204.72]:25",
}
OURS = """
import sys
from pathlib import Path
from discovery.maillog.figures import figures_of
from discovery.maillog.reading import put_together, read_paths
found = figures_of(put_together(read_paths([Path(sys.argv[1])], key=b"k"), key=b"k", zone=None))
print({name: getattr(found, name) for name in ("lines", "understood", "accepted", "sent", "bounced", "deferrals")})
"""


def write_log(path: Path, messages: int) -> None:
    dice = random.Random(11)
    domains = [*RELAYS, *(f"firm{number}.example" for number in range(3000))]
    with path.open("w", buffering=1 << 20) as out:
        for number in range(messages):
            out.write(message(number, dice, domains))


def message(number: int, dice: random.Random, domains: list[str]) -> str:
    second = number // 40
    clock = f"{second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    queue_id = f"{dice.randrange(1 << 20):05X}{number % (1 << 20):05X}"
    domain = domains[min(int(dice.expovariate(0.2)), len(domains) - 1)] if dice.random() < 0.9 else dice.choice(domains)
    chance = dice.random()
    queued = ("qmgr", f"from=<b+{number}@news{number % 3}.example>, size=4000, nrcpt=1 (queue active)")
    attempt = attempted(number, dice, domain)
    texts = [
        ("smtpd", f"client=app{number % 4}.example[203.0.113.{number % 4}]"),
        ("cleanup", f"message-id=<{number:x}.{dice.randrange(1 << 40):x}@news.example>"),
        queued,
    ]
    if chance < 0.03:
        texts += [("smtp", f"{attempt}, dsn=4.7.0, status=deferred (host said: 421 4.7.0 later)"), queued]
    refused = 0.03 < chance < 0.04
    end = "5.1.1, status=bounced (host said: 550 5.1.1 unknown)" if refused else "2.0.0, status=sent (250 2.0.0 Ok)"
    texts += [("smtp", f"{attempt}, dsn={end}"), ("qmgr", "removed")]
    head = f"Oct {10 + second // 86400:2d} {clock} mta1 postfix"
    return "".join(f"{head}/{program}[{number % 40}]: {queue_id}: {text}\n" for program, text in texts)


def attempted(number: int, dice: random.Random, domain: str) -> str:
    relay = RELAYS.get(domain, f"mx.{domain}[198.51.100.{number % 250}]:25")
    took = dice.expovariate(1) + 0.05
    parts = f"0.01/0/{took / 2:.2g}/{took / 2:.2g}"
    return f"to=<user{number}@{domain}>, relay={relay}, delay={took:.2g}, delays={parts}"


def timed(words: list[str]) -> tuple[float, float, str]:
    """Seconds on the clock, of the processors, and what was printed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    printed = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, used, printed


def main() -> None:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mail.log"
        write_log(path, messages)
        clock, used, printed = timed([sys.executable, "-c", OURS, str(path)])
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"ours       {clock:7.2f} s, {used:7.2f} s of processors, largest process {peak:.0f} MB: {printed.strip()}"
        )
        if not shutil.which("pflogsumm"):
            print("pflogsumm is not installed: no ratio")
            return
        theirs_clock, theirs_used, text = timed(["pflogsumm", "--detail", "0", str(path)])
        totals = {
            name: int(count)
            for count, name in re.findall(r"^ +(\d+) +(received|delivered|bounced)", text, re.MULTILINE)
        }
        print(f"pflogsumm  {theirs_clock:7.2f} s, {theirs_used:7.2f} s of processors: {totals}")
        print(f"ratio      {theirs_clock / clock:7.1f} on the clock, {theirs_used / used:.1f} of processors")


if __name__ == "__main__":
    main()
