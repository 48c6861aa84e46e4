"""Which phases somebody can be given to sign at an organization. What was agreed is known, and told, from above."""

from collections.abc import Callable, Sequence

from accounts.models import Organization

SIGNED_PHASES = (1, 2, 3, 4, 5)

Source = Callable[[Organization], Sequence[int]]

_sources: list[Source] = []


def register_phases(source: Source) -> Source:
    _sources.append(source)
    return source


def phases_to_sign(organization: Organization) -> list[int]:
    """Those of any agreement; all of them as long as there is none."""
    agreed = {phase for source in _sources for phase in source(organization)}
    return [phase for phase in SIGNED_PHASES if phase in (agreed or SIGNED_PHASES)]
