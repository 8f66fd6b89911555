from rest_framework import serializers

from reviewapp.assessment.models import Assessment, DamagedPart, PhotoResult, ReportLine


class DamagedPartSerializer(serializers.ModelSerializer[DamagedPart]):
    class Meta:
        model = DamagedPart
        fields = (
            "id", "number", "line", "part", "side", "damage", "damage_type", "bbox", "area_px",
            "share_of_part", "share_of_photo", "size_class", "severity", "base_confidence",
            "agreement", "refined_confidence", "probability", "flagged", "reasons", "mask",
        )  # fmt: skip


class PhotoResultSerializer(serializers.ModelSerializer[PhotoResult]):
    damaged_parts = DamagedPartSerializer(many=True)
    parts_map = serializers.HyperlinkedIdentityField(view_name="photo-result-parts-map")
    damage_map = serializers.HyperlinkedIdentityField(view_name="photo-result-damage-map")

    class Meta:
        model = PhotoResult
        fields = (
            "id", "photo", "state", "attempts", "failure_reason", "assessed_at", "vehicle",
            "vehicle_probability", "damaged", "damaged_probability", "view",
            "damage_area_percent", "dropped_specks", "parts", "parts_map", "damage_map",
            "damaged_parts",
        )  # fmt: skip


class ReportLineSerializer(serializers.ModelSerializer[ReportLine]):
    class Meta:
        model = ReportLine
        fields = (
            "id", "number", "part", "side", "damage", "probability", "flagged", "reasons",
            "best_photo",
        )  # fmt: skip


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    model_version = serializers.CharField(source="model_version.name")

    class Meta:
        model = Assessment
        fields = (
            "id", "case", "number", "state", "created_at", "finished_at", "model_version",
            "parts_merge", "damage_merge", "agreement", "flag_threshold", "body_type",
            "doors_per_side", "device", "code_version", "flags", "audit_sample",
        )  # fmt: skip


class WholeAssessmentSerializer(AssessmentSerializer):
    """With everything it says: photo results, damaged parts with their masks, report lines."""

    photo_results = PhotoResultSerializer(many=True)
    lines = ReportLineSerializer(many=True)

    class Meta(AssessmentSerializer.Meta):
        fields = (*AssessmentSerializer.Meta.fields, "photo_results", "lines")  # type: ignore[assignment]
