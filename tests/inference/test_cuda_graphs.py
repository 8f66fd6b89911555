"""What can be promised of recorded graphs without a GPU: which are recorded, kept and padded."""

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.backends.cuda_graphs import Answers, ByShape, Forward, Shape, padded_batch


class Recorder:
    """Stands for recording on CUDA: a forward pass that takes one shape only and its mean."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []

    def __call__(self, shape: Shape) -> Forward:
        self.shapes.append(shape)

        def forward(photos: NDArray[np.uint8]) -> Answers:
            assert photos.shape == shape
            return (photos.mean(axis=(1, 2, 3), dtype=np.float32),)

        return forward


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def photos(number: int, height: int = 2) -> NDArray[np.uint8]:
    shape = number, height, 3, 3
    return np.arange(1, number + 1, dtype=np.uint8).reshape(-1, 1, 1, 1) * np.ones(shape, np.uint8)


def test_a_shape_is_recorded_once(recorder: Recorder) -> None:
    by_shape = ByShape(recorder)
    by_shape(photos(2))
    by_shape(photos(2))
    assert recorder.shapes == [(2, 2, 3, 3)]


def test_batches_are_filled_up_so_that_shapes_repeat(recorder: Recorder) -> None:
    by_shape = ByShape(recorder)
    by_shape(photos(3))
    by_shape(photos(4))
    assert recorder.shapes == [(4, 2, 3, 3)]


def test_only_real_photos_are_answered(recorder: Recorder) -> None:
    (answer,) = ByShape(recorder)(photos(3))
    assert answer.tolist() == [1.0, 2.0, 3.0]


def test_the_shape_unused_for_longest_is_forgotten(recorder: Recorder) -> None:
    by_shape = ByShape(recorder, kept=2)
    for height in (1, 2, 1, 3, 1, 2):
        by_shape(photos(1, height))
    assert [shape[1] for shape in recorder.shapes] == [1, 2, 3, 2]


@pytest.mark.parametrize(("number", "padded"), [(1, 1), (2, 2), (3, 4), (5, 8), (64, 64)])
def test_a_batch_is_filled_up_to_a_power_of_two(number: int, padded: int) -> None:
    assert len(padded_batch(photos(number))) == padded
