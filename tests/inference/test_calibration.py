"""The curve and the threshold are chosen from what a person would accept."""

import json
from pathlib import Path

import numpy as np
import pytest

from inference.calibration import (
    Judged,
    best_curve,
    calibration_error,
    flag_rule,
    judge_photos,
    logistic_curve,
    monotone_curve,
)
from inference.cli.main import main
from inference.data.coco import read_coco
from inference.data.splits import Groups
from inference.errors import ConfigError, LabelError
from inference.predictor import Predictor
from inference.probability import ProbabilityCurve
from inference.taxonomy.mapping import load_mapping
from tests.inference.tiny_judging import coco_set
from tests.inference.tiny_models import write_tiny_models

ALL = np.ones((64, 64), np.bool_)


def judged(number: int = 400, bend: float = 2.0) -> list[Judged]:
    """Damaged parts that are right with probability confidence ** bend."""
    rng = np.random.default_rng(1)
    confidence = rng.random(number)
    right = rng.random(number) < confidence**bend
    return [
        Judged(float(c), bool(r), f"case {n // 4}")
        for n, (c, r) in enumerate(zip(confidence, right, strict=True))
    ]


def test_calibrated_probabilities_are_nearer_the_truth() -> None:
    items = judged()
    before = calibration_error(items, ProbabilityCurve())
    assert calibration_error(items, best_curve(items)) < before / 2


def test_what_is_calibrated_already_stays_nearly_as_it_is() -> None:
    curve = logistic_curve(judged(2000, bend=1.0))
    assert abs(curve(0.5) - 0.5) < 0.06


def test_the_monotone_curve_never_falls() -> None:
    curve = monotone_curve(judged())
    values = [curve(step / 100) for step in range(101)]
    assert values == sorted(values)


def test_a_logistic_curve_does_not_fall_on_contradicting_data() -> None:
    items = [Judged(c / 100, c < 50, str(c)) for c in range(100)]
    assert logistic_curve(items).slope == 0.0


def test_a_threshold_reaches_its_precision() -> None:
    rule = flag_rule(judged(), ProbabilityCurve(), precision=0.8)
    assert rule.precision >= 0.8
    assert rule.precision_interval[0] < rule.precision < rule.precision_interval[1]
    assert 0 < rule.flagged < 1


def test_it_is_the_lowest_threshold_that_reaches_it() -> None:
    items = [
        Judged(0.1, accepted=False, cluster="a"),
        *(Judged(c, accepted=True, cluster="b") for c in (0.5, 0.7, 0.9)),
    ]
    assert flag_rule(items, ProbabilityCurve(), precision=1.0).threshold == 0.5


def test_what_cannot_be_reached_gives_the_best_there_is() -> None:
    items = [Judged(c / 100, c % 2 == 0, str(c)) for c in range(100)]
    rule = flag_rule(items, ProbabilityCurve(), precision=0.99)
    assert 0 < rule.precision < 0.99
    assert rule.flagged <= 0.95


def test_a_budget_is_not_exceeded() -> None:
    assert flag_rule(judged(), ProbabilityCurve(), budget=0.3).flagged <= 0.3


@pytest.mark.parametrize("target", [{}, {"precision": 0.8, "budget": 0.3}])
def test_a_target_is_one_thing(target: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        flag_rule(judged(), ProbabilityCurve(), **target)  # type: ignore[arg-type]


def test_nothing_can_be_learnt_from_parts_judged_alike() -> None:
    with pytest.raises(ConfigError, match="too little"):
        best_curve([Judged(c, accepted=True, cluster="a") for c in (0.4, 0.6)])


@pytest.mark.parametrize(
    ("names", "accepted"),
    [
        (("Hood", "Dent"), [True]),
        (("Hood", "Crack"), [True]),
        (("Hood", "Scratch"), [False]),
        (("Roof", "Dent"), [False]),
        (("Hood", "ignore damage"), []),
        (("Hood",), [False]),
    ],
)
def test_a_damaged_part_is_accepted_where_part_and_damage_are_right(
    tmp_path: Path, tiny_folder: Path, names: tuple[str, ...], accepted: list[bool]
) -> None:
    folder = coco_set(tmp_path / "set", dict.fromkeys(names, ALL))
    mapping = load_mapping("every-part-and-damage")
    photos = read_coco(folder, mapping)
    predictor = Predictor.load(tiny_folder, backend="torch", device="cpu")
    found = judge_photos(predictor, photos, mapping, Groups(photo.key for photo in photos))
    assert [item.accepted for item in found] == accepted


def test_photos_labelled_in_one_layer_cannot_judge(tmp_path: Path, tiny_folder: Path) -> None:
    folder = coco_set(tmp_path / "set", {"Hood": ALL}, labelled=["parts"])
    mapping = load_mapping("every-part-and-damage")
    photos = read_coco(folder, mapping)
    predictor = Predictor.load(tiny_folder, backend="torch", device="cpu")
    with pytest.raises(LabelError):
        judge_photos(predictor, photos, mapping, Groups([]))


def with_splits(models: Path, names: list[str]) -> Path:
    """The model version, saying that these photos were kept back."""
    splits = {"validation": {"every-part-and-damage": names}}
    (models / "splits.json").write_text(json.dumps(splits), encoding="utf-8")
    return models


@pytest.mark.parametrize("names", [[], ["other.png"]])
def test_calibrate_refuses_photos_that_were_not_kept_back(
    tmp_path: Path, names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    models = with_splits(write_tiny_models(tmp_path / "models"), names)
    coco_set(tmp_path / "data" / "every-part-and-damage", {"Hood": ALL, "Dent": ALL})
    words = ["calibrate", str(tmp_path / "data"), "--backend", "torch", "--model", str(models)]
    assert main(words) == 2
    assert "validation photos" in capsys.readouterr().err


def test_calibrate_leaves_the_card_alone_where_there_is_nothing_to_learn(tmp_path: Path) -> None:
    models = with_splits(write_tiny_models(tmp_path / "models"), ["a.png"])
    before = (models / "model.json").read_text(encoding="utf-8")
    coco_set(tmp_path / "data" / "every-part-and-damage", {"Hood": ALL, "Dent": ALL})
    words = ["calibrate", str(tmp_path / "data"), "--backend", "torch"]
    assert main([*words, "--model", str(models)]) == 2
    assert (models / "model.json").read_text(encoding="utf-8") == before


def test_calibrate_writes_threshold_and_curve_into_the_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = with_splits(write_tiny_models(tmp_path / "models"), ["a.png"])
    coco_set(tmp_path / "data" / "every-part-and-damage", {"Hood": ALL, "Dent": ALL})
    monkeypatch.setattr("inference.cli.calibrate.judge_photos", lambda *_: judged())
    words = ["calibrate", str(tmp_path / "data"), "--backend", "torch"]
    assert main([*words, "--model", str(models)]) == 0
    assessment = json.loads((models / "model.json").read_text(encoding="utf-8"))["assessment"]
    assert assessment["flag_rule"]["precision"] >= 0.8
    assert ProbabilityCurve.from_json(assessment["calibration"]).kind != "identity"
    assert Predictor.load(models, backend="torch").synthesis_rules.flag_threshold > 0
