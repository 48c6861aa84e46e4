"""The customer's mail on this machine: three streams through the proxy, of which contracts stay on Postfix."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from benchmarks.parallel.servers import Servers

RECIPIENTS = 40  # of each message: checks of a step want two hundred recipients and more on either route
STREAMS = ("news", "invoices", "news", "contracts", "news", "invoices")
STAYS_RULE = """
[[split.stay]]
name = "contracts"
sender = "contracts@aldermoor.example"
"""


class HybridServers(Servers):
    def __init__(self, folder, calendar):
        super().__init__(folder, calendar, recipients=RECIPIENTS, lost_replies=0)
        self.proxy.tables = STAYS_RULE
        self.proxy.configure(share=0)

    def of_this_run(self, message, number):
        """Each message is of one of the streams, by its sender."""
        sender = f"{STREAMS[number % len(STREAMS)]}@aldermoor.example"
        return replace(super().of_this_run(message, number), sender=sender)

    def log_of_postfix(self):
        return Path(self.old.place, "log").read_bytes()

    def contracts(self):
        """Contracts: how many were sent, and how many of them each side took, by the proxy's own journal."""
        ids = {one.message_id for one in self.sent if one.sender.startswith("contracts@")}
        taken = [entry for entry in self.proxy.entries() if entry["message_id"] in ids]
        sides = [entry["backend"] for entry in taken if entry["outcome"] == "accepted"]
        return SimpleNamespace(sent=len(ids), old=sides.count("old"), new=sides.count("new"))
