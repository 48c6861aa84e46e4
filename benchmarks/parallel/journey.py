"""The way from 0 to 100 % and what it came to."""

import json
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from typing import Any

from benchmarks.parallel.people import People
from benchmarks.parallel.servers import Servers
from tests.delivery.proxy.running import ROOT, TOKEN

# Shares of all messages: of each of the two windows that a step is judged by. What is left goes at 100 %.
NOISE, DRILL, ROLLBACK, TAIL = 0.02, 0.02, 0.08, 0.005
WINDOWS = {10: 0.09, 25: 0.04, 50: 0.03, 75: 0.035, 90: 0.025}
HOURS = 26  # between two windows: each lies in whole hours of its own, and three of them are longer than the hold
MOST_WINDOWS = 15
GAP = "Logs are missing or old"
NO_GAP = "The calendar of this trial is moved by a day at a time: nothing was sent in the hours without logs."
RETRY = "retry after an unknown outcome"


class Journey:
    """`count` messages in all; drill and rollback are ordered within `seconds` of traffic."""

    def __init__(self, servers: Servers, people: People, count: int, *, seconds: float = 40) -> None:
        self.servers, self.people, self.count, self.seconds = servers, people, count, seconds
        self.began, self.calendar = time.monotonic(), servers.calendar
        self.started_at, self.run_number = self.calendar.now(), 0
        self.told: dict[str, list[dict[str, Any]]] = {}
        self.closed: list[str] = []
        self.decided = 0

    def say(self, sentence: str) -> None:
        """As it happens: seconds of this trial, days of its calendar."""
        days = (self.calendar.now() - self.started_at).total_seconds() / 86_400
        sys.stdout.write(f"{time.monotonic() - self.began:6.0f} s  day {days:5.1f}  {sentence}\n")
        sys.stdout.flush()

    def begin(self) -> None:
        """Line, ramp, the noise of Postfix alone, a drill."""
        self.people.set_line(f"http://127.0.0.1:{self.servers.proxy.control}", TOKEN)
        self.people.open_ramp()
        self.servers.send(self.part(NOISE))
        self.reconcile()
        self.go_back("drill")

    def run(self) -> None:
        self.begin()
        self.climb(10, 25, 50)
        self.go_back("real")
        self.climb(10, 25, 50, 75, 90)
        self.stay(WINDOWS[90])
        self.pass_gate()
        self.step_to(100)
        self.end()

    def part(self, share: float) -> int:
        return max(int(self.count * share), 20)

    def climb(self, *shares: int) -> None:
        for place, share in enumerate(shares):
            if place:
                self.stay(WINDOWS[shares[place - 1]])
            self.step_to(share)

    def step_to(self, share: int) -> None:
        self.people.approve(share)
        self.people.change_share(share, f"Nothing stands against {share} %.")
        self.say(f"{share} % on the new route")

    def stay(self, window: float) -> None:
        """Until nothing stands against the next step but the customer's yes, and at 90 % gate 3."""
        for turn in range(MOST_WINDOWS):
            self.calendar.move(HOURS)
            self.servers.send(self.part(window if turn < 2 else TAIL if turn == 2 else window / 2))
            if turn == 0:
                continue
            self.reconcile()
            left = [one for one in self.people.blockers() if "not said yes" not in one and "gate 3" not in one]
            if any(one.startswith("Drill") for one in left):
                self.go_back("drill")
                left = [one for one in left if not one.startswith("Drill")]
            if not left:
                return
            if turn > 1:
                self.say(f"holds: {' / '.join(left)}")
        raise RuntimeError(f"the ramp does not go on: {left}")

    def reconcile(self) -> None:
        self.people.upload(list(self.servers.pieces()))
        self.run_number = self.people.reconcile()
        self.close_cases()
        self.decided += self.people.decide_open(GAP, reason=NO_GAP)

    def close_cases(self) -> None:
        """Of what was planted: the reply of the new side was lost. Any other case stays open and ends this trial."""
        for path, title in self.people.open_cases():
            if RETRY not in title:
                raise RuntimeError(f"{title} stays open: {self.people.ada.go(path)[:3000]}")
            unknown = self.unknown()
            self.people.close_case(
                path,
                verdict="confirmed",
                reason="The new side took the message and its reply was lost; the client sent it again.",
                evidence=f"The proxy's journal has {len(unknown)} attempts without outcome: {unknown[-5:]}",
            )
            self.closed.append(title)
            self.say(f"closed: {title}")

    def unknown(self) -> list[str]:
        return [one["message_id"] for one in self.servers.proxy.entries() if one["outcome"] == "unknown"]

    def go_back(self, kind: str) -> None:
        """Ordered while messages come in, a third of them before; another third waits for its end."""
        share = DRILL if kind == "drill" else ROLLBACK
        count = self.part(share)
        sending = self.servers.sending(count, a_second=count * self.servers.recipients / self.seconds)
        time.sleep(self.seconds / 3)
        self.people.go_to_rollback()
        ordered = self.calendar.now()
        self.people.order_rollback(kind)
        clock = self.people.see_rollback_end()
        self.servers.released.set()
        sending.join()
        self.servers.settle()
        told = {"clock of the page": clock, **self.transactions_after(ordered)}
        self.told.setdefault(kind, []).append(told)
        self.say(f"{kind}: {told}")
        self.people.resume()
        if kind == "real":
            self.people.explain_rollback("Part of the trial: ordered at 50 % under traffic. Nothing was wrong.")
        self.reconcile()

    def transactions_after(self, ordered: datetime) -> dict[str, Any]:
        """What may have arrived at a side already is tried again there, whatever was ordered: that is counted apart."""
        old, new, retries = [], [], 0
        for entry in self.servers.proxy.entries():
            seconds = (datetime.fromisoformat(entry["time"]) - ordered).total_seconds()
            if seconds < 0:
                continue
            if entry["backend"] == "old":
                old.append(seconds)
            elif entry["rule"] == "retry":
                retries += 1
            else:
                new.append(seconds)
        last = max(new, default=0.0)
        return {
            "seconds to the first transaction on Postfix": round(min(old, default=0.0), 2),
            "seconds to the last one on the new route": round(last, 2),
            "seconds to the first one after it, all on Postfix": round(min(one for one in old if one > last), 2),
            "transactions on Postfix after the order": len(old),
            "on the new route after the order": len(new),
            "retries to the new route after an unknown outcome": retries,
        }

    def pass_gate(self) -> None:
        """Gate 3 as people pass it: tasks, document, signature."""
        self.people.pass_gate(3)
        self.say("gate 3 is signed")

    def end(self) -> None:
        for share in (0.0, TAIL):
            self.calendar.move(HOURS)
            left = self.count - len(self.servers.sent) - self.part(TAIL)
            self.servers.send(self.part(share) if share else max(left, self.part(TAIL)))
        self.reconcile()

    def report(self) -> bool:
        """Whether everything is explained and the ledger says what the servers say."""
        run, truth = self.people.read_run(self.run_number), self.servers.truth()
        open_cases = self.people.open_cases()
        whole = self.whole_files()
        named = Counter({name.lower(): count for name, count in run["states"].items()})
        unexplained = sum(named[state] for state in ("missing", "ambiguous", "out of window", "in flight"))
        differences = sum(int(re.findall(r"([\d,]+) not accounted", row)[0].replace(",", "")) for row in run["balance"])
        for title, facts in {
            "By the servers": truth,
            f"By run {self.run_number} of the portal": run,
            "By ./gatepost reconcile over the whole files": whole,
            **{f"Drill {number}": told for number, told in enumerate(self.told["drill"], 1)},
            "Rollback": self.told["real"][0],
        }.items():
            sys.stdout.write(f"\n{title}\n" + "".join(f"  {name}: {value}\n" for name, value in facts.items()))
        days = (self.calendar.now() - self.started_at).days
        sys.stdout.write(
            f"\nThe calendar was moved by {days} days in {time.monotonic() - self.began:.0f} s; no limit was changed.\n"
            f"Decisions on gaps between windows: {self.decided}. "
            f"Cases closed: {self.closed or 'none'}. Open: {len(open_cases)}.\n"
            f"Unexplained: {unexplained}. Balance: {differences} apart.\n"
        )
        return self.is_good(run, truth, unexplained + differences + len(open_cases))

    @staticmethod
    def is_good(run: dict[str, Any], truth: dict[str, Any], unexplained: int) -> bool:
        named = Counter({name.lower(): count for name, count in run["states"].items()})
        is_same = named["duplicate"] == truth["twice on one side"] and run["recipients"] == truth["accepted"]
        return not unexplained and is_same and not truth["lost"] and not truth["on both sides"]

    def whole_files(self) -> dict[str, Any]:
        """The same engine without the portal, over files that nobody cut."""
        servers = self.servers
        words = ["--journal", servers.proxy.journal, "--postfix", servers.old.place / "log"]
        command = [
            sys.executable,
            "-m",
            "portal.cli",
            "reconcile",
            *words,
            "--kumomta",
            *servers.new.segments(),
            "--json",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode > 1:
            return {"failed": done.stderr[-500:]}
        said = json.loads(done.stdout)
        for path in said["balance"].values():
            del path["hours"]
        return {name: said[name] for name in ("messages", "recipients", "states", "causes", "balance")}
