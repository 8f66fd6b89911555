from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from reviewapp.accounts.models import Team
from reviewapp.review.queue import QueueFilter
from reviewapp.review.states import QueueShow


class QueueFilterForm(forms.Form):
    """Which cases to list; what makes no sense is left out, so that old links still work."""

    show = forms.ChoiceField(choices=QueueShow.choices, required=False)
    claim_number = forms.CharField(max_length=64, required=False, label="Claim number")
    team = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        named = [(str(team.pk), team.name) for team in teams]
        self.fields["team"] = forms.ChoiceField(choices=[("", "All teams"), *named], required=False)

    def wanted(self) -> QueueFilter:
        self.is_valid()
        given = self.cleaned_data
        return QueueFilter(
            show=QueueShow(given.get("show") or QueueShow.TO_REVIEW),
            claim_number=given.get("claim_number", "").strip(),
            team=UUID(given["team"]) if given.get("team") else None,
        )
