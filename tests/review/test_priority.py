from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from reviewapp.review.priority import QueueFacts, rank

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def facts(
    *, hours: float = 1, flags: int = 1, case_flags: int = 0, audit: bool = False, **more: bool
) -> QueueFacts:
    since = NOW - timedelta(hours=hours)
    return QueueFacts(uuid4(), since, flags, case_flags, audit, **more)


def first(*cases: QueueFacts) -> QueueFacts:
    return min(cases, key=lambda item: rank(item, NOW))


def test_more_flags_come_first() -> None:
    many, few = facts(flags=3), facts(flags=1, hours=5)
    assert first(few, many) is many


def test_a_flag_on_the_case_counts_like_one_on_a_line() -> None:
    case_flag, line = facts(flags=1, case_flags=1), facts(flags=1, hours=5)
    assert first(line, case_flag) is case_flag


def test_of_equal_flags_the_older_comes_first() -> None:
    old, new = facts(hours=6), facts(hours=2)
    assert first(new, old) is old


def test_the_audit_sample_comes_after_what_a_manager_sent() -> None:
    audit, sent = facts(flags=0, hours=9, audit=True), facts(flags=0, hours=1)
    assert first(audit, sent) is sent


def test_nothing_waits_for_ever_behind_flags() -> None:
    overdue, many = facts(flags=0, hours=24 * 3, audit=True), facts(flags=9)
    assert first(many, overdue) is overdue


def test_what_somebody_reviews_comes_after_what_waits() -> None:
    held, waiting = facts(flags=9, hours=99, in_review=True), facts(flags=0)
    assert first(held, waiting) is waiting


def test_equals_keep_one_order() -> None:
    one = QueueFacts(UUID(int=1), NOW, 1, 0, audit_sample=False)
    two = QueueFacts(UUID(int=2), NOW, 1, 0, audit_sample=False)
    assert first(two, one) is one
