from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.client.source import PACKAGE, files


class Command(BaseCommand):
    help = "Write a typed Python client of this portal's API, drawn from its schema, into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help=f"The package {PACKAGE} is written into it.")

    def handle(self, *_: Any, **options: Any) -> None:
        package: Path = options["folder"] / PACKAGE
        package.mkdir(parents=True, exist_ok=True)
        for name, text in files().items():
            (package / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"{package} is written: from {PACKAGE} import Gatepost.")
