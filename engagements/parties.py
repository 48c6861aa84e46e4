from django.conf import settings

from accounts.permissions import EITHER_SIDE, Permission
from engagements.models import GateTask

# What gives somebody a voice for a side.
PARTY_PERMISSIONS = {
    GateTask.Party.CONSULTANCY: (Permission.WORK_TASK,),
    GateTask.Party.CUSTOMER: (Permission.ANSWER_TASK,),
    GateTask.Party.JOINT: EITHER_SIDE,
}


def party_names(party: str, organization: str) -> tuple[str, ...]:
    """Whose a task is, by name: the practice, the customer, or both."""
    practice = str(settings.CONSULTANCY["short_name"])
    names = {GateTask.Party.CONSULTANCY.value: (practice,), GateTask.Party.CUSTOMER.value: (organization,)}
    return names.get(party, (practice, organization))


def party_name(party: str, organization: str) -> str:
    return " and ".join(party_names(party, organization))
