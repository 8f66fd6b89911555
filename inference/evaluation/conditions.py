"""Figures against what a photo shows: how near it was taken, and how common a class is."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.evaluation.counts import Counts, PhotoCounts, total
from inference.evaluation.metrics import iou_by_class, mean_iou
from inference.postprocessing import RegionRules
from inference.predictor import HeadOutput
from inference.taxonomy import BACKGROUND

# Number of parts that the model sees; from 4 and 8 on the view is *medium* and *full*
# (`sizes.toml`).
GROUP_STARTS = (0, 1, 4, 8, 12)
_NO_END = 256
_GROUP_ENDS = (*(start - 1 for start in GROUP_STARTS[1:]), _NO_END)


def parts_seen(output: HeadOutput, rules: RegionRules) -> int:
    """How many parts an assessment would see in the photo (PIPELINE 5), specks left out."""
    height, width = output.values.shape[1:]
    merged = output.decode(rules.parts_merge, (height, width)).merged
    areas = np.bincount(merged.ravel(), minlength=256)
    areas[BACKGROUND] = 0
    return int((areas >= max(1.0, rules.minimum_area_share * merged.size)).sum())


def by_number_of_parts(
    photos: Sequence[PhotoCounts], names: Sequence[str], classes: Sequence[int]
) -> list[dict[str, Any]]:
    """mIoU and IoU of the photos in each group of `GROUP_STARTS`, near ones first.

    Photos whose number of parts is not known are left out; empty groups too.
    """
    groups = []
    for least, most in zip(GROUP_STARTS, _GROUP_ENDS, strict=True):
        members = [
            photo
            for photo in photos
            if photo.parts_seen is not None and least <= photo.parts_seen <= most
        ]
        if not members:
            continue
        iou = iou_by_class(total(members, len(names)), classes)
        groups.append(
            {
                "parts": {"least": least, "most": None if most == _NO_END else most},
                "photos": len(members),
                "miou": _rounded(mean_iou(iou)),
                "miou_without_background": _rounded(mean_iou(iou, background=False)),
                "iou": {names[index]: _rounded(value) for index, value in iou.items()},
            }
        )
    return groups


def prevalence(
    counts: Counts, iou: dict[int, float | None], names: Sequence[str]
) -> dict[str, Any]:
    """Share of the labelled pixels by class, and its rank correlation (Spearman) with the IoU.

    The correlation is over the labelled classes without background, as background would decide
    it alone where there are few.
    """
    labelled = counts.sum(axis=1)
    shares = labelled / max(1, int(labelled.sum()))
    known = [index for index, value in iou.items() if value is not None and index != BACKGROUND]
    correlation = rank_correlation(
        [float(shares[index]) for index in known], [iou[index] or 0.0 for index in known]
    )
    return {
        "share_of_pixels": {names[index]: round(float(shares[index]), 6) for index in iou},
        "rank_correlation_with_iou": _rounded(correlation),
    }


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Spearman's: the correlation of ranks, equal values sharing their mean rank.

    None for fewer than three values, or where all of one are equal.
    """
    if len(one) < 3:
        return None
    ranks = [_ranks(np.asarray(values, float)) for values in (one, other)]
    if any(np.ptp(rank) == 0 for rank in ranks):
        return None
    return float(np.corrcoef(ranks[0], ranks[1]).item(0, 1))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    below = (values[None] < values[:, None]).sum(axis=1)
    equal = (values[None] == values[:, None]).sum(axis=1)
    return np.asarray(below + (equal + 1) / 2, np.float64)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
