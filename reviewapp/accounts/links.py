"""Set-password links: whoever opens one first chooses the password; then it is void.

The session keeps for whom the next page shows a link, never the link itself.
"""

from dataclasses import dataclass

from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from reviewapp.accounts.models import Team, User
from reviewapp.accounts.requests import user_of
from reviewapp.accounts.selectors import may_give_link, members_of
from reviewapp.accounts.services import set_password_link_record
from reviewapp.foundation.errors import ForbiddenError

_OFFER = "set-password-link-for"


@dataclass(frozen=True, slots=True)
class Link:
    person: User
    url: str


def set_password_path(person: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    token = default_token_generator.make_token(person)
    return reverse("accounts:set-password", kwargs={"uidb64": uid, "token": token})


def link_offer(request: HttpRequest, person: User) -> None:
    """Let the next page show a link for this person, once."""
    if not may_give_link(user_of(request), person):
        raise ForbiddenError(
            f"{person.display_name} belongs to another team or has a role for the site. "
            "An operator can give the link."
        )
    request.session[_OFFER] = str(person.pk)


def link_offer_if_new(request: HttpRequest, person: User) -> None:
    """For whoever was just added: somebody with a password, or of another team, needs none."""
    if not person.has_usable_password() and may_give_link(user_of(request), person):
        link_offer(request, person)


def link_taken(request: HttpRequest, team: Team) -> Link | None:
    """The link that was offered for a member of this team; asked again, there is none."""
    offered = request.session.pop(_OFFER, None)
    member = members_of(team).filter(user=offered).first() if offered else None
    if member is None:
        return None
    set_password_link_record(actor=user_of(request), team=team, person=member.user)
    return Link(member.user, request.build_absolute_uri(set_password_path(member.user)))
