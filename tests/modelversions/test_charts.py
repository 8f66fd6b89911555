import pytest

from reviewapp.modelversions.charts import HEIGHT, WIDTH, bar_of, curve_of, reliability_of

LOGISTIC = {"kind": "logistic", "slope": 1.0, "intercept": 0.0}


def test_a_bar_spans_the_interval() -> None:
    bar = bar_of(0.5, [0.4, 0.7])

    assert bar is not None
    assert (bar.low, bar.value, bar.width) == (40.0, 50.0, 30.0)


@pytest.mark.parametrize(
    ("value", "interval"), [(0.5, None), (36.0, [30.0, 40.0]), (0.5, ["low", "high"])]
)
def test_what_is_no_share_with_an_interval_has_no_bar(value: float, interval: object) -> None:
    assert bar_of(value, interval) is None


def test_a_curve_fills_its_box() -> None:
    line = curve_of("loss", [[1, 0.9], [2, 0.5], [3, 0.1]])

    assert line is not None
    assert line.points == f"0.0,0.0 {WIDTH / 2},{HEIGHT / 2} {WIDTH}.0,{HEIGHT}.0"


def test_one_point_is_no_curve() -> None:
    assert curve_of("loss", [[1, 0.9]]) is None


def test_a_level_curve_runs_through_the_middle() -> None:
    line = curve_of("loss", [[1, 0.5], [2, 0.5]])

    assert line is not None
    assert line.points.endswith(f",{HEIGHT / 2}")


def test_a_calibration_is_said_in_words() -> None:
    line = reliability_of(LOGISTIC)

    assert line is not None
    assert "50% becomes 50%" in line.words


def test_without_calibration_nothing_is_drawn() -> None:
    assert reliability_of({"kind": "identity"}) is None
