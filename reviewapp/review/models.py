from django.conf import settings
from django.db import models
from django.db.models import Q

from reviewapp.assessment.models import Assessment, DamagedPart, ReportLine
from reviewapp.foundation.models import Entity
from reviewapp.intake.models import Case, Photo
from reviewapp.review.states import Outcome, RejectReason, ReviewState, Verdict


class Review(Entity):
    """One adjuster's pass over a case, under a lease, ending in an outcome."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reviews")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reviews")
    adjuster = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews"
    )
    state = models.CharField(max_length=16, choices=ReviewState, default=ReviewState.IN_PROGRESS)
    lease_until = models.DateTimeField()
    outcome = models.CharField(max_length=32, choices=Outcome, blank=True)
    note = models.TextField(blank=True, max_length=4000)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("state", "lease_until")),)
        constraints = (
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(state=ReviewState.IN_PROGRESS),
                name="one_review_in_progress_a_case",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReviewState.values), name="review_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"Review of {self.case_id}"


class Correction(Entity):
    """A new revision of a photo's label maps by a person, on a named base revision.

    Revision 0 is what the models said; the first correction is revision 1 on base 0. The
    unique (photo, revision) makes the second of two savers on the same base fail.
    """

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="corrections")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="corrections")
    revision = models.PositiveIntegerField()
    base_revision = models.PositiveIntegerField()
    parts_map = models.CharField(max_length=160)
    damage_map = models.CharField(max_length=160)
    # The damaged parts that the corrected maps hold, as the library reads them.
    regions = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("photo", "revision")
        constraints = (
            models.UniqueConstraint(fields=("photo", "revision"), name="revision_once_a_photo"),
        )

    def __str__(self) -> str:
        return f"Revision {self.revision} of photo {self.photo_id}"


class Decision(Entity):
    """What an adjuster said of a report line, of one damaged part, or a missed damage added.

    The newest one of a subject that is not undone stands.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="decisions")
    line = models.ForeignKey(
        ReportLine, null=True, blank=True, on_delete=models.CASCADE, related_name="decisions"
    )
    damaged_part = models.ForeignKey(
        DamagedPart, null=True, blank=True, on_delete=models.CASCADE, related_name="decisions"
    )
    photo = models.ForeignKey(
        Photo, null=True, blank=True, on_delete=models.CASCADE, related_name="decisions"
    )
    correction = models.ForeignKey(
        Correction, null=True, blank=True, on_delete=models.CASCADE, related_name="decisions"
    )
    verdict = models.CharField(max_length=16, choices=Verdict)
    reason = models.CharField(max_length=16, choices=RejectReason, blank=True)
    reason_text = models.CharField(max_length=500, blank=True)
    # What it is instead (corrected), or what was missed; in the words of the assessment's merge.
    part = models.CharField(max_length=64, blank=True)
    side = models.CharField(max_length=8, blank=True)
    damage = models.CharField(max_length=32, blank=True)
    damage_type = models.CharField(max_length=32, blank=True)
    # Where a missed damage is on the display photo; both may be unknown: x, y, width, height in
    # pixels, and compressed COCO RLE.
    bbox = models.JSONField(null=True, blank=True)
    mask = models.JSONField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="decision_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.MISSED, photo__isnull=False)
                | (
                    ~Q(verdict=Verdict.MISSED)
                    & (
                        Q(line__isnull=False, damaged_part__isnull=True)
                        | Q(line__isnull=True, damaged_part__isnull=False)
                    )
                ),
                name="decision_has_one_subject",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.REJECT) | ~Q(reason=""),
                name="rejection_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.verdict} {self.line_id or self.damaged_part_id or self.photo_id}"
