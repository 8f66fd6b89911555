"""Which case a person should look at first. Pure: facts in, an order out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# However few flags a case has, after so long it comes before all that wait less long.
OVERDUE_AFTER = timedelta(days=3)

Rank = tuple[bool, bool, float, bool, int, float, str]


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What the order of the queue depends on, of one case."""

    case_id: UUID
    waiting_since: datetime
    flagged_lines: int
    case_flags: int
    audit_sample: bool
    in_review: bool = False

    @property
    def flags(self) -> int:
        return self.flagged_lines + self.case_flags


def is_overdue(facts: QueueFacts, now: datetime) -> bool:
    return now - facts.waiting_since >= OVERDUE_AFTER


def rank(facts: QueueFacts, now: datetime) -> Rank:
    """Smallest first: overdue ones by age; then most flags, then age; audit samples last.

    What somebody reviews already comes after everything that waits.
    """
    overdue = is_overdue(facts, now)
    since = facts.waiting_since.timestamp()
    only_audit = facts.audit_sample and not facts.flags
    return (
        facts.in_review,
        not overdue,
        since if overdue else 0,
        only_audit,
        -facts.flags,
        since,
        str(facts.case_id),
    )
