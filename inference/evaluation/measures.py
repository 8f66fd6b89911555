"""What can be counted of a photo beside its confusion, in the same pass over the predictions.

A measure counts every photo into a table of fixed shape. Tables add up, so the figures of any
choice of photos (all, a kind of hard photo) are made from a sum, and memory stays flat.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inference.masks import LabelMap

Table = NDArray[np.float64]


@dataclass(frozen=True)
class JudgedPhoto:
    """Labels and prediction of one photo at the labels' size, in merged classes.

    `truth` (H, W) is 255 where pixels are left out; `confidence` (H, W) float32 is the
    probability of the predicted class, 0 where the decoder gives none.
    """

    file: str
    truth: LabelMap
    predicted: LabelMap
    confidence: NDArray[np.float32]


@dataclass(frozen=True)
class ClassNames:
    """The names of all merged classes, background first, and which of them are judged."""

    all: tuple[str, ...]
    judged: tuple[int, ...]


class Measure(Protocol):
    """Counts photos into tables and makes figures of their sum."""

    @property
    def key(self) -> str:
        """The name of its figures in the JSON of `evaluate`."""
        ...

    def count(self, photo: JudgedPhoto, names: ClassNames) -> Table:
        """The photo's table, of the same shape for every photo."""
        ...

    def figures(self, table: Table, names: ClassNames) -> dict[str, Any]:
        """What `evaluate` prints for a sum of tables."""
        ...
