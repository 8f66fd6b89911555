import logging
from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

from reviewapp.foundation.cache import CACHE_ERRORS

if TYPE_CHECKING:  # the views themselves are made with this class
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class WriteThrottle(UserRateThrottle):
    """A program gone wild is slowed before it fills the disk; reading is free.

    Without its cache it lets everybody through: a dead Redis must not stop the work.
    """

    scope = "write"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if request.method in SAFE_METHODS:
            return True
        try:
            return super().allow_request(request, view)
        except CACHE_ERRORS as error:
            logger.warning("writes are not counted: %s", error)
            return True
