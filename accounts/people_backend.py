from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class PeopleBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Sessions are of people alone: a password of a service user proves nothing, and a session of one is nobody's."""

    def user_can_authenticate(self, user: User | None) -> bool:
        return bool(super().user_can_authenticate(user)) and user is not None and not user.is_service
