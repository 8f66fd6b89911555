"""The report as JSON."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from reviewapp.intake.models import Case, Photo
from reviewapp.review.models import Review
from reviewapp.review.report import Report, ReportLine, ReportPart
from reviewapp.review.states import Standing


class VehicleSerializer(serializers.ModelSerializer[Case]):
    class Meta:
        model = Case
        fields = ("make", "model", "year", "body_type", "doors_per_side", "plate", "vin", "value")


class DecidedSerializer(serializers.Serializer[Any]):
    """`by` is "person" with the name, or "model"."""

    by = serializers.SerializerMethodField()
    person = serializers.CharField()
    at = serializers.DateTimeField()

    def get_by(self, decided: Any) -> str:  # noqa: ANN401 (DRF hands the instance)
        return "person" if decided.person else "model"


class ReportPhotoSerializer(serializers.Serializer[Photo]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    file_name = serializers.CharField()
    display_url = serializers.SerializerMethodField()

    def get_display_url(self, photo: Photo) -> str:
        return reverse("intake:photo-display", args=[photo.pk])


class ReportPartSerializer(serializers.Serializer[ReportPart]):
    id = serializers.UUIDField()
    photo = serializers.UUIDField(source="photo.pk")
    bbox = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    state = serializers.ChoiceField(Standing.choices)
    probability = serializers.FloatField(allow_null=True)
    decided = DecidedSerializer()


@extend_schema_serializer(component_name="LineOfReport")
class ReportLineSerializer(serializers.Serializer[ReportLine]):
    part = serializers.CharField(source="words.part")
    side = serializers.CharField(source="words.side")
    damage = serializers.CharField(source="words.damage")
    title = serializers.CharField(source="words.title")
    damage_types = serializers.ListField(child=serializers.CharField())
    size_class = serializers.CharField()
    severity = serializers.CharField()
    probability = serializers.FloatField(allow_null=True)
    flagged = serializers.BooleanField()
    state = serializers.ChoiceField(Standing.choices)
    decided = DecidedSerializer()
    photos = ReportPhotoSerializer(many=True)
    damaged_parts = ReportPartSerializer(source="parts", many=True)


class RejectedPartSerializer(serializers.Serializer[Any]):
    part = serializers.CharField(source="words.part")
    side = serializers.CharField(source="words.side")
    damage = serializers.CharField(source="words.damage")
    title = serializers.CharField(source="words.title")
    photo = serializers.UUIDField(source="photo.pk")
    bbox = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    reason = serializers.CharField()
    reason_text = serializers.CharField()
    decided = DecidedSerializer()


class ReportReviewSerializer(serializers.ModelSerializer[Review]):
    adjuster = serializers.CharField(source="adjuster.display_name")

    class Meta:
        model = Review
        fields = ("id", "adjuster", "outcome", "note", "finished_at")


class ReportSerializer(serializers.Serializer[Report]):
    case = serializers.UUIDField(source="case.pk")
    claim_number = serializers.CharField(source="case.claim_number")
    date_of_loss = serializers.DateField(source="case.date_of_loss", allow_null=True)
    state = serializers.CharField(source="case.state")
    vehicle = VehicleSerializer(source="case")
    synthetic = serializers.BooleanField(source="case.synthetic")
    final = serializers.BooleanField()
    model_version = serializers.CharField()
    weights_sha256 = serializers.CharField(source="assessment.model_version.weights_sha256")
    assessed_at = serializers.DateTimeField(source="assessment.finished_at", allow_null=True)
    review = ReportReviewSerializer(allow_null=True)
    lines = ReportLineSerializer(many=True)
    rejected = RejectedPartSerializer(many=True)
    undecided = serializers.ListField(child=serializers.CharField())
    flags = serializers.ListField(child=serializers.CharField(), source="case_flags")
    photos = serializers.SerializerMethodField()
    limits = serializers.ListField(child=serializers.CharField())

    def get_photos(self, report: Report) -> list[dict[str, Any]]:
        return [
            {
                **ReportPhotoSerializer(result.photo).data,
                "state": result.state,
                "vehicle": result.vehicle,
                "view": result.view,
                "damage_area_percent": result.damage_area_percent,
            }
            for result in report.photos
        ]
