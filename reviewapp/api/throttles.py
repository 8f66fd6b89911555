from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

if TYPE_CHECKING:  # the views themselves are made with this class
    from rest_framework.views import APIView


class WriteThrottle(UserRateThrottle):
    """A program gone wild is slowed before it fills the disk; reading is free."""

    scope = "write"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        return request.method in SAFE_METHODS or super().allow_request(request, view)
