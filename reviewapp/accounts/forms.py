from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField

from reviewapp.accounts.models import Role, Team, User

_NAME = User._meta.get_field("username").max_length


class SignInForm(AuthenticationForm):
    username = UsernameField(label="User name", widget=forms.TextInput(attrs={"autofocus": True}))
    error_messages = {
        "invalid_login": "Name and password do not fit together. Both mind capital letters.",
        "inactive": "Name and password do not fit together. Both mind capital letters.",
    }


class TeamForm(forms.Form):
    name = forms.CharField(max_length=Team._meta.get_field("name").max_length, label="Team")
    manager = forms.CharField(max_length=_NAME, label="First manager's user name")
    full_name = forms.CharField(max_length=150, required=False, label="Their full name")


class MemberForm(forms.Form):
    username = forms.CharField(
        max_length=_NAME,
        label="User name",
        help_text="Of somebody who has an account already, or a new one.",
    )
    full_name = forms.CharField(
        max_length=150, required=False, label="Full name", help_text="For a new account."
    )
    role = forms.TypedChoiceField(choices=Role.choices, coerce=Role, label="Role")


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(choices=Role.choices, coerce=Role, label="Role")


class MachineForm(forms.Form):
    label = forms.CharField(max_length=120, label="What the machine is for")
    role = forms.TypedChoiceField(choices=Role.choices, coerce=Role, label="Role")


class TrailForm(forms.Form):
    case = forms.UUIDField(required=False)
