import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from inference.data.records import LabelledPhoto
from inference.errors import ConfigError
from inference.training.config import (
    HeadConfig,
    JudgeConfig,
    ModelConfig,
    SamplingConfig,
    ScheduleConfig,
    SegmentationConfig,
    SetConfig,
)
from inference.training.sampling import Sampler, by_damage, largest_class

RNG = np.random.default_rng(0)
EXACT = np.eye(3, dtype=np.bool_)


def photos(**counts: int) -> list[LabelledPhoto]:
    return [
        LabelledPhoto(Path(f"{number}.jpg"), name, 4, 4, (), frozenset())
        for name, count in counts.items()
        for number in range(count)
    ]


def config(shares: dict[str, float], sampling: SamplingConfig | None = None) -> SegmentationConfig:
    return SegmentationConfig(
        name="test",
        seed=3,
        model=ModelConfig("Unet", "resnet18"),
        heads={"parts": HeadConfig({"dice": 1.0})},
        schedule=ScheduleConfig(1, 10, 5, 0.1, 0.1),
        sets=tuple(SetConfig(name, share) for name, share in shares.items()),
        judges=(JudgeConfig("one", "parts", "sides"),),
        sampling=sampling or SamplingConfig(),
    )


def drawn(sampler: Sampler, steps: int) -> list[int]:
    return [index for step in range(steps) for index in sampler.batch(step)]


def test_every_set_gets_its_share() -> None:
    sampler = Sampler(config({"one": 3.0, "two": 1.0}), photos(one=4, two=9), [0] * 13, Path())

    of_one = sum(index < 4 for index in drawn(sampler, 80))

    assert of_one / 400 == pytest.approx(0.75, abs=0.01)


def test_no_photo_comes_twice_before_all_came_once() -> None:
    sampler = Sampler(config({"one": 1.0}), photos(one=10), [0] * 10, Path())

    assert sorted(drawn(sampler, 2)) == list(range(10))


def test_the_same_step_gives_the_same_photos() -> None:
    samplers = [Sampler(config({"one": 1.0}), photos(one=30), [0] * 30, Path()) for _ in range(2)]

    assert samplers[0].batch(17) == samplers[1].batch(17)


def test_a_set_without_photos_is_refused() -> None:
    with pytest.raises(ConfigError, match="two"):
        Sampler(config({"one": 1.0, "two": 1.0}), photos(one=3), [0] * 3, Path())


def test_a_share_of_the_data_is_a_part_of_a_larger_share() -> None:
    def seen(share: float) -> set[int]:
        sampling = SamplingConfig(data_share=share)
        return set(
            drawn(Sampler(config({"one": 1.0}, sampling), photos(one=40), [0] * 40, Path()), 9)
        )

    assert len(seen(0.1)) == 4
    assert seen(0.1) < seen(0.5)


def test_under_sampling_keeps_as_many_of_each_damage_as_the_rarest_has() -> None:
    classes = [0, 1, 1, 1, 2, 2]

    chosen = by_damage(range(6), classes, "under", RNG)

    assert Counter(classes[index] for index in chosen) == {0: 1, 1: 2, 2: 2}


def test_over_sampling_repeats_up_to_the_most_frequent_damage() -> None:
    classes = [0, 1, 1, 1, 2, 2]

    chosen = by_damage(range(6), classes, "over", RNG)

    assert Counter(classes[index] for index in chosen) == {0: 1, 1: 3, 2: 3}


def test_without_sampling_every_photo_stays_once() -> None:
    assert by_damage(range(4), [0, 1, 1, 2], "none", RNG) == [0, 1, 2, 3]


def hard_cases(tmp_path: Path) -> Path:
    (tmp_path / "cases").mkdir()
    rows = [{"kind": "vans", "files": ["1.jpg"]}]
    (tmp_path / "cases" / "hard_cases.json").write_text(json.dumps(rows))
    return tmp_path


def test_hard_kinds_come_more_often(tmp_path: Path) -> None:
    sampling = SamplingConfig(hard_kinds={"vans": 3.0})
    of_claims = photos(**{"damage-claims": 3})

    sampler = Sampler(
        config({"damage-claims": 1.0}, sampling), of_claims, [0] * 3, hard_cases(tmp_path)
    )

    assert Counter(drawn(sampler, 1)) == {0: 1, 1: 3, 2: 1}


def test_an_unknown_hard_kind_is_refused(tmp_path: Path) -> None:
    sampling = SamplingConfig(hard_kinds={"boats": 2.0})

    with pytest.raises(ConfigError, match="vans"):
        Sampler(config({"one": 1.0}, sampling), photos(one=3), [0] * 3, hard_cases(tmp_path))


def test_the_largest_damage_is_that_with_most_pixels_background_aside() -> None:
    labels = np.array([[0, 0, 0, 0], [1, 2, 2, 255]], np.uint8)

    assert largest_class(labels, EXACT) == 2
    assert largest_class(labels[:1], EXACT) == 0


def test_a_label_of_this_damage_or_none_counts_for_the_damage() -> None:
    table = np.vstack([EXACT, [True, False, True]])

    assert largest_class(np.array([[0, 3]], np.uint8), table) == 2


def test_a_label_of_any_damage_counts_for_no_class() -> None:
    table = np.vstack([EXACT, [False, True, True]])

    assert largest_class(np.array([[0, 3]], np.uint8), table) == 0


def test_the_only_class_of_a_head_counts() -> None:
    assert largest_class(np.array([[0, 1]], np.uint8), np.eye(2, dtype=np.bool_)) == 1
