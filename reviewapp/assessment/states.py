from django.db import models


class AssessmentState(models.TextChoices):
    RUNNING = "running", "running"
    COMPLETE = "complete", "complete"
    FAILED = "failed", "failed"


class PhotoResultState(models.TextChoices):
    WAITING = "waiting", "waiting"
    ASSESSING = "assessing", "being assessed"
    ASSESSED = "assessed", "assessed"
    FAILED = "failed", "failed"


# A photo result that still has work to come.
OPEN = frozenset({PhotoResultState.WAITING, PhotoResultState.ASSESSING})
