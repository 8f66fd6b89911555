import pytest

from inference.training.measured import measured_share


def test_a_share_has_wilsons_interval() -> None:
    figure = measured_share([True] * 90 + [False] * 10)

    # Wilson's interval of 90 of 100, as published tables give it.
    assert (figure.low, figure.high) == pytest.approx((0.8256, 0.9448), abs=1e-4)


def test_an_interval_stays_within_0_and_1_where_all_are_right() -> None:
    figure = measured_share([True] * 20)

    assert figure.low < figure.value == 1.0
    assert figure.high == pytest.approx(1.0)


def test_a_figure_says_from_how_many_photos_it_is() -> None:
    assert measured_share([True, False]).to_json()["photos"] == 2
