from django.db import models
from django.db.models import Q

from reviewapp.assessment.states import AssessmentState, PhotoResultState
from reviewapp.foundation.models import Claimable, Entity
from reviewapp.intake.models import Case, Photo
from reviewapp.modelversions.models import ModelVersion


class Assessment(Entity):
    """One run of the models over all photos of a case. Never altered once complete."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assessments")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=16, choices=AssessmentState, default=AssessmentState.RUNNING
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="assessments"
    )
    # What it takes to make this assessment again.
    body_type = models.CharField(max_length=16, blank=True)
    doors_per_side = models.PositiveSmallIntegerField(null=True, blank=True)
    parts_merge = models.CharField(max_length=16)
    damage_merge = models.CharField(max_length=16)
    agreement = models.CharField(max_length=16)
    flag_threshold = models.FloatField()
    device = models.CharField(max_length=120, blank=True)
    code_version = models.CharField(max_length=64, blank=True)
    # Why a person must look at the case: [{code, text}].
    flags = models.JSONField(default=list)
    audit_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ("case", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "number"), name="assessment_number_once_a_case"
            ),
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(state=AssessmentState.RUNNING),
                name="one_running_assessment_a_case",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AssessmentState.values), name="assessment_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"Assessment {self.number} of {self.case_id}"


class PhotoResult(Claimable, Entity):
    """What the models say about one photo; waits, is claimed, and is filled in once."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="photo_results"
    )
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="results")
    state = models.CharField(
        max_length=16, choices=PhotoResultState, default=PhotoResultState.WAITING
    )
    assessed_at = models.DateTimeField(null=True, blank=True)
    vehicle = models.BooleanField(null=True)
    vehicle_probability = models.FloatField(null=True)
    damaged = models.BooleanField(null=True)
    damaged_probability = models.FloatField(null=True)
    view = models.CharField(max_length=16, blank=True)
    damage_area_percent = models.FloatField(null=True)
    dropped_specks = models.PositiveIntegerField(default=0)
    # Visible parts: [{part, side, box, area_px, confidence}].
    parts = models.JSONField(default=list)
    # Keys of the label maps (8-bit greyscale PNG of finest class ids at display size).
    parts_map = models.CharField(max_length=160, blank=True)
    damage_map = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ("assessment", "photo__number")
        indexes = (models.Index(fields=("state", "created_at")),)
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "photo"), name="photo_once_an_assessment"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PhotoResultState.values), name="photo_result_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"Result of photo {self.photo_id}"


class ReportLine(Entity):
    """What the case says about one (part, side, damage): its damaged parts of all photos."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    part = models.CharField(max_length=64)
    side = models.CharField(max_length=8, blank=True)
    damage = models.CharField(max_length=32)
    probability = models.FloatField()
    flagged = models.BooleanField()
    reasons = models.JSONField(default=list)
    best_photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ("assessment", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "number"), name="line_number_once_an_assessment"
            ),
            models.UniqueConstraint(
                fields=("assessment", "part", "side", "damage"), name="line_once_an_assessment"
            ),
        )

    def __str__(self) -> str:
        return f"{self.part} {self.side} {self.damage}"


class DamagedPart(Entity):
    """One connected region of one photo where (part, side, damage) is constant."""

    photo_result = models.ForeignKey(
        PhotoResult, on_delete=models.CASCADE, related_name="damaged_parts"
    )
    line = models.ForeignKey(
        ReportLine, null=True, on_delete=models.CASCADE, related_name="damaged_parts"
    )
    number = models.PositiveIntegerField()
    part = models.CharField(max_length=64)
    side = models.CharField(max_length=8, blank=True)
    damage = models.CharField(max_length=32)
    damage_type = models.CharField(max_length=32)
    # x, y, width, height in pixels of the display photo.
    bbox = models.JSONField()
    area_px = models.PositiveIntegerField()
    share_of_part = models.FloatField(null=True)
    share_of_photo = models.FloatField()
    size_class = models.CharField(max_length=16)
    severity = models.CharField(max_length=16)
    base_confidence = models.FloatField()
    agreement = models.FloatField()
    refined_confidence = models.FloatField()
    probability = models.FloatField()
    flagged = models.BooleanField()
    reasons = models.JSONField(default=list)
    # Compressed COCO RLE: {size: [H, W], counts}.
    mask = models.JSONField()

    class Meta:
        ordering = ("photo_result", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("photo_result", "number"), name="damaged_part_number_once_a_photo"
            ),
        )

    def __str__(self) -> str:
        return f"{self.part} {self.side} {self.damage}"
