"""The taxonomy as the review page and other programs read it."""

from functools import cache
from typing import Any

from inference.postprocessing import complete_merge, part_name
from inference.taxonomy import DAMAGE, IGNORE, PARTS, Layer, Merge
from inference.taxonomy.taxonomy import VERSION
from reviewapp.review.states import APPROVALS, Outcome, RejectReason


@cache
def taxonomy() -> dict[str, Any]:
    """Words and colours of every class; `members` of a merge are finest class ids."""
    return {
        "version": VERSION,
        "ignore": IGNORE,
        "layers": {layer.name: _layer(layer) for layer in (PARTS, DAMAGE)},
        "reject_reasons": [
            {"value": reason.value, "label": reason.label, "needs_text": reason == "other"}
            for reason in RejectReason
        ],
        "outcomes": [
            {
                "value": outcome.value,
                "label": outcome.label,
                "needs_all_decided": outcome in APPROVALS,
            }
            for outcome in Outcome
        ],
    }


def _layer(layer: Layer) -> dict[str, Any]:
    classes = [
        {
            "id": item.id,
            "label": item.label,
            "name": item.name,
            "side": item.side or "",
            "colour": item.colour,
            "minor": item.minor,
        }
        for item in layer.classes
    ]
    merges = {name: _merge(complete_merge(layer, name)) for name in layer.merges}
    return {"background": layer.background, "classes": classes, "merges": merges}


def _merge(merge: Merge) -> list[dict[str, Any]]:
    named = [part_name(merge, index + 1) for index in range(len(merge.classes))]
    return [
        {"label": label, "name": name, "side": side or "", "members": list(members)}
        for label, (name, side), members in zip(merge.classes, named, merge.members, strict=True)
    ]
