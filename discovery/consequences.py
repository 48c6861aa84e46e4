"""What discovery does after a gate was signed. Loaded by DiscoveryConfig.ready()."""

from accounts.models import User
from discovery.domain.find_drift import find_drift
from engagements.consequences import follows
from engagements.models import Engagement, Gate


@follows("sign_gate")
def measure_against_the_new_plan(engagement: Engagement, gate: Gate, actor: User) -> None:
    if gate.number == 1:
        find_drift(engagement, actor=actor)
