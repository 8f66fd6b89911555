"""CUDA graphs: a forward pass is recorded once for an input shape and then replayed whole.

**Not run**: written where there was no GPU. `ByShape`, which chooses, pads and forgets, is
tested on the CPU; `RecordedForward`, the literal CUDA calls, has never been executed.

Shapes are few, because cameras have few aspects and the number of photos is padded to a power
of two. Photos themselves are not padded further than their model version says: the padding is
part of what the network sees, and CPU and GPU must see the same.
"""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Shape = tuple[int, ...]
"""Photos, height, width, channels."""
Answers = tuple[NDArray[np.float32], ...]
"""One array per head, photos first."""
Forward = Callable[[NDArray[np.uint8]], Answers]
OnDevice = Callable[[Tensor], tuple[Tensor, ...]]
Recording = Callable[[torch.cuda.CUDAGraph], AbstractContextManager[None]]

SHAPES_KEPT = 32
# Before recording, libraries set up what they must not set up while recording.
_WARM_UPS = 3


class ByShape:
    """Runs photos through a forward pass recorded for their shape; keeps the last few."""

    def __init__(self, record: Callable[[Shape], Forward], kept: int = SHAPES_KEPT) -> None:
        self._record = record
        self._kept = kept
        self._recorded: OrderedDict[Shape, Forward] = OrderedDict()

    def __call__(self, photos: NDArray[np.uint8]) -> Answers:
        """(N, H, W, 3) uint8 → the N answers of each head."""
        padded = padded_batch(photos)
        answers = self._forward_for(padded.shape)(padded)
        return tuple(answer[: len(photos)] for answer in answers)

    def _forward_for(self, shape: Shape) -> Forward:
        if shape not in self._recorded:
            self._recorded[shape] = self._record(shape)
        self._recorded.move_to_end(shape)
        while len(self._recorded) > self._kept:
            self._recorded.popitem(last=False)
        return self._recorded[shape]


def padded_batch(photos: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The photos, and black ones up to the next power of two."""
    wanted = 1 << (len(photos) - 1).bit_length()
    if wanted == len(photos):
        return photos
    padded = np.zeros((wanted, *photos.shape[1:]), np.uint8)
    padded[: len(photos)] = photos
    return padded


class RecordedForward:
    """A forward pass on CUDA for one shape, with memory of its own on both sides (not run).

    Photos go through pinned memory and are copied without waiting; the only wait is for the
    answers. Graphs share one memory pool: each answer is copied out before the next replay.
    """

    def __init__(self, forward: OnDevice, shape: Shape, recording: Recording) -> None:
        self._sent = torch.zeros(shape, dtype=torch.uint8, pin_memory=True)
        self._photos = torch.zeros(shape, dtype=torch.uint8, device="cuda")
        self._warm_up(forward)
        self._graph = torch.cuda.CUDAGraph()
        with recording(self._graph):
            self._outputs = forward(self._photos)
        self._received = [
            torch.empty(output.shape, dtype=output.dtype, pin_memory=True)
            for output in self._outputs
        ]

    @classmethod
    def recorder(cls, forward: OnDevice) -> Callable[[Shape], "RecordedForward"]:
        """What records `forward` for a shape."""
        recording = partial(torch.cuda.graph, pool=torch.cuda.graph_pool_handle())
        return lambda shape: cls(forward, shape, recording)

    def _warm_up(self, forward: OnDevice) -> None:
        # Recording needs a stream of its own that has seen the work before.
        stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(_WARM_UPS):
                forward(self._photos)
        torch.cuda.current_stream().wait_stream(stream)

    def __call__(self, photos: NDArray[np.uint8]) -> Answers:
        self._sent.copy_(torch.from_numpy(photos))
        self._photos.copy_(self._sent, non_blocking=True)
        self._graph.replay()
        for received, output in zip(self._received, self._outputs, strict=True):
            received.copy_(output, non_blocking=True)
        torch.cuda.current_stream().synchronize()
        return tuple(received.numpy().copy() for received in self._received)
