"""What an export holds, counted while it is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewapp.datasets.labels import Label
from reviewapp.datasets.splits import Split


@dataclass
class SplitCounts:
    """`parts` counts the photos that show a part, `damage` the connected regions of a type."""

    photos: int = 0
    cases: int = 0
    photos_without_damage: int = 0
    parts: Counter[str] = field(default_factory=Counter)
    damage: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> dict[str, object]:
        return {
            "photos": self.photos,
            "cases": self.cases,
            "photos_without_damage": self.photos_without_damage,
            "damage_regions": self.damage.total(),
            "parts": dict(sorted(self.parts.items())),
            "damage": dict(sorted(self.damage.items())),
        }


@dataclass
class Counts:
    """Labels come case by case, so a case is counted where it begins."""

    splits: dict[Split, SplitCounts] = field(
        default_factory=lambda: {split: SplitCounts() for split in Split}
    )
    model_versions: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_out: int = 0
    _case: str = ""

    @property
    def photos(self) -> int:
        return sum(split.photos for split in self.splits.values())

    def add(self, label: Label, *, parts: Sequence[str], damage: Sequence[str]) -> None:
        """Count one label, with the class of each of its annotations."""
        split = self.splits[label.split]
        split.photos += 1
        split.cases += label.case != self._case
        split.photos_without_damage += not damage
        split.parts.update(parts)
        split.damage.update(damage)
        self._case = label.case
        self.model_versions[label.model_version, label.model_weights] += 1

    def to_json(self) -> dict[str, object]:
        splits = self.splits.values()
        return {
            "photos": self.photos,
            "cases": sum(split.cases for split in splits),
            "photos_without_damage": sum(split.photos_without_damage for split in splits),
            "photos_left_out": self.left_out,
            "splits": {split.value: counts.to_json() for split, counts in self.splits.items()},
        }

    def model_versions_to_json(self) -> list[dict[str, object]]:
        return [
            {"name": name, "weights_sha256": weights, "photos": photos}
            for (name, weights), photos in sorted(self.model_versions.items())
        ]
