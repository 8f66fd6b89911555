"""One error shape for pages and API: a stable code, a sentence for people, details."""

from http import HTTPStatus


class AppError(Exception):
    """Base of every refusal. The message says what came, what is allowed and the cure."""

    status = HTTPStatus.BAD_REQUEST
    code = "error"

    def __init__(self, message: str, *, code: str | None = None, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.details = details

    def body(self) -> dict[str, object]:
        return {"code": self.code, "message": self.message, "details": self.details}


class InvalidError(AppError):
    code = "invalid"


class ForbiddenError(AppError):
    status = HTTPStatus.FORBIDDEN
    code = "forbidden"


class NotFoundError(AppError):
    """Also for what exists but may not be seen."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"


class ConflictError(AppError):
    """Somebody was first: the base is stale, the state has moved on, the lease is lost."""

    status = HTTPStatus.CONFLICT
    code = "conflict"


class TooManyError(AppError):
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many"


class UnavailableError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"
