from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from core.errors import DomainError
from reports.domain.restore_handoff import restore_handoff


class Command(BaseCommand):
    help = "Restore the handoff pack of another portal. Without --key it says which key the pack is sealed with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", type=Path, metavar="PACK.zip", help="the ZIP that the other portal gave out")
        parser.add_argument("--as", dest="actor", required=True, metavar="EMAIL", help="the owner who restores it")
        parser.add_argument("--key", default="", help="the fingerprint of the portal that made it, from a receipt")
        parser.add_argument("--code", default="", help="what it is called here, where its own code is taken")

    def handle(self, *arguments: Any, **options: Any) -> None:
        actor = User.objects.filter(email__iexact=options["actor"], is_active=True).first()
        if actor is None:
            raise CommandError(f"Nobody signs in here with {options['actor']}.")
        try:
            content = options["pack"].read_bytes()
            restored = restore_handoff(content, key=options["key"], code=options["code"], actor=actor)
        except OSError as error:
            raise CommandError(f"{options['pack']} cannot be read: {error.strerror}.") from error
        except DomainError as error:
            raise CommandError("\n".join(error.reasons)) from error
        self.stdout.write(f"{restored.customer} is restored as {restored.code}, sealed by {restored.key}.")
