from unittest.mock import patch

import pytest
from botocore.exceptions import EndpointConnectionError
from django.db import OperationalError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


def test_alive_needs_nobody_and_no_database(client: Client) -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("down")):
        assert client.get("/healthz").status_code == 200


def test_ready_says_what_answers(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "files": True, "cache": True, "broker": True}


def test_without_database_it_is_not_ready(client: Client) -> None:
    with patch("reviewapp.foundation.health.connection") as broken:
        broken.cursor.side_effect = OperationalError("down")
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] is False


@pytest.mark.parametrize(
    "error", [OSError("gone"), EndpointConnectionError(endpoint_url="http://s3")]
)
def test_without_files_it_is_not_ready(client: Client, error: Exception) -> None:
    with patch("reviewapp.foundation.health.default_storage") as broken:
        broken.exists.side_effect = error
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["files"] is False
