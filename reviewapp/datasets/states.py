from django.db import models


class ExportState(models.TextChoices):
    WAITING = "waiting", "waiting"
    WRITING = "writing", "being written"
    DONE = "done", "done"
    FAILED = "failed", "failed"


UNDER_WAY = frozenset({ExportState.WAITING, ExportState.WRITING})
