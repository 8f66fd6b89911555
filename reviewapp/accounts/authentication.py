from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from reviewapp.accounts.models import User


class PeopleBackend(ModelBackend):
    """Name and password open a session for people only; a machine has nothing but its token."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        return super().user_can_authenticate(user) and not getattr(user, "is_machine", False)
