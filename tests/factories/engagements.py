from engagements.domain.assign_team import assign_team
from engagements.domain.open_engagement import open_engagement


def make_engagement(organization, *, sales, lead=None, consultants=(), title="Migration"):
    """An engagement at intake, opened and staffed through the same doors as in production."""
    engagement = open_engagement(organization, actor=sales, title=title)
    if lead:
        assign_team(engagement, lead=lead, consultants=list(consultants), actor=lead)
    engagement.refresh_from_db()
    return engagement
