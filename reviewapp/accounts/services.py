import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from reviewapp.accounts.models import MachineToken, User
from reviewapp.audit.services import event_record


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def token_create(*, actor: User | None, user: User, label: str) -> tuple[MachineToken, str]:
    """A new token for a machine user; the text is shown once and only its digest is kept."""
    text = secrets.token_urlsafe(32)
    token = MachineToken.objects.create(
        user=user, label=label, digest=_digest(text), created_by=actor
    )
    event_record(actor=actor, action="token created", subject=token, after={"label": label})
    return token, text


@transaction.atomic
def token_revoke(*, actor: User, token: MachineToken) -> MachineToken:
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    event_record(actor=actor, action="token revoked", subject=token)
    return token


def user_for_token(text: str) -> tuple[User, MachineToken] | None:
    """The active user whom this token speaks for; nothing where it is unknown or revoked."""
    token = (
        MachineToken.objects.select_related("user")
        .filter(digest=_digest(text), revoked_at__isnull=True, user__is_active=True)
        .first()
    )
    return (token.user, token) if token else None
