import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organization
from portal.demo.cast import logins
from portal.demo.stories import build


class Command(BaseCommand):
    help = "Builds the demo in an empty portal: a consultancy and five customers, by the same functions as the pages."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_DEMO:
            raise CommandError("The demo is built only where IS_DEMO is set: its passwords are public.")
        if Organization.objects.exists():
            raise CommandError("There is something in this portal already; the demo is built in an empty one only.")
        build(self.stdout.write)
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        path = settings.VAR_DIR / "demo-logins.json"
        path.write_text(json.dumps(logins(), indent=2), encoding="utf-8")
