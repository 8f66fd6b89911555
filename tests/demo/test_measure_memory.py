from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reviewapp.intake.models import Case
from tests.factories.intake import make_case
from tests.people import People


def test_an_installation_with_cases_is_left_alone(people: People, tmp_path: Path) -> None:
    make_case(people.team)
    with pytest.raises(CommandError, match="REVIEW_VAR_DIR"):
        call_command("measure_memory", photos=tmp_path)
    assert Case.objects.count() == 1
