import pytest

from reviewapp.modelversions.cards import Card, card_of
from reviewapp.modelversions.comparison import COLUMNS, comparison_of
from reviewapp.modelversions.models import ModelVersion
from tests.factories.modelversions import card


def shown(name: str, **figures: float) -> tuple[str, Card]:
    data = card(name)
    data["modules"]["presence"]["figures"] = figures
    return name, card_of(ModelVersion(name=name, card=data))


def test_a_figure_of_each_version_stands_in_one_row() -> None:
    comparison = comparison_of([shown("1", accuracy=0.9), shown("2", accuracy=0.95)])

    assert comparison is not None
    (row,) = comparison.rows
    assert [cell.value for cell in row.cells if cell] == ["0.9", "0.95"]


def test_a_figure_that_a_version_lacks_leaves_its_cell_empty() -> None:
    comparison = comparison_of([shown("1"), shown("2", accuracy=0.95)])

    assert comparison is not None
    assert comparison.rows[0].cells[0] is None


@pytest.mark.parametrize("name", ["epoch", "loss", "score"])
def test_what_early_cards_list_beside_their_figures_is_left_out(name: str) -> None:
    comparison = comparison_of([shown("1", **{name: 0.8}), shown("2", **{name: 0.9})])

    assert comparison is not None
    assert comparison.rows == ()


def test_one_version_is_compared_with_nothing() -> None:
    assert comparison_of([shown("1", accuracy=0.9)]) is None


def test_only_so_many_versions_as_fit_are_compared() -> None:
    comparison = comparison_of([shown(str(number)) for number in range(COLUMNS + 2)])

    assert comparison is not None
    assert len(comparison.names) == COLUMNS
