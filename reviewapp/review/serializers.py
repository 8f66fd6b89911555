"""What the review room's endpoints give, and so what the schema says of them."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from reviewapp.assessment.models import Assessment
from reviewapp.intake.models import Case
from reviewapp.review.models import Correction, Review
from reviewapp.review.page import ReviewPage
from reviewapp.review.queue import QueueRow
from reviewapp.review.selectors import MapKeys
from reviewapp.review.services import CorrectionDone
from reviewapp.review.standing_serializers import (
    DecisionSerializer,
    PhotoOnPageSerializer,
    ReasonSerializer,
    StandingLineSerializer,
    StandingPartSerializer,
    label_map_urls,
)
from reviewapp.review.states import Outcome


class PastReviewSerializer(serializers.ModelSerializer[Review]):
    adjuster = serializers.CharField(source="adjuster.display_name")

    class Meta:
        model = Review
        fields = ("id", "adjuster", "state", "outcome", "note", "created_at", "finished_at")


class ReviewCaseSerializer(serializers.ModelSerializer[Case]):
    vehicle = serializers.CharField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = (
            "id", "claim_number", "state", "vehicle", "make", "model", "year", "body_type",
            "doors_per_side", "plate", "date_of_loss", "description", "synthetic",
            "submitted_at", "url",
        )  # fmt: skip

    def get_url(self, case: Case) -> str:
        return reverse("intake:case", args=[case.pk])


class ReviewAssessmentSerializer(serializers.ModelSerializer[Assessment]):
    model_version = serializers.CharField(source="model_version.name")
    flags = ReasonSerializer(many=True)

    class Meta:
        model = Assessment
        fields = (
            "id", "number", "model_version", "parts_merge", "damage_merge", "flag_threshold",
            "flags", "audit_sample",
        )  # fmt: skip


class FreshSerializer(serializers.Serializer[ReviewPage]):
    """What any write may have changed on the page."""

    held = serializers.BooleanField()
    lease_until = serializers.DateTimeField(source="review.lease_until")
    photos = PhotoOnPageSerializer(many=True)
    lines = StandingLineSerializer(source="standing.lines", many=True)
    added = StandingPartSerializer(source="standing.added", many=True)
    decisions = DecisionSerializer(many=True)
    undecided = serializers.SerializerMethodField()
    suggested_outcome = serializers.ChoiceField(
        Outcome.choices, source="standing.suggested_outcome"
    )

    def get_undecided(self, page: ReviewPage) -> int:
        return len(page.standing.open_lines)


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField(source="display_name")


class ReviewPageSerializer(FreshSerializer):
    id = serializers.UUIDField(source="review.pk")
    state = serializers.CharField(source="review.state")
    outcome = serializers.CharField(source="review.outcome")
    note = serializers.CharField(source="review.note")
    lease_seconds = serializers.SerializerMethodField()
    adjuster = PersonSerializer(source="review.adjuster")
    case = ReviewCaseSerializer(source="review.case")
    assessment = ReviewAssessmentSerializer(source="review.assessment")
    reviews = PastReviewSerializer(many=True)
    urls = serializers.SerializerMethodField()

    def get_lease_seconds(self, _page: ReviewPage) -> int:
        return lease_seconds()

    def get_urls(self, page: ReviewPage) -> dict[str, str]:
        review = page.review
        of_review = ("renew", "release", "decisions", "finish")
        return {
            **{name: reverse(f"review-{name}", args=[review.pk]) for name in of_review},
            "queue": reverse("review:queue"),
            "next": reverse("queue-next"),
            "report": reverse("review:report", args=[review.case_id]),
            "taxonomy": reverse("taxonomy"),
        }


def lease_seconds() -> int:
    return int(settings.REVIEW_LEASE_MINUTES) * 60


class LeaseSerializer(serializers.Serializer[Review]):
    lease_until = serializers.DateTimeField()
    lease_seconds = serializers.SerializerMethodField()

    def get_lease_seconds(self, _review: Review) -> int:
        return lease_seconds()


class DecisionMadeSerializer(FreshSerializer):
    decision = DecisionSerializer()


class RevisionSerializer(serializers.ModelSerializer[Correction]):
    created_by = serializers.CharField(source="created_by.display_name")
    parts_map_url = serializers.SerializerMethodField()
    damage_map_url = serializers.SerializerMethodField()

    class Meta:
        model = Correction
        fields = (
            "id", "photo", "revision", "base_revision", "created_by", "created_at",
            "parts_map_url", "damage_map_url",
        )  # fmt: skip

    def get_parts_map_url(self, correction: Correction) -> str:
        return self._urls(correction)["parts_map_url"]

    def get_damage_map_url(self, correction: Correction) -> str:
        return self._urls(correction)["damage_map_url"]

    def _urls(self, correction: Correction) -> dict[str, str]:
        keys = MapKeys(correction.parts_map, correction.damage_map, correction.revision)
        return label_map_urls(correction.photo, keys)


class CorrectionDoneSerializer(serializers.Serializer[CorrectionDone]):
    """The new revision, and how many damaged regions it left alone, changed and so on."""

    unchanged = serializers.IntegerField()
    changed = serializers.IntegerField()
    vanished = serializers.IntegerField()
    added = serializers.IntegerField()

    def to_representation(self, instance: CorrectionDone) -> dict[str, Any]:
        revision = RevisionSerializer(instance.correction, context=self.context).data
        return {**revision, **super().to_representation(instance)}


class CorrectionSavedSerializer(FreshSerializer):
    correction = CorrectionDoneSerializer()


class LabelMapsSerializer(serializers.Serializer[Any]):
    photo = serializers.UUIDField()
    revision = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    parts_map_url = serializers.CharField()
    damage_map_url = serializers.CharField()
    revisions = RevisionSerializer(many=True)


class FinishedSerializer(serializers.Serializer[Review]):
    outcome = serializers.CharField()
    case_state = serializers.CharField(source="case.state")
    report_url = serializers.SerializerMethodField()
    queue_url = serializers.SerializerMethodField()
    next_url = serializers.SerializerMethodField()

    def get_report_url(self, review: Review) -> str:
        return reverse("review:report", args=[review.case_id])

    def get_queue_url(self, _review: Review) -> str:
        return reverse("review:queue")

    def get_next_url(self, _review: Review) -> str:
        return reverse("queue-next")


class TakenSerializer(serializers.Serializer[Any]):
    review = serializers.UUIDField(allow_null=True)
    url = serializers.CharField(allow_null=True)


class QueueRowSerializer(serializers.Serializer[QueueRow]):
    case = serializers.UUIDField(source="case.pk")
    claim_number = serializers.CharField(source="case.claim_number")
    state = serializers.CharField(source="case.state")
    vehicle = serializers.CharField(source="case.vehicle")
    since = serializers.DateTimeField()
    overdue = serializers.BooleanField()
    audit_sample = serializers.BooleanField()
    photos = serializers.IntegerField()
    flags = serializers.IntegerField()
    lines = serializers.SerializerMethodField()
    case_flags = serializers.ListField(child=serializers.CharField())
    review = serializers.UUIDField(source="review.pk", default=None, allow_null=True)
    adjuster = serializers.CharField(
        source="review.adjuster.display_name", default=None, allow_null=True
    )

    def get_lines(self, row: QueueRow) -> int:
        return len(row.lines)


class QueueSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    pages = serializers.IntegerField()
    page = serializers.IntegerField()
    results = QueueRowSerializer(many=True)
