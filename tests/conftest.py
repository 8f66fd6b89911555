import pytest
from django.test import Client

from reviewapp.accounts.models import User
from tests.people import People, everybody


@pytest.fixture
def people(db: None) -> People:
    return everybody()


@pytest.fixture
def sign_in() -> "SignIn":
    return SignIn()


class SignIn:
    """`sign_in(user)` gives a client signed in as that user."""

    def __call__(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client
