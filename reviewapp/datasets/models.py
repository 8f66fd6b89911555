from django.conf import settings
from django.db import models
from django.db.models import Q

from reviewapp.datasets.states import UNDER_WAY, ExportState
from reviewapp.foundation.models import Claimable, Entity


class Export(Claimable, Entity):
    """The labels of all cases reviewed until `reviewed_until`, written to a zip by a worker."""

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=16, choices=ExportState, default=ExportState.WAITING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_until = models.DateTimeField()
    photos_total = models.PositiveIntegerField(default=0)
    photos_written = models.PositiveIntegerField(default=0)
    # Photos without final label maps: no model could assess them and nobody painted them.
    photos_left_out = models.PositiveIntegerField(default=0)
    # What the manifest counts, by split and class; empty until the export is done.
    counts = models.JSONField(default=dict)
    file = models.CharField(max_length=160, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values), name="export_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.DONE) | ~Q(file=""), name="done_export_has_a_file"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.FAILED) | ~Q(failure_reason=""),
                name="failed_export_has_a_reason",
            ),
        )

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def photos_handled(self) -> int:
        return self.photos_written + self.photos_left_out

    def __str__(self) -> str:
        return f"Export {self.number}"
