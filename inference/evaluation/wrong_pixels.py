"""Of what kind are the wrong pixels of the parts? (Ma et al. 2023, *confused parts*)

The paper: 32.8 % of the wrong pixels are taken for an adjacent part, and 65.9 % of those that
are a part and are taken for one, for a similar part.
"""

from typing import Any

import numpy as np

from inference.evaluation.counts import Counts
from inference.taxonomy import BACKGROUND, Merge
from inference.taxonomy.part_relations import adjacent_parts, similar_parts


def wrong_pixels(counts: Counts, merge: Merge) -> dict[str, Any]:
    """Pixels and shares by kind of mistake; a share of nothing is null.

    `adjacent`, `similar` and `with_background` are shares of all wrong pixels, the `…_of_parts`
    shares of those whose label and prediction both are a part. A mistake may be both.
    """
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    between_parts = wrong.copy()
    between_parts[BACKGROUND, :] = 0
    between_parts[:, BACKGROUND] = 0
    of_all, of_parts = int(wrong.sum()), int(between_parts.sum())
    adjacent = int(wrong[adjacent_parts(merge)].sum())
    similar = int(wrong[similar_parts(merge)].sum())
    return {
        "pixels": of_all,
        "share_of_pixels": _share(of_all, int(counts.sum())),
        "with_background": _share(of_all - of_parts, of_all),
        "adjacent": _share(adjacent, of_all),
        "similar": _share(similar, of_all),
        "adjacent_of_parts": _share(adjacent, of_parts),
        "similar_of_parts": _share(similar, of_parts),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
