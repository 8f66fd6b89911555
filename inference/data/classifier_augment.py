"""Augmentation for photo classifiers.

*equalised*: the sets differ in resolution and compression, which a network would learn instead
of what the photos show; every photo is blurred, shrunk and compressed by chance, so that neither
tells. *guide*: the shift, zoom, rotation and flip of the damaged-or-whole guide (PIPELINE 11).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import albumentations as A
import cv2


def _equalised(size: int, smallest_crop: float) -> A.Compose:
    """A random view of `size` × `size` with equalised resolution, of at least `smallest_crop` of
    the photo's area; draws from its own seed."""
    return A.Compose(
        [
            A.RandomResizedCrop(
                (size, size), scale=(smallest_crop, 1.0), ratio=(0.6, 1.67), p=0.75
            ),
            A.Resize(size, size, interpolation=cv2.INTER_AREA),
            A.HorizontalFlip(p=0.5),
            A.Affine(rotate=(-12, 12), shear=(-6, 6), p=0.4, border_mode=cv2.BORDER_REPLICATE),
            A.OneOf(
                [
                    A.Downscale(scale_range=(0.25, 0.8), p=1),
                    A.Blur(blur_limit=(3, 5), p=1),
                    A.MotionBlur(blur_limit=(3, 7), p=1),
                    A.ImageCompression(quality_range=(25, 90), p=1),
                ],
                p=0.7,
            ),
            A.RandomBrightnessContrast(0.3, 0.3, p=0.5),
            A.HueSaturationValue(15, 40, 20, p=0.4),
            A.ToGray(p=0.05),
        ]
    )


def _guide(size: int, smallest_crop: float) -> A.Compose:
    """Zoom by at most what `smallest_crop` leaves, shift, rotation, flip; edges repeated."""
    zoom = 1.0 - smallest_crop
    return A.Compose(
        [
            A.Resize(size, size, interpolation=cv2.INTER_AREA),
            A.HorizontalFlip(p=0.5),
            A.Affine(
                scale=(1.0 - zoom, 1.0 + zoom),
                translate_percent=(-0.2, 0.2),
                rotate=(-20, 20),
                border_mode=cv2.BORDER_REPLICATE,
                p=1,
            ),
        ]
    )


CLASSIFIER_RECIPES: Mapping[str, Callable[[int, float], A.Compose]] = {
    "equalised": _equalised,
    "guide": _guide,
}
