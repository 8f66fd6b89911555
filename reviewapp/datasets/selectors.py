from uuid import UUID

from django.db.models import QuerySet

from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import Visitor, require_on_site
from reviewapp.datasets.models import Export
from reviewapp.foundation.errors import NotFoundError


def exports_for(user: Visitor) -> QuerySet[Export]:
    """All exports, newest first; only for those who may export labels."""
    require_on_site(user, Action.EXPORT)
    return Export.objects.select_related("requested_by")


def export_for(user: Visitor, export_id: UUID) -> Export:
    export = exports_for(user).filter(pk=export_id).first()
    if export is None:
        raise NotFoundError("There is no such export.")
    return export
