"""The pre-flight of the demo: DNS is a zone file, and people state what no file shows."""

from pathlib import Path
from typing import Any

import yaml

from accounts.models import User
from delivery.domain.ask_dns import ask_dns, store_run
from delivery.domain.note_key import note_key
from delivery.domain.state_check import state_check
from delivery.preflight.book import load_book
from delivery.preflight.sources import ZoneFile
from delivery.preflight_state import files_of, state_of, states_of
from engagements.models import Engagement

HERE = Path(__file__).parent
ZONE = ZoneFile(HERE / "zone.txt")


def fly(engagement: Engagement, *, consultant: User) -> None:
    """Ask, note the published keys as those of the new host, ask again, and state the rest."""
    _ask(engagement, consultant)
    for outcome in state_of(engagement, load_book().item("dkim")).outcomes:
        published = ZONE.ask(outcome.subject, "TXT").values
        note_key(engagement, record_name=outcome.subject, text=published[0], actor=consultant)
    _ask(engagement, consultant)
    said: dict[str, Any] = yaml.safe_load((HERE / "preflight.yaml").read_text(encoding="utf-8"))
    for state in states_of(engagement):
        if not state.holds:
            state_check(engagement, state.item, actor=consultant, **said[state.item.key])


def _ask(engagement: Engagement, consultant: User) -> None:
    translation = files_of(engagement).translation
    if translation is None:
        raise RuntimeError(f"{engagement} has no files to ask about")
    found = ask_dns(translation, source=ZONE, tell=_in_silence)
    store_run(translation, found, actor=consultant)


def _in_silence(done: int, total: int | None = None, sentence: str = "") -> None:
    """Nobody watches."""
