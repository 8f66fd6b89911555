"""`python -m tests.faults.seed CASES PHOTOS`: submitted cases with ready photos, and one bell.

Runs in the installation under test, as a process of its own.
"""

import sys

import django

django.setup()

from reviewapp.accounts.models import Team  # noqa: E402 (after Django is set up)
from reviewapp.foundation.jobs import Job, ring  # noqa: E402
from reviewapp.intake.models import Case  # noqa: E402
from reviewapp.intake.states import CaseState  # noqa: E402
from tests.factories.intake import make_case, make_photo  # noqa: E402


def seed(cases: int, photos: int) -> None:
    team, _ = Team.objects.get_or_create(name="Faults")
    for _ in range(cases):
        number = Case.objects.count() + 1
        case = make_case(team, claim_number=f"CL-{number}")
        for index in range(1, photos + 1):
            make_photo(case, number=index, width=640, height=480)
        # Submitted last: a worker may take it at once.
        Case.objects.filter(pk=case.pk).update(state=CaseState.SUBMITTED)
    ring(Job.ASSESS_PHOTOS)


if __name__ == "__main__":
    seed(int(sys.argv[1]), int(sys.argv[2]))
