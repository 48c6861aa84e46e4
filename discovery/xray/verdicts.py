"""All checks over one scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.xray import files, knowledge, translation  # noqa: F401 (they register)
from discovery.xray.registry import known_checks, verdict_of

if TYPE_CHECKING:
    from discovery.xray.registry import Scene, Verdict


def verdicts(scene: Scene) -> list[Verdict]:
    return [verdict_of(known, scene) for known in known_checks()]
