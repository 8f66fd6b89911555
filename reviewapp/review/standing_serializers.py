"""How damaged parts, lines and photos stand, as the endpoints give it."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from reviewapp.assessment.states import PhotoResultState
from reviewapp.intake.models import Photo
from reviewapp.review.inputs import RleSerializer
from reviewapp.review.models import Decision
from reviewapp.review.page import PhotoOnPage
from reviewapp.review.selectors import MapKeys, key_version
from reviewapp.review.standing import StandingLine, StandingPart
from reviewapp.review.states import Standing


def label_map_urls(photo: Photo, keys: MapKeys) -> dict[str, str]:
    """Addresses of both label maps; the version makes them safe to keep for ever."""
    return {
        f"{layer}_map_url": reverse(
            "photo-label-map",
            kwargs={"photo_id": photo.pk, "revision": keys.revision, "layer": layer},
        )
        + f"?v={key_version(key)}"
        for layer, key in (("parts", keys.parts_map), ("damage", keys.damage_map))
    }


class WordsSerializer(serializers.Serializer[Any]):
    part = serializers.CharField()
    side = serializers.CharField()
    damage = serializers.CharField()
    damage_type = serializers.CharField()


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    decided_by = serializers.CharField(source="decided_by.display_name")
    revision = serializers.SerializerMethodField()
    undo_url = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields = (
            "id", "verdict", "line", "damaged_part", "photo", "correction", "revision", "reason",
            "reason_text", "part", "side", "damage", "damage_type", "bbox", "decided_by",
            "created_at", "undone_at", "undo_url",
        )  # fmt: skip

    def get_revision(self, decision: Decision) -> int | None:
        """The revision of the label maps that it came with."""
        return decision.correction.revision if decision.correction else None

    def get_undo_url(self, decision: Decision) -> str:
        return reverse(
            "review-decision-undo",
            kwargs={"review_id": self.context["review_id"], "decision_id": decision.pk},
        )


class StandingPartSerializer(serializers.Serializer[StandingPart]):
    """A damaged part as it stands; its figures are null where the models said nothing."""

    id = serializers.UUIDField()
    line = serializers.UUIDField(source="line_id", allow_null=True)
    photo = serializers.UUIDField(source="photo.pk")
    number = serializers.IntegerField(source="model.number", default=None, allow_null=True)
    part = serializers.CharField(source="words.part")
    side = serializers.CharField(source="words.side")
    damage = serializers.CharField(source="words.damage")
    damage_type = serializers.CharField(source="words.damage_type")
    title = serializers.CharField(source="words.title")
    said = WordsSerializer(source="model", allow_null=True)
    bbox = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    mask = RleSerializer(allow_null=True)
    area_px = serializers.IntegerField(allow_null=True)
    share_of_part = serializers.FloatField(allow_null=True)
    share_of_photo = serializers.FloatField(allow_null=True)
    size_class = serializers.CharField()
    severity = serializers.CharField()
    base_confidence = serializers.FloatField(source="model.base_confidence", default=None)
    agreement = serializers.FloatField(source="model.agreement", default=None)
    refined_confidence = serializers.FloatField(source="model.refined_confidence", default=None)
    probability = serializers.FloatField(source="model.probability", default=None)
    flagged = serializers.BooleanField(source="model.flagged", default=False)
    reasons = ReasonSerializer(source="model.reasons", many=True, default=())
    state = serializers.ChoiceField(Standing.choices)
    decision = DecisionSerializer(allow_null=True)


class StandingLineSerializer(serializers.Serializer[StandingLine]):
    id = serializers.UUIDField(source="line.pk")
    number = serializers.IntegerField(source="line.number")
    part = serializers.CharField(source="line.part")
    side = serializers.CharField(source="line.side")
    damage = serializers.CharField(source="line.damage")
    title = serializers.CharField(source="words.title")
    probability = serializers.FloatField(source="line.probability")
    flagged = serializers.BooleanField(source="line.flagged")
    reasons = ReasonSerializer(source="line.reasons", many=True)
    photos_agree = serializers.IntegerField()
    photos_asked = serializers.IntegerField()
    best_photo = serializers.UUIDField(source="line.best_photo_id")
    photos = serializers.ListField(child=serializers.UUIDField(), source="photo_ids")
    state = serializers.ChoiceField(Standing.choices)
    decision = DecisionSerializer(allow_null=True)
    damaged_parts = StandingPartSerializer(source="parts", many=True)


class PhotoOnPageSerializer(serializers.Serializer[PhotoOnPage]):
    id = serializers.UUIDField(source="result.photo_id")
    number = serializers.IntegerField(source="result.photo.number")
    file_name = serializers.CharField(source="result.photo.file_name")
    width = serializers.IntegerField(source="result.photo.width")
    height = serializers.IntegerField(source="result.photo.height")
    display_url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    failure_reason = serializers.CharField(source="result.failure_reason")
    vehicle = serializers.BooleanField(source="result.vehicle", allow_null=True)
    damaged = serializers.BooleanField(source="result.damaged", allow_null=True)
    view = serializers.CharField(source="result.view")
    damage_area_percent = serializers.FloatField(
        source="result.damage_area_percent", allow_null=True
    )
    flagged = serializers.IntegerField()
    revision = serializers.IntegerField(source="maps.revision")
    corrections_url = serializers.SerializerMethodField()
    parts_map_url = serializers.SerializerMethodField()
    damage_map_url = serializers.SerializerMethodField()

    def get_display_url(self, photo: PhotoOnPage) -> str:
        return reverse("intake:photo-display", args=[photo.result.photo_id])

    def get_thumbnail_url(self, photo: PhotoOnPage) -> str:
        return reverse("intake:photo-thumbnail", args=[photo.result.photo_id])

    def get_corrections_url(self, photo: PhotoOnPage) -> str:
        return reverse("photo-corrections", args=[photo.result.photo_id])

    def get_state(self, photo: PhotoOnPage) -> str:
        known = (PhotoResultState.ASSESSED, PhotoResultState.FAILED)
        return photo.result.state if photo.result.state in known else "not assessed"

    def get_parts_map_url(self, photo: PhotoOnPage) -> str:
        return label_map_urls(photo.result.photo, photo.maps)["parts_map_url"]

    def get_damage_map_url(self, photo: PhotoOnPage) -> str:
        return label_map_urls(photo.result.photo, photo.maps)["damage_map_url"]
