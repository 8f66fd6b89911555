"""What the review room's endpoints take."""

from typing import Any

from rest_framework import serializers

from reviewapp.review.services import DecisionDraft
from reviewapp.review.states import Outcome, RejectReason, Verdict


class RleSerializer(serializers.Serializer[Any]):
    """Compressed COCO RLE."""

    size = serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
    counts = serializers.CharField(max_length=1_000_000, trim_whitespace=False)


class DecisionDraftSerializer(serializers.Serializer[DecisionDraft]):
    """A decision to make; words that are left out stay as they are."""

    verdict = serializers.ChoiceField(Verdict.choices)
    line = serializers.UUIDField(required=False, allow_null=True)
    damaged_part = serializers.UUIDField(required=False, allow_null=True)
    photo = serializers.UUIDField(required=False, allow_null=True)
    reason = serializers.ChoiceField(RejectReason.choices, required=False, allow_blank=True)
    reason_text = serializers.CharField(required=False, allow_blank=True, max_length=500)
    part = serializers.CharField(required=False, allow_null=True, max_length=64)
    side = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=8)
    damage = serializers.CharField(required=False, allow_null=True, max_length=32)
    damage_type = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=32
    )
    bbox = serializers.ListField(
        child=serializers.IntegerField(),
        required=False,
        allow_null=True,
        min_length=4,
        max_length=4,
    )
    mask = RleSerializer(required=False, allow_null=True)

    def draft(self) -> DecisionDraft:
        given: dict[str, Any] = dict(self.validated_data)
        given["verdict"] = Verdict(given["verdict"])
        if given.get("bbox") is not None:
            given["bbox"] = tuple(given["bbox"])
        return DecisionDraft(**given)


class NewCorrectionSerializer(serializers.Serializer[Any]):
    review = serializers.UUIDField()
    base_revision = serializers.IntegerField(min_value=0)
    parts_map = serializers.FileField()
    damage_map = serializers.FileField()


class FinishSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(Outcome.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000, default="")
