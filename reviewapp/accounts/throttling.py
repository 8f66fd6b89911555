"""Failed sign-ins are counted in the cache; whoever guesses too often waits.

Each failure occupies one of N numbered slots for the window. A slot is taken before the password
is checked and given back on success, so that guesses sent at the same moment count as well.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from reviewapp.foundation.cache import CACHE_ERRORS
from reviewapp.foundation.errors import TooManyError, UnavailableError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """The slots that one attempt occupies until it succeeds."""

    taken: tuple[str, ...]
    own: tuple[str, ...]

    def succeeded(self) -> None:
        """Whoever knows the password starts afresh from here; other addresses' guesses stay."""
        with _counted():
            cache.delete_many([*self.taken, *self.own])


def sign_in_attempt(*, name: str, address: str) -> SignInAttempt:
    """Take a slot of each count, or `TooManyError` where one is full."""
    pair = _slots(f"{name.lower()}\0{address}", settings.SIGN_IN_MAX_FAILURES)
    of_name = _slots(name.lower(), settings.SIGN_IN_MAX_FAILURES_OF_NAME)
    of_address = _slots(address, settings.SIGN_IN_MAX_FAILURES_OF_ADDRESS)
    taken: list[str] = []
    with _counted():
        for slots in (pair, of_name, of_address):
            slot = _take(slots)
            if slot is None:
                cache.delete_many(taken)
                raise _wait()
            taken.append(slot)
    return SignInAttempt(tuple(taken), tuple(pair))


@contextmanager
def _counted() -> Iterator[None]:
    """Nobody signs in uncounted: without the cache, guessing would be free."""
    try:
        yield
    except CACHE_ERRORS as error:
        logger.warning("sign-ins cannot be counted: %s", error)
        raise UnavailableError(
            "Nobody can sign in at the moment; whoever is in stays in. An operator must look at "
            "the cache. Try again in a few minutes."
        ) from None


def client_address(request: HttpRequest) -> str:
    """The visitor's address; what stands left of our own proxies' entries could be made up."""
    proxies = settings.TRUSTED_PROXIES
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(forwarded) >= proxies and forwarded[-proxies].strip():
        return forwarded[-proxies].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _slots(what: str, count: int) -> list[str]:
    # Hashed: a cache key takes no spaces, and a mistyped name may be a password.
    digest = hashlib.sha256(what.encode()).hexdigest()
    return [f"sign-in:{digest}:{number}" for number in range(count)]


def _take(slots: list[str]) -> str | None:
    free = _free(slots)
    return next(
        (slot for slot in free if cache.add(slot, 1, settings.SIGN_IN_WINDOW_SECONDS)), None
    )


def _free(slots: list[str]) -> Iterator[str]:
    occupied = cache.get_many(slots)
    return (slot for slot in slots if slot not in occupied)


def _wait() -> TooManyError:
    minutes = settings.SIGN_IN_WINDOW_SECONDS // 60
    return TooManyError(
        f"Too many failed sign-ins. Wait {minutes} minutes, or ask your manager for a new link.",
    )
