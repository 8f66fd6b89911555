"""Model versions side by side: the same figures of each, for whoever decides which one to use."""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewapp.modelversions.cards import Card, Figure

# What early cards list among their figures, and what measures nothing.
_NO_FIGURES = frozenset({"epoch", "loss", "score"})
# More columns than these do not fit a screen; the page lists every version below.
COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one module, a cell for each version; None where its card lacks it."""

    name: str
    cells: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    names: tuple[str, ...]
    rows: tuple[Row, ...]


def comparison_of(versions: Sequence[tuple[str, Card]]) -> Comparison | None:
    """The first versions by name; None where there are fewer than two."""
    shown = versions[:COLUMNS]
    if len(shown) < 2:
        return None
    tables = [_by_name(card) for _, card in shown]
    names = dict.fromkeys(name for table in tables for name in table)
    rows = (Row(name, tuple(table.get(name) for table in tables)) for name in names)
    return Comparison(tuple(name for name, _ in shown), tuple(rows))


def _by_name(card: Card) -> dict[str, Figure]:
    """Figures by module and name."""
    return {
        f"{module.name}: {figure.name}": figure
        for module in card.modules
        for figure in module.figures
        if figure.name not in _NO_FIGURES
    }
