from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.audit import verify_chain
from core.models import AuditEvent, ChainHead


class Command(BaseCommand):
    help = "Walks every chain of the ledger from its first event to its head and names each place that does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        chains = {
            *ChainHead.objects.values_list("chain", flat=True),
            *AuditEvent.objects.values_list("chain", flat=True),
        }
        faults = [(chain, fault) for chain in sorted(chains) for fault in verify_chain(chain)]
        for chain, fault in faults:
            self.stderr.write(f"{chain}: {fault.sentence}")
        if faults:
            raise CommandError(f"{len(faults)} faults in {len(chains)} chains.")
        self.stdout.write(f"{AuditEvent.objects.count()} events in {len(chains)} chains hold.")
