"""What goes in and out of the API, field by field."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import serializers

from reviewapp.accounts.models import Team
from reviewapp.accounts.requests import user_of
from reviewapp.foundation.errors import ForbiddenError
from reviewapp.intake.forms import FACT_FIELDS
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.selectors import teams_for_new_cases
from reviewapp.intake.services import Outcome, Receipt
from reviewapp.intake.states import PhotoState


class CaseSerializer(serializers.ModelSerializer[Case]):
    team_name = serializers.CharField(source="team.name", read_only=True)

    class Meta:
        model = Case
        fields = (
            "id",
            "team",
            "team_name",
            "state",
            "state_since",
            "created_at",
            "submitted_at",
            "claim_number",
            *FACT_FIELDS,
            "synthetic",
        )
        read_only_fields = fields


class CaseChangeSerializer(serializers.ModelSerializer[Case]):
    class Meta:
        model = Case
        fields = ("claim_number", *FACT_FIELDS)


class NewCaseSerializer(serializers.ModelSerializer[Case]):
    class Meta:
        model = Case
        fields = ("team", "claim_number", *FACT_FIELDS)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Only teams in which the caller may open cases exist here; of one, none is asked."""
        fields = super().get_fields()
        teams = self._teams()
        fields["team"] = serializers.PrimaryKeyRelatedField(
            queryset=teams, required=teams.count() > 1, help_text="May be left out by who has one."
        )
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "team" not in attrs:
            attrs["team"] = self._teams().first()
        if attrs["team"] is None:
            raise ForbiddenError("Your role does not allow you to open a case in any team.")
        return attrs

    def _teams(self) -> QuerySet[Team]:
        request = self.context.get("request")
        return teams_for_new_cases(user_of(request)) if request else Team.objects.none()


class PhotoSerializer(serializers.ModelSerializer[Photo]):
    display_url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()
    original_url = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = (
            "id",
            "case",
            "number",
            "state",
            "refusal",
            "file_name",
            "format",
            "size_bytes",
            "sha256",
            "width",
            "height",
            "taken_at",
            "latitude",
            "longitude",
            "created_at",
            "display_url",
            "thumbnail_url",
            "original_url",
        )
        read_only_fields = fields

    def get_display_url(self, photo: Photo) -> str | None:
        return _url(photo, "display") if photo.display else None

    def get_thumbnail_url(self, photo: Photo) -> str | None:
        return _url(photo, "thumbnail") if photo.thumbnail else None

    def get_original_url(self, photo: Photo) -> str | None:
        return None if photo.state == PhotoState.WITHDRAWN else _url(photo, "original")


def _url(photo: Photo, picture: str) -> str:
    return reverse(f"intake:photo-{picture}", args=[photo.pk])


class ReceiptSerializer(serializers.Serializer[Receipt]):
    """What became of one file; `photo` is the new one, or the one with the same bytes."""

    file_name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    photo = PhotoSerializer(allow_null=True)
    code = serializers.SerializerMethodField()
    message = serializers.CharField()

    def get_code(self, receipt: Receipt) -> str:
        return receipt.error.code if receipt.error else ""


class ReceiptsSerializer(serializers.Serializer[dict[str, list[Receipt]]]):
    receipts = ReceiptSerializer(many=True)
