"""The model card for people: what a model version is, from what, how good, and what it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LIMITS = """\
## What it must not be used for, and what limits it

- **Licence**: {licence}. The photos come from public research sets with mixed or unclear rights
  (see below); the encoder started from ImageNet-trained MobileNetV2, whose pictures are for
  research.
- **The labels of `every-part-and-damage` were drawn by an AI annotator; no loss adjuster has
  checked them.** Two independent passes of that annotator agree to 0.73 (categorical) and 0.83
  (binary) mIoU on damage.
- `damage-claims` has coarse outlines; `parts-whole-cars` shows whole, clean cars only and has
  some left and right swapped; every close-up in the data is damaged.
- Trucks, motorcycles, interiors, night, heavy reflections and photos taken from very near are
  rare in the data. Damage types other than scratch, dent and broken parts are rare too.
- It advises: a person decides. What a photo cannot show (frames, brackets) it cannot say.
"""


_ORIGIN = "Made by `python -m inference train --all`."


def model_readme(card: Mapping[str, Any]) -> str:
    """Markdown from the fields of `model.json`."""
    sections = [
        f"# Model version {card['version']}\n",
        "Vehicle presence, vehicle parts, damage, and damaged-or-whole for claim photos. "
        f"{card.get('origin', _ORIGIN)} Loaded only if the SHA-256 of every file fits "
        "`model.json`.\n",
        _use(card["assessment"]),
        _modules_table(card["modules"]),
        _figures(card["modules"]),
        _data(card["modules"]),
        _LIMITS.format(licence=card["licence"]),
    ]
    return "\n".join(sections)


def _use(assessment: Mapping[str, Any]) -> str:
    """What assessments do beyond one look at the input's size."""
    said = [_looks(assessment["test_time"])] if "test_time" in assessment else []
    if "side_agreement" in assessment:
        said.append(
            "Left and right are agreed over every region of a part and over a vehicle's flank."
        )
    return "\n".join([*said, ""]) if said else ""


def _looks(test_time: Mapping[str, Any]) -> str:
    """How often a photo is looked at, where it is more than once or at another size."""
    looks = [
        f"{module} at a long side of {_sides(one)}{', mirrored too' if one['flip'] else ''}"
        for module, one in test_time.items()
    ]
    return f"A photo is seen for {'; for '.join(looks)}. Several answers are averaged."


def _sides(one: Mapping[str, Any]) -> str:
    return " and ".join(map(str, one["long_sides"])) or "the input's"


def _modules_table(modules: Mapping[str, Any]) -> str:
    lines = ["| module | network | input | classes | file |", "|---|---|---|---|---|"]
    for name, fields in modules.items():
        network = " / ".join(filter(None, [fields["architecture"], fields.get("encoder")]))
        spec = fields["input"]
        size = f"long side {spec['long_side']}" if "long_side" in spec else f"{spec['size'][0]}²"
        classes = fields["heads"][name] if "heads" in fields else fields["classes"]
        lines.append(f"| {name} | {network} | {size} | {len(classes)} | `{fields['file']}` |")
    return "\n".join(lines) + "\n"


def _figures(modules: Mapping[str, Any]) -> str:
    lines = [
        "## Figures\n",
        "Measured on validation photos that no training has seen: about 15 % of every set (20 % "
        "for the classifiers), split by case, near-duplicates (mirrored too) on one side. mIoU "
        "counts background; pixels of all photos together, at the labels' own size. Intervals of "
        "mIoU by bootstrap over cases (5,000 replicates), of accuracies by Wilson. The best "
        "checkpoint was picked on the same photos, and so was the one number that moves the line "
        "between damage and none (`background_shift`), so the figures are slightly high.\n",
        "| module | figure | value | 95 % interval | photos |",
        "|---|---|---|---|---|",
    ]
    for name, fields in modules.items():
        lines += [
            f"| {name} | {label} | {_value(figure)} |"
            for label, figure in fields["figures"].items()
        ]
    return "\n".join(lines) + "\n"


def _value(figure: Mapping[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{figure['value']:.3f} | {low:.3f}–{high:.3f} | {figure['photos']}"


def _data(modules: Mapping[str, Any]) -> str:
    lines = [
        "## Trained on\n",
        "A network that goes on from earlier weights names their SHA-256, and the share that "
        "they keep in the mean with what was learnt after them; a classifier may have begun with "
        "the encoder of a segmentation network. Pseudo-labels are "
        "what those weights said of photos that nobody labelled, where they were certain; they "
        "are never judged on.\n",
        "| module | set | photos | SHA-256 of its manifest | pseudo-labels from | went on from |",
        "|---|---|---|---|---|---|",
    ]
    for name, fields in modules.items():
        lines += [
            f"| {name} | {row['set']} | {row['photos']} | {_short(row['manifest_sha256'])} | "
            f"{_certain(row)} | {_start(fields)} |"
            for row in fields["trained_on"]
        ]
    return "\n".join(lines) + "\n"


def _start(fields: Mapping[str, Any]) -> str:
    if "encoder_from" in fields:
        return f"the encoder of {_short(fields['encoder_from'])}"
    share = fields.get("start_share", 0.0)
    kept = f", of which {share:g} is kept" if share else ""
    return _short(fields.get("started_from", "")) + kept


def _short(digest: str) -> str:
    return f"`{digest[:16]}…`" if digest else ""


def _certain(row: Mapping[str, Any]) -> str:
    """From which probability on a set's pseudo-labels count, by head."""
    return ", ".join(f"{head} ≥ {least}" for head, least in row.get("pseudo_labels", {}).items())
