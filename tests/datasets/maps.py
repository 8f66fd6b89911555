"""Label maps that tests draw themselves."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inference.masks import LabelMap
from inference.taxonomy import IGNORE

HEIGHT, WIDTH = 64, 96


def ring_and_island(class_id: int, height: int = HEIGHT, width: int = WIDTH) -> LabelMap:
    """A square with a hole, an island in the hole, and one in the corner."""
    label_map = np.zeros((height, width), np.uint8)
    label_map[8:40, 10:50] = class_id
    label_map[14:34, 18:42] = 0
    label_map[20:26, 24:30] = class_id
    label_map[-3:, -2:] = class_id
    return label_map


def label_maps(class_ids: int, height: int = 13, width: int = 17) -> st.SearchStrategy[LabelMap]:
    """Noise of a few classes: holes, islands, diagonals and touching borders all occur."""
    values = st.sampled_from([0, 0, 1, 2, class_ids, IGNORE])
    return arrays(np.uint8, (height, width), elements=values)
