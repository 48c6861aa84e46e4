from typing import Any

from django.core.checks import CheckMessage, Warning, register  # noqa: A004 (Django's own name)

from engagements.gates import unclaimed_gates


@register("gates")
def every_gate_is_claimed(**kwargs: Any) -> list[CheckMessage]:
    """A gate nobody registered for stays shut; better to hear it at start than from a customer."""
    return [
        Warning(f"No app registered a check for gate {gate}: it stays shut.", id="engagements.W001")
        for gate in unclaimed_gates()
    ]
