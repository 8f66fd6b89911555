"""Overlays change what is labelled and leave the rest of the photo as it is."""

import numpy as np

from inference import overlays
from inference.taxonomy import DAMAGE, PARTS

PHOTO = np.full((80, 120, 3), 100, np.uint8)
HALF = np.zeros((80, 120), np.uint8)
HALF[:, :60] = 3


def test_every_class_has_its_own_colour() -> None:
    for layer in (PARTS, DAMAGE):
        table = overlays.colours(layer)
        assert len(set(table)) == len(layer.classes) + 1


def test_what_is_not_labelled_stays_as_it_is() -> None:
    tinted = overlays.damage_overlay(PHOTO, HALF)
    assert np.array_equal(tinted[:, 90:], PHOTO[:, 90:])
    assert not np.array_equal(tinted[:, :60], PHOTO[:, :60])


def test_the_photo_itself_is_not_drawn_on() -> None:
    overlays.parts_overlay(PHOTO, HALF)
    assert (PHOTO == 100).all()


def test_pictures_stand_side_by_side() -> None:
    assert overlays.side_by_side(PHOTO, PHOTO, PHOTO).shape == (80, 3 * 120 + 2 * 8, 3)


def test_the_splash_says_the_damage_area() -> None:
    _, lines = overlays.colour_splash(PHOTO, HALF)
    assert lines == ["photo size: 120 x 80", "damage area: 50.00 %"]


def test_the_splash_is_bluer_where_there_is_damage() -> None:
    splash, _ = overlays.colour_splash(PHOTO, HALF)
    assert splash[70, 5, 2] > splash[70, 100, 2]


def test_ignored_pixels_are_no_damage() -> None:
    _, lines = overlays.colour_splash(PHOTO, np.full_like(HALF, 255))
    assert lines[1] == "damage area: 0.00 %"
