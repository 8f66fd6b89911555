"""What every template knows: the actions this user may do somewhere, by name."""

from django.http import HttpRequest

from reviewapp.accounts.selectors import actions_of


def access(request: HttpRequest) -> dict[str, object]:
    """`may.REVIEW` and so on, for the navigation."""
    user = getattr(request, "user", None)
    allowed = actions_of(user) if user is not None else frozenset()
    return {"may": {action.name: True for action in allowed}}
