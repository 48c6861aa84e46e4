"""The way in for mail of the portal that came back: a pipe of the mail server, or files such as those of a maildir."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from delivery.domain.take_returned import take_returned
from delivery.feedback.files import read_file
from delivery.feedback.limits import Unreadable, load_limits

# What mail servers understand of a command they pipe to (sysexits.h): keep the message and try again. No message is
# refused: its server has accepted it already, and would send it back to a sender who may be forged.
TRY_AGAIN = os.EX_TEMPFAIL


class Command(BaseCommand):
    help = "Takes mail of the portal that came back, from standard input or files, and marks who cannot be reached."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, help="a message, an mbox, or a tar of a maildir; none: stdin"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        try:
            if not files:
                self._take(sys.stdin.buffer, "standard input")
            for path in files:
                with path.open("rb") as stream:
                    self._take(stream, str(path))
        except (OperationalError, InterfaceError) as error:
            raise CommandError("The database does not answer; keep the mail.", returncode=TRY_AGAIN) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=os.EX_NOINPUT) from error

    def _take(self, stream: BinaryIO, name: str) -> None:
        try:
            reading = read_file(stream, limit=load_limits().mailbox_bytes)
        except Unreadable as refused:
            self.stderr.write(f"{name}: {refused} Nothing was taken from it.")
            return
        taken = take_returned(reading)
        self.stdout.write(f"{name}: {taken.sentence}")
        for sentence in taken.strange:
            self.stderr.write(f"{name}: {sentence}")
