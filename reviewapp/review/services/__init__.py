"""Writes of the review room: leases, decisions, corrections, outcomes."""

from reviewapp.review.services.corrections import CorrectionDone, correction_save
from reviewapp.review.services.decisions import DecisionDraft, decision_make, decision_undo
from reviewapp.review.services.leases import (
    case_reopen,
    case_send_to_review,
    cases_stop_waiting,
    review_open,
    review_release,
    review_renew,
    review_take,
    review_take_next,
    reviews_expire,
)
from reviewapp.review.services.outcomes import review_finish

__all__ = [
    "CorrectionDone",
    "DecisionDraft",
    "case_reopen",
    "case_send_to_review",
    "cases_stop_waiting",
    "correction_save",
    "decision_make",
    "decision_undo",
    "review_finish",
    "review_open",
    "review_release",
    "review_renew",
    "review_take",
    "review_take_next",
    "reviews_expire",
]
