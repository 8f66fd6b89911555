"""Would a person accept this damaged part? Judged by careful labels of the same photo."""

from collections.abc import Iterator, Sequence

import numpy as np

from inference.calibration.curves import Judged
from inference.data.judging import judged_labels
from inference.data.records import LabelledPhoto
from inference.data.splits import Groups
from inference.errors import LabelError
from inference.masks import LabelMap, decode_rle
from inference.predictor import Predictor
from inference.results import PART_UNKNOWN, DamagedPart, PhotoResult
from inference.taxonomy import BACKGROUND, IGNORE, Merge
from inference.taxonomy.mapping import SetMapping


def judge_photos(
    predictor: Predictor, photos: Sequence[LabelledPhoto], mapping: SetMapping, groups: Groups
) -> list[Judged]:
    """Every damaged part of photos that are labelled in both layers, right or not.

    Damaged parts of unknown part are flagged in any case and those that lie mostly on ignored
    pixels cannot be judged: both are left out.
    """
    both = [photo for photo in photos if photo.layers >= {"parts", "damage"}]
    if not both:
        raise LabelError("No photo is labelled in parts and damage.")
    results = predictor.predict_photos([(photo.key, photo.path) for photo in both])
    judged: list[Judged] = []
    for photo, result in zip(both, results, strict=True):
        if not isinstance(result, PhotoResult):
            raise LabelError(result.message)
        judged += _judge_photo(predictor, photo, result, mapping, groups.leader(photo.key))
    return judged


def _judge_photo(
    predictor: Predictor,
    photo: LabelledPhoto,
    result: PhotoResult,
    mapping: SetMapping,
    cluster: str,
) -> Iterator[Judged]:
    rules = predictor.region_rules
    size = (result.height, result.width)
    parts = judged_labels(photo, mapping.layers["parts"], rules.parts_merge, size)
    damage = judged_labels(photo, mapping.layers["damage"], rules.damage_merge, size)
    for item in result.damaged_parts:
        if item.part == PART_UNKNOWN:
            continue
        accepted = _accepted(item, parts, damage, rules.parts_merge, rules.damage_merge)
        if accepted is not None:
            yield Judged(item.base_confidence, accepted, cluster)


def _accepted(
    item: DamagedPart, parts: LabelMap, damage: LabelMap, parts_merge: Merge, damage_merge: Merge
) -> bool | None:
    """Right where most of its pixels carry its damage and most of those labelled its part."""
    inside = decode_rle(item.mask)
    damage_share = _share(damage[inside], damage_merge.index(item.damage))
    if damage_share is None:
        return None
    label = f"{item.part} {item.side}" if item.side else item.part
    part_share = _share(parts[inside], parts_merge.index(label))
    # Where the labels leave the part open (side unknown), they do not contradict it.
    return damage_share >= 0.5 and (part_share is None or part_share >= 0.5)


def _share(labels: LabelMap, class_id: int) -> float | None:
    """Share of the labelled pixels of this class; None where most pixels are ignored."""
    counts = np.bincount(labels, minlength=256)
    known = int(counts.sum() - counts[IGNORE])
    if known < labels.size / 2 or not known:
        return None
    return float(counts[class_id] / known) if class_id != BACKGROUND else None
