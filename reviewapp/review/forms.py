from typing import Any

from django import forms

from reviewapp.accounts.models import Team, User
from reviewapp.review.queue import QueueFilter, queue_teams
from reviewapp.review.states import QueueShow


class QueueFilterForm(forms.Form):
    """Which cases to list; what makes no sense is left out, so that old links still work."""

    show = forms.ChoiceField(choices=QueueShow.choices, required=False)
    claim_number = forms.CharField(max_length=64, required=False, label="Claim number")
    team = forms.ModelChoiceField(queryset=Team.objects.none(), required=False, empty_label="All")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = queue_teams(user)  # type: ignore[attr-defined]

    def wanted(self) -> QueueFilter:
        self.is_valid()
        given = self.cleaned_data
        team: Team | None = given.get("team")
        return QueueFilter(
            show=QueueShow(given.get("show") or QueueShow.TO_REVIEW),
            claim_number=given.get("claim_number", "").strip(),
            team=team.pk if team else None,
        )
