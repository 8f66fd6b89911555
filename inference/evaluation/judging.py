"""How a prediction counts under a set that does not name all of its classes (issue 3 §4).

A predicted class that the set does not name is merged as the set's table says (Grille into
Front Bumper, Door Glass into its Door Shell), before the arg-max where there is one target,
into the nearest one where there are several; any other counts as background.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.data.judging import counted_as, judged_classes, judged_labels
from inference.data.records import LabelledPhoto
from inference.masks import LabelMap
from inference.predictor import HeadOutput
from inference.taxonomy import BACKGROUND, Merge
from inference.taxonomy.mapping import LayerMapping


@dataclass(frozen=True)
class Judge:
    """A set's layer under a taxonomy."""

    mapping: LayerMapping
    merge: Merge

    @cached_property
    def classes(self) -> tuple[int, ...]:
        """Background and the merged classes that the set names."""
        return judged_classes(self.mapping, self.merge)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all merged classes, background first."""
        return (self.mapping.layer.background, *self.merge.classes)

    @cached_property
    def targets(self) -> dict[int, tuple[int, ...]]:
        """Merged classes that the set does not name → those that they count as."""
        return counted_as(self.mapping, self.merge)

    def merged_first(self, members: Sequence[tuple[int, ...]]) -> Merge:
        """The merge in which a finest class that the set does not name lies in the class of
        those that it is merged into, where that is one class.

        Under *reduced* Door Glass is then Door Shell, although *Window* is named (Back Window),
        unless *Window* is all that the network says: `members` are the finest ids of each of its
        channels.
        """
        channels = [ids for ids in members if self._named.isdisjoint(ids)]
        movable = {class_id for ids in channels for class_id in ids}
        table = self.merge.prediction_table
        merged = [list(ids) for ids in self.merge.members]
        for class_id, targets in self.mapping.merged_when_judged.items():
            heirs = {int(table[target]) for target in targets}
            if len(heirs) == 1 and class_id in movable:
                merged = [[one for one in ids if one != class_id] for ids in merged]
                merged[heirs.pop() - 1].append(class_id)
        return replace(self.merge, members=tuple(tuple(ids) for ids in merged))

    @cached_property
    def _named(self) -> frozenset[int]:
        """Finest ids that a label of the set may stand for."""
        return frozenset(
            class_id for foreign in self.mapping.names.values() for class_id in foreign.judge
        )

    def truth(self, photo: LabelledPhoto) -> LabelMap:
        """The photo's label map under the merge, 255 where it is left out."""
        return judged_labels(photo, self.mapping, self.merge)

    def predicted(self, output: HeadOutput, size: tuple[int, int]) -> LabelMap:
        """The prediction at `size` in the classes that the set names."""
        return self.prediction(output, size)[0]

    def prediction(
        self, output: HeadOutput, size: tuple[int, int]
    ) -> tuple[LabelMap, NDArray[np.float32]]:
        """As `predicted`, with the probability (H, W) of the class that won each pixel.

        A pixel that counts as another class keeps the probability of the one that won.
        """
        decoded = output.decode(self.merged_first(output.members), size)
        predicted = decoded.merged.copy()
        present = np.flatnonzero(np.bincount(predicted.ravel(), minlength=256)).tolist()
        for class_id in present:
            if class_id not in self.classes:
                where = predicted == class_id
                predicted[where] = _heirs(predicted, where, self.targets.get(class_id, ()))
        return predicted, decoded.confidence


def _heirs(
    predicted: LabelMap, where: NDArray[np.bool_], targets: tuple[int, ...]
) -> LabelMap | int:
    """For the pixels `where`, the nearest of the target classes that are in the picture."""
    present = [target for target in targets if (predicted == target).any()]
    if not present:
        return targets[0] if targets else BACKGROUND
    distances = [
        cv2.distanceTransform((predicted != target).view(np.uint8), cv2.DIST_L2, 3)[where]
        for target in present
    ]
    nearest: LabelMap = np.array(present, np.uint8)[np.argmin(distances, axis=0)]
    return nearest
