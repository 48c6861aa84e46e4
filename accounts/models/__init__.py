from accounts.models.calendar_link import CalendarLink
from accounts.models.invitation import Invitation
from accounts.models.membership import Duty, Membership
from accounts.models.organization import Organization
from accounts.models.token import AccessToken
from accounts.models.user import User

__all__ = ["AccessToken", "CalendarLink", "Duty", "Invitation", "Membership", "Organization", "User"]
