"""One calendar for every process of a stage, which is moved ahead while they run; see calendar.c."""

import os
import struct
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.delivery.proxy.clients import found


class Calendar:
    """The true one; `environment` is for whatever shall live by it."""

    def __init__(self) -> None:
        self.environment: dict[str, str] = {}
        self.moved_by = 0

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.moved_by, UTC)

    def around(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


class MovedCalendar(Calendar):
    """Moved for all who live by it; the process that moves it keeps the true time."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        library, self.file = folder / "moved_calendar.so", folder / "moved_by"
        source = Path(__file__).with_suffix(".c")
        subprocess.run([found("cc"), "-shared", "-fPIC", "-O2", "-o", library, source], check=True)
        self.environment = {"LD_PRELOAD": str(library), "CLOCK_MOVED_BY": str(self.file)}
        self.file.write_bytes(struct.pack("<q", 0))

    def move(self, hours: float) -> None:
        self.moved_by += int(hours * 3600)
        with self.file.open("r+b") as file:
            file.write(struct.pack("<q", self.moved_by))
