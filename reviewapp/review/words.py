"""What a damaged part is called in the words of an assessment's merge, and the pixels for it."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from inference.postprocessing import complete_merge, part_name
from inference.results import PART_UNKNOWN
from inference.taxonomy import BACKGROUND, DAMAGE, PARTS, Merge, Side
from inference.wording import part_in_words
from reviewapp.foundation.errors import InvalidError

SIDES: dict[str, Side | None] = {"": None, "left": "left", "right": "right"}
# A person who names only the merged class leaves the original type open. The label map needs
# one: the first of these that the class has, the commonest on claim photos first.
_COMMONEST_FIRST = ("Scratch", "Dent", "Broken", "Crack", "Missing", "Paint Chip", "Corrosion")


@dataclass(frozen=True, slots=True)
class Words:
    """Part, side and damage; `damage_type` is the original type, "" where nobody named one."""

    part: str
    side: str
    damage: str
    damage_type: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two damaged parts the same line."""
        return self.part, self.side, self.damage

    @property
    def title(self) -> str:
        """`Left front door · deformity`."""
        where = part_in_words(self.part, SIDES[self.side])
        return f"{where[:1].upper()}{where[1:]} · {self.damage.lower()}"


@dataclass(frozen=True)
class Vocabulary:
    """The words that an assessment knows, and the finest classes behind each."""

    parts: Merge
    damages: Merge

    @cached_property
    def part_ids(self) -> dict[tuple[str, str], int]:
        """(part, side) → merged id."""
        named = (part_name(self.parts, index + 1) for index in range(len(self.parts.classes)))
        return {(name, side or ""): index for index, (name, side) in enumerate(named, start=1)}

    def check(self, words: Words) -> Words:
        """The words, if the taxonomy knows them; `InvalidError` names what it knows instead."""
        if (words.part, words.side) not in self.part_ids:
            raise InvalidError(self._part_refusal(words), part=words.part, side=words.side)
        if words.damage not in self.damages.classes:
            raise InvalidError(
                f"{words.damage!r} is no damage here; there are: "
                f"{', '.join(self.damages.classes)}.",
                damage=words.damage,
            )
        if words.damage_type and words.damage_type not in self.types_of(words.damage):
            raise InvalidError(
                f"{words.damage_type!r} is no type of {words.damage}; there are: "
                f"{', '.join(self.types_of(words.damage))}.",
                damage_type=words.damage_type,
            )
        return words

    def _part_refusal(self, words: Words) -> str:
        sides = [side for part, side in self.part_ids if part == words.part]
        if sides:
            allowed = " or ".join(side or "none" for side in sides)
            return f"The side of {words.part} is {allowed}, not {words.side or 'none'!r}."
        known = ", ".join(dict.fromkeys(part for part, _ in self.part_ids))
        return f"{words.part!r} is no part here; there are: {known}."

    def types_of(self, damage: str) -> tuple[str, ...]:
        """The original types that a damage takes up, the commonest first."""
        members = self.damages.members[self.damages.index(damage) - 1]
        names = {DAMAGE.by_id[member].name for member in members}
        return tuple(name for name in _COMMONEST_FIRST if name in names)

    def repaint_parts(self, pixels: NDArray[np.uint8], words: Words) -> NDArray[np.uint8]:
        """Part pixels that now belong to (part, side): finest classes of it stay as they are."""
        if words.part == PART_UNKNOWN:
            return np.full_like(pixels, BACKGROUND)
        merged = self.part_ids[words.part, words.side]
        members = self.parts.members[merged - 1]
        label = f"{words.part} {words.side}".strip()
        own = [member for member in members if PARTS.by_id[member].label == label]
        return np.where(np.isin(pixels, members), pixels, np.uint8((own or members)[0]))

    def repaint_damage(self, pixels: NDArray[np.uint8], words: Words) -> NDArray[np.uint8]:
        """Damage pixels that now are this damage; a named type wins over what stands there."""
        if words.damage_type:
            return np.full_like(pixels, DAMAGE.named(words.damage_type).id)
        members = self.damages.members[self.damages.index(words.damage) - 1]
        commonest = DAMAGE.named(self.types_of(words.damage)[0]).id
        return np.where(np.isin(pixels, members), pixels, np.uint8(commonest))


@cache
def vocabulary(parts_merge: str, damage_merge: str) -> Vocabulary:
    return Vocabulary(complete_merge(PARTS, parts_merge), complete_merge(DAMAGE, damage_merge))
