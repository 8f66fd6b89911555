from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from reviewapp.accounts.models import MachineToken, User
from reviewapp.accounts.services import user_for_token


class MachineTokenAuthentication(BaseAuthentication):
    """`Authorization: Token <token>`: a machine user with the rights of one role."""

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, MachineToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword.lower().encode():
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Send `Authorization: Token <token>` with one token.")
        found = user_for_token(parts[1].decode("latin-1"))
        if found is None:
            raise AuthenticationFailed("This token is unknown or was revoked.")
        return found

    def authenticate_header(self, _request: Request) -> str:
        return self.keyword


class MachineTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = MachineTokenAuthentication
    name = "machineToken"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:  # noqa: ANN401
        return {"type": "apiKey", "in": "header", "name": "Authorization"}
