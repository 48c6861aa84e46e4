from django.utils import timezone

from engagements.domain import delegate_signature as delegation_acts
from engagements.domain.assign_team import assign_team
from engagements.domain.open_engagement import open_engagement
from tests.factories.nda import sign_on_paper


def make_engagement(organization, *, sales, lead=None, consultants=(), title="Migration", has_nda=True):
    """An engagement at intake, opened and staffed through the same doors as in production; the lead has its NDA."""
    engagement = open_engagement(organization, actor=sales, title=title)
    if lead:
        assign_team(engagement, lead=lead, consultants=list(consultants), actor=lead)
    if lead and has_nda:
        sign_on_paper(engagement, lead=lead)
    engagement.refresh_from_db()
    return engagement


def delegate_signature(document, **facts):
    """By whoever was asked, who has just proved who they are."""
    return delegation_acts.delegate_signature(document, **{"authenticated_at": timezone.now(), **facts})
