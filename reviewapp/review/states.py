from django.db import models


class ReviewState(models.TextChoices):
    IN_PROGRESS = "in progress", "in progress"
    FINISHED = "finished", "finished"
    RELEASED = "released", "released"


class Outcome(models.TextChoices):
    APPROVED = "approved", "approved"
    APPROVED_WITH_CORRECTIONS = "approved with corrections", "approved with corrections"
    MORE_PHOTOS = "more photos needed", "more photos needed"
    INSPECTION = "in-person inspection needed", "in-person inspection needed"
    NOT_ASSESSABLE = "not assessable", "not assessable"


class Verdict(models.TextChoices):
    ACCEPT = "accept", "accepted"
    CORRECT = "correct", "corrected"
    REJECT = "reject", "rejected"
    MISSED = "missed", "missed damage added"


class RejectReason(models.TextChoices):
    REFLECTION = "reflection", "reflection"
    DIRT = "dirt or water", "dirt or water"
    SHADOW = "shadow", "shadow"
    OLD_DAMAGE = "old damage", "old damage"
    DESIGN = "design feature", "design feature"
    WRONG_PART = "wrong part", "wrong part"
    DUPLICATE = "duplicate", "duplicate"
    OTHER = "other", "other"


class Standing(models.TextChoices):
    """How a damaged part, or a line of them, stands after all decisions."""

    UNDECIDED = "undecided", "undecided"
    PARTLY = "partly decided", "partly decided"
    ACCEPTED = "accepted", "accepted"
    CORRECTED = "corrected", "corrected"
    REJECTED = "rejected", "rejected"
    MISSED = "missed", "missed damage added"


# Outcomes that make the case ground truth; all flagged lines must be decided for them.
APPROVALS = frozenset({Outcome.APPROVED, Outcome.APPROVED_WITH_CORRECTIONS})


class QueueShow(models.TextChoices):
    """Which cases the queue page lists."""

    TO_REVIEW = "to review", "To review"
    MINE = "mine", "Mine"
    AUDIT = "audit sample", "Audit sample"
    WAITING = "waiting", "Waiting for others"
    REVIEWED = "reviewed", "Reviewed"
    AUTO_ACCEPTED = "auto-accepted", "Auto-accepted"
