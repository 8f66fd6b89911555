import pytest
from django.core.exceptions import ImproperlyConfigured

from reviewapp.settings.env import env_bool, env_choice, env_float, env_int, env_list, env_str

NAME = "REVIEW_TEST_VALUE"


def test_a_value_without_default_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env_str(NAME)


def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")
    with pytest.raises(ImproperlyConfigured, match="no default"):
        env_str(NAME)


def test_an_unset_value_takes_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    assert env_int(NAME, 7) == 7


@pytest.mark.parametrize("raw", ["many", "1.5", "-1"])
def test_a_number_that_is_none_or_too_small_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, raw: str
) -> None:
    monkeypatch.setenv(NAME, raw)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env_int(NAME, 7, minimum=0)


@pytest.mark.parametrize("raw", ["half", "1.5", "nan"])
def test_a_share_outside_its_range_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, raw: str
) -> None:
    monkeypatch.setenv(NAME, raw)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env_float(NAME, 0.5, minimum=0, maximum=1)


@pytest.mark.parametrize(("raw", "value"), [("TRUE", True), ("on", True), ("No", False)])
def test_yes_and_no_are_read_in_any_case(
    monkeypatch: pytest.MonkeyPatch, raw: str, value: object
) -> None:
    monkeypatch.setenv(NAME, raw)
    assert env_bool(NAME, default=not value) is value


def test_a_doubtful_yes_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "maybe")
    with pytest.raises(ImproperlyConfigured, match="allowed"):
        env_bool(NAME, default=False)


def test_a_choice_outside_the_list_names_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "tape")
    with pytest.raises(ImproperlyConfigured, match="disk, s3"):
        env_choice(NAME, "disk", ("disk", "s3"))


def test_a_list_drops_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "a.example, ,b.example,")
    assert env_list(NAME) == ["a.example", "b.example"]
