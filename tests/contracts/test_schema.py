"""The schema is valid OpenAPI 3, complete, and readable on a page that needs nobody else."""

import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from tests.contracts.matrix import MATRIX
from tests.contracts.world import World

_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


@pytest.fixture
def schema(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.client("machine").get("/api/schema/").json()
    return found


def test_the_schema_is_valid_and_leaves_nothing_to_guess() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_every_endpoint_is_in_the_schema(schema: dict[str, Any]) -> None:
    described = {
        (method.upper(), path) for path, methods in schema["paths"].items() for method in methods
    }
    offered = {
        (row.method, "/" + _CONVERTER.sub(r"{\1}", row.route).replace("{pk}", "{id}"))
        for row in MATRIX
        if row.route.startswith("api/v1/")
    }
    assert offered == described


def test_every_operation_says_how_it_refuses(schema: dict[str, Any]) -> None:
    operations = [item for methods in schema["paths"].values() for item in methods.values()]
    reference = {"$ref": "#/components/schemas/Error"}
    refusals = [item["responses"]["4XX"]["content"] for item in operations]
    assert all(refusal["application/json"]["schema"] == reference for refusal in refusals)


def test_the_schema_comes_as_yaml_for_whoever_wants_it(world: World) -> None:
    accept = {"Accept": "application/vnd.oai.openapi"}
    response = world.client("manager").get("/api/schema/", headers=accept)
    assert response.content.startswith(b"openapi: 3")


def test_the_page_loads_nothing_from_elsewhere(world: World) -> None:
    page = world.client("manager").get("/api/docs/").content.decode()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    assert all(address.startswith(("/", "#")) for address in loaded)


def test_what_the_page_loads_is_there(world: World) -> None:
    page = world.client("manager").get("/api/docs/").content.decode()
    files = re.findall(r'"/static/([^"]+)"', page)
    assert [name for name in files if finders.find(name) is None] == []
