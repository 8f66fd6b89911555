"""States of a case and of a photo, and the moves between them (DOMAIN)."""

from django.db import models


class CaseState(models.TextChoices):
    DRAFT = "draft", "draft"
    SUBMITTED = "submitted", "submitted"
    ASSESSING = "assessing", "being assessed"
    AUTO_ACCEPTED = "auto-accepted", "auto-accepted"
    NEEDS_REVIEW = "needs review", "needs review"
    IN_REVIEW = "in review", "in review"
    REVIEWED = "reviewed", "reviewed"
    WAITING_FOR_PHOTOS = "waiting for photos", "waiting for photos"
    WAITING_FOR_INSPECTION = "waiting for inspection", "waiting for inspection"
    ASSESSMENT_FAILED = "assessment failed", "assessment failed"
    CLOSED = "closed", "closed"
    WITHDRAWN = "withdrawn", "withdrawn"


_S = CaseState
CASE_MOVES: dict[CaseState, frozenset[CaseState]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    # Straight to failed where the worker could read none of its photos.
    _S.SUBMITTED: frozenset({_S.ASSESSING, _S.ASSESSMENT_FAILED}),
    _S.ASSESSING: frozenset({_S.AUTO_ACCEPTED, _S.NEEDS_REVIEW, _S.ASSESSMENT_FAILED}),
    _S.AUTO_ACCEPTED: frozenset({_S.NEEDS_REVIEW, _S.CLOSED}),
    _S.NEEDS_REVIEW: frozenset({_S.IN_REVIEW}),
    _S.IN_REVIEW: frozenset(
        {_S.REVIEWED, _S.NEEDS_REVIEW, _S.WAITING_FOR_PHOTOS, _S.WAITING_FOR_INSPECTION}
    ),
    _S.REVIEWED: frozenset({_S.CLOSED, _S.IN_REVIEW}),
    # Back to review where nothing came within the days of REVIEW_WAIT_DAYS.
    _S.WAITING_FOR_PHOTOS: frozenset({_S.SUBMITTED, _S.NEEDS_REVIEW}),
    _S.WAITING_FOR_INSPECTION: frozenset({_S.IN_REVIEW, _S.NEEDS_REVIEW}),
    _S.ASSESSMENT_FAILED: frozenset({_S.SUBMITTED}),
    _S.CLOSED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}

# The audit trail's word for a move.
CASE_MOVED = "case moved"

# States in which the appraiser may still add and withdraw photos.
OPEN_FOR_PHOTOS = frozenset({_S.DRAFT, _S.WAITING_FOR_PHOTOS, _S.ASSESSMENT_FAILED})


class PhotoState(models.TextChoices):
    """A photo counts once a worker has decoded it fully."""

    RECEIVED = "received", "received"
    CHECKING = "checking", "being checked"
    READY = "ready", "ready"
    REFUSED = "refused", "refused"
    WITHDRAWN = "withdrawn", "withdrawn"


# A worker has not yet said whether these count.
STILL_TO_CHECK = frozenset({PhotoState.RECEIVED, PhotoState.CHECKING})
# These take no part in the case.
NOT_COUNTED = frozenset({PhotoState.REFUSED, PhotoState.WITHDRAWN})


class BodyType(models.TextChoices):
    SEDAN = "sedan", "sedan"
    HATCHBACK = "hatchback", "hatchback"
    SUV = "SUV", "SUV"
    VAN = "van", "van"
    PICKUP = "pickup", "pickup"
    COUPE = "coupé", "coupé"
    TRUCK = "truck", "truck"


class DoorsPerSide(models.IntegerChoices):
    ONE = 1, "one"
    TWO = 2, "two"
