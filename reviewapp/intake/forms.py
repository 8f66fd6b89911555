from typing import TYPE_CHECKING, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from reviewapp.accounts.models import Team
from reviewapp.intake.models import Case
from reviewapp.intake.services import CaseFacts
from reviewapp.intake.states import BodyType, CaseState, DoorsPerSide

if TYPE_CHECKING:  # Django's own class takes no parameter
    _CaseModelForm = forms.ModelForm[Case]
else:
    _CaseModelForm = forms.ModelForm

FACT_FIELDS = (
    "date_of_loss",
    "description",
    "make",
    "model",
    "year",
    "body_type",
    "doors_per_side",
    "plate",
    "vin",
    "value",
)


_UNKNOWN_FIRST: dict[str, list[tuple[str | int, str]]] = {
    "body_type": [("", "not known"), *BodyType.choices],
    "doors_per_side": [("", "not known"), *DoorsPerSide.choices],
}


class CaseForm(_CaseModelForm):
    """Claim number and the facts of a case."""

    class Meta:
        model = Case
        fields = ("claim_number", *FACT_FIELDS)
        widgets = {
            "claim_number": forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
            "date_of_loss": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "description": forms.Textarea(attrs={"rows": 3}),
            "year": forms.NumberInput(attrs={"inputmode": "numeric"}),
            "vin": forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
            "plate": forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
        }
        labels = {
            "doors_per_side": "Doors per side",
            "vin": "VIN",
            "plate": "Licence plate",
            "value": "Vehicle value",
        }
        help_texts = {
            "body_type": "Helps to name the parts rightly.",
            "description": "What happened, in a sentence or two.",
        }

    def __init__(self, data: QueryDict | None = None, *, instance: Case | None = None) -> None:
        super().__init__(data, instance=instance)
        for name, choices in _UNKNOWN_FIRST.items():
            cast("forms.ChoiceField", self.fields[name]).choices = choices

    def facts(self) -> CaseFacts:
        return cast("CaseFacts", {name: self.cleaned_data[name] for name in FACT_FIELDS})

    @property
    def claim_number(self) -> str:
        return str(self.cleaned_data["claim_number"])


class NewCaseForm(CaseForm):
    """Asks for the team only where there is a choice."""

    team = forms.ModelChoiceField(queryset=Team.objects.none(), empty_label=None)

    def __init__(self, data: QueryDict | None = None, *, teams: QuerySet[Team]) -> None:
        super().__init__(data)
        self.fields["team"] = forms.ModelChoiceField(queryset=teams, empty_label=None)
        self.only_team = teams.first() if teams.count() == 1 else None
        if self.only_team is not None:
            del self.fields["team"]

    @property
    def chosen_team(self) -> Team:
        return self.only_team or cast("Team", self.cleaned_data["team"])


class CaseFilterForm(forms.Form):
    """What the list of cases can be narrowed by."""

    claim_number = forms.CharField(required=False, max_length=64, label="Claim number")
    state = forms.ChoiceField(
        required=False, choices=[("", "Any state"), *CaseState.choices], label="State"
    )

    @property
    def narrows(self) -> bool:
        return any(self.cleaned_data.values())

    def narrow(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """Of these cases the wanted ones; none for a form that is not valid."""
        if not self.is_valid():
            return cases.none()
        if claim_number := self.cleaned_data["claim_number"]:
            cases = cases.filter(claim_number__icontains=claim_number)
        if state := self.cleaned_data["state"]:
            cases = cases.filter(state=state)
        return cases
