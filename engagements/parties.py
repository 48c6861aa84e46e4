from django.conf import settings

from engagements.models import GateTask


def party_name(party: str, organization: str) -> str:
    """Whose a task is, by name: the practice, the customer, or both."""
    practice = str(settings.CONSULTANCY["short_name"])
    names = {GateTask.Party.CONSULTANCY.value: practice, GateTask.Party.CUSTOMER.value: organization}
    return names.get(party, f"{practice} and {organization}")
