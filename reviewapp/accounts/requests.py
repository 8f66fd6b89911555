"""The signed-in user of a request, typed."""

from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from reviewapp.accounts.models import User


def user_of(request: HttpRequest | Request) -> User:
    """The signed-in user; pages and endpoints are closed to nobody before they get here."""
    return cast("User", request.user)
