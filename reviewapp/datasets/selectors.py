from django.db.models import QuerySet

from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import require_on_site
from reviewapp.datasets.models import Export


def exports_for(user: User) -> QuerySet[Export]:
    """All exports, newest first; only for those who may export labels."""
    require_on_site(user, Action.EXPORT)
    return Export.objects.select_related("requested_by")
