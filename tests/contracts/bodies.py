"""Valid requests: what a permitted person sends, so that a refusal is only about who asks."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from inference import masks
from tests.contracts.world import Place, World
from tests.factories.assessment import label_maps
from tests.factories.pictures import picture_bytes
from tests.people import PASSWORD

JSON = "application/json"


def nothing(_world: World, _place: Place) -> dict[str, Any]:
    return {}


def sign_in(_world: World, _place: Place) -> dict[str, Any]:
    return {"data": {"username": "anna", "password": PASSWORD}}


def team(_world: World, _place: Place) -> dict[str, Any]:
    return {"data": {"name": "West", "manager": "wanda"}}


def manager(_world: World, _place: Place) -> dict[str, Any]:
    return {"data": {"username": "wanda", "role": "manager"}}


def role(_world: World, _place: Place) -> dict[str, Any]:
    return {"data": {"role": "appraiser"}}


def machine(_world: World, _place: Place) -> dict[str, Any]:
    return {"data": {"label": "another", "role": "appraiser"}}


def facts(_world: World, _place: Place) -> dict[str, Any]:
    return {"data": {"claim_number": "CL-NEW", "make": "Volvo"}}


def photos(_world: World, _place: Place) -> dict[str, Any]:
    content = picture_bytes(200, 150, seed=7)
    return {"data": {"photos": SimpleUploadedFile("new.jpg", content, "image/jpeg")}}


def api_case(world: World, _place: Place) -> dict[str, Any]:
    data = {"team": str(world.people.team.pk), "claim_number": "CL-NEW"}
    return {"data": data, "content_type": JSON}


def api_facts(_world: World, _place: Place) -> dict[str, Any]:
    return {"data": {"make": "Volvo"}, "content_type": JSON}


def api_nothing(_world: World, _place: Place) -> dict[str, Any]:
    return {"data": {}, "content_type": JSON}


def decision(_world: World, place: Place) -> dict[str, Any]:
    return {"data": {"verdict": "accept", "line": str(place["line_id"])}, "content_type": JSON}


def finish(_world: World, _place: Place) -> dict[str, Any]:
    return {"data": {"outcome": "more photos needed"}, "content_type": JSON}


def correction(world: World, _place: Place) -> dict[str, Any]:
    """Label maps without any part, on top of the revision that the world holds."""
    parts, damage = label_maps(96, 64, damage=False)
    parts[:] = 0
    return {
        "data": {
            "review": str(world.review.pk),
            "base_revision": 1,
            "parts_map": _png("parts.png", masks.encode_label_map(parts)),
            "damage_map": _png("damage.png", masks.encode_label_map(damage)),
        }
    }


def _png(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")
