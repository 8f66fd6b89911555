"""Single photos become a case as PIPELINE 7 and 8 say."""

from dataclasses import replace

import numpy as np
import pytest

from inference.errors import ConfigError
from inference.probability import ProbabilityCurve
from inference.results import (
    PART_UNKNOWN,
    CaseResult,
    DamagedPart,
    PhotoFailure,
    PhotoResult,
    Severity,
    SizeClass,
    VisiblePart,
)
from inference.synthesis import Agreement, SynthesisRules, synthesise
from inference.taxonomy import Side

VISIBLE = SynthesisRules(Agreement.VISIBLE, 0.5, ProbabilityCurve())
SUBMITTED = replace(VISIBLE, agreement=Agreement.SUBMITTED)


def dent(
    part: str = "Hood", side: Side | None = None, confidence: float = 0.9, name: str = "d"
) -> DamagedPart:
    return DamagedPart(
        id=name,
        part=part,
        side=side,
        damage="Deformity",
        damage_type="Dent",
        bbox=(0, 0, 1, 1),
        area_px=1,
        share_of_part=None,
        share_of_photo=0.25,
        size_class=SizeClass.SMALL,
        severity=Severity.MINOR,
        base_confidence=confidence,
        agreement=1.0,
        refined_confidence=confidence,
        probability=confidence,
        flagged=False,
        reasons=(),
        mask={"size": [2, 2], "counts": "04"},
    )


def photo(
    file: str,
    *damaged: DamagedPart,
    sees: tuple[str, ...] = (),
    vehicle: bool = True,
    looks_damaged: bool = True,
) -> PhotoResult:
    names = dict.fromkeys((*sees, *(item.part for item in damaged)))
    return PhotoResult(
        file=file,
        width=2,
        height=2,
        vehicle=vehicle,
        vehicle_probability=0.9,
        damaged=looks_damaged,
        damaged_probability=0.9,
        parts=tuple(VisiblePart(name, None, (0, 0, 1, 1), 1, 0.9) for name in names),
        view=None,
        damage_area_percent=0.0,
        damaged_parts=damaged,
        dropped_specks=0,
        parts_map=np.zeros((2, 2), np.uint8),
        damage_map=np.zeros((2, 2), np.uint8),
    )


def case(
    *photos: PhotoResult,
    rules: SynthesisRules = VISIBLE,
    failed: tuple[PhotoFailure, ...] = (),
) -> CaseResult:
    return synthesise(photos, rules, model_version="1", taxonomy={"parts": "sides"}, failed=failed)


def flag_codes(result: CaseResult) -> list[str]:
    return [flag.code for flag in result.flags]


def first_damage(result: CaseResult) -> DamagedPart:
    return result.photos[0].damaged_parts[0]


def test_one_photo_agrees_with_itself() -> None:
    assert first_damage(case(photo("a", dent()))).agreement == 1.0


def test_submitted_counts_every_vehicle_photo() -> None:
    result = case(photo("a", dent()), photo("b", dent()), photo("c"), rules=SUBMITTED)
    assert first_damage(result).agreement == pytest.approx(2 / 3)


def test_visible_counts_only_photos_that_show_the_part() -> None:
    result = case(photo("a", dent()), photo("b"), photo("c", sees=("Hood",)))
    assert first_damage(result).agreement == pytest.approx(1 / 2)


def test_photos_without_a_vehicle_take_no_part() -> None:
    result = case(photo("a", dent()), photo("b", vehicle=False), rules=SUBMITTED)
    assert first_damage(result).agreement == 1.0


def test_left_and_right_do_not_agree() -> None:
    left, right = dent("Mirror", "left"), dent("Mirror", "right")
    assert first_damage(case(photo("a", left), photo("b", right), rules=SUBMITTED)).agreement == 0.5


def test_an_unknown_side_agrees_with_either() -> None:
    left, unknown = dent("Mirror", "left"), dent("Mirror")
    assert first_damage(case(photo("a", left), photo("b", unknown))).agreement == 1.0


def test_unknown_parts_never_agree_with_each_other() -> None:
    unknown = dent(PART_UNKNOWN)
    result = case(photo("a", unknown), photo("b", unknown), rules=SUBMITTED)
    assert first_damage(result).agreement == 0.5


def test_refined_confidence_is_base_times_agreement() -> None:
    result = case(photo("a", dent(confidence=0.8)), photo("b"), rules=SUBMITTED)
    assert first_damage(result).refined_confidence == pytest.approx(0.4)


def test_the_probability_is_calibrated() -> None:
    curve = ProbabilityCurve("monotone", points=((0.0, 0.1), (1.0, 0.5)))
    result = case(photo("a", dent(confidence=0.5)), rules=replace(VISIBLE, curve=curve))
    assert first_damage(result).probability == pytest.approx(0.3)


def test_a_probability_at_the_threshold_is_not_flagged() -> None:
    assert not first_damage(case(photo("a", dent(confidence=0.5)))).flagged


def test_an_unsure_dent_is_flagged_in_words() -> None:
    item = first_damage(case(photo("a", dent(confidence=0.3))))
    assert item.flagged
    assert [reason.text for reason in item.reasons] == ["We are not sure about this dent."]


def test_views_that_disagree_are_named() -> None:
    result = case(
        photo("a", dent("Front Door Shell", "left")),
        *(photo(name, sees=("Front Door Shell",)) for name in "bc"),
    )
    assert [reason.text for reason in first_damage(result).reasons] == [
        "Only 1 of 3 photos that show the left front door shows it."
    ]


def test_an_unknown_part_is_flagged_however_sure_the_damage() -> None:
    item = first_damage(case(photo("a", dent(PART_UNKNOWN, confidence=1.0))))
    assert [reason.code for reason in item.reasons] == ["part_unknown"]


def test_what_is_not_flagged_has_no_reasons() -> None:
    assert first_damage(case(photo("a", dent()))).reasons == ()


def test_a_report_line_merges_the_photos_that_show_it() -> None:
    (line,) = case(
        photo("a", dent(confidence=0.7, name="a1")), photo("b", dent(confidence=0.9, name="b1"))
    ).report
    assert (line.photos, line.damaged_parts) == (("a", "b"), ("a1", "b1"))
    assert (line.best_photo, line.probability) == ("b", 0.9)


def test_a_photo_with_two_regions_of_a_line_is_named_once() -> None:
    (line,) = case(photo("a", dent(name="1"), dent(name="2"))).report
    assert line.photos == ("a",)


def test_flagged_lines_come_first() -> None:
    report = case(photo("a", dent("Roof"), dent("Hood", confidence=0.2))).report
    assert [line.part for line in report] == ["Hood", "Roof"]


def test_a_number_within_a_sentence_is_not_capitalised() -> None:
    result = case(photo("a", dent(PART_UNKNOWN, name="1"), dent(PART_UNKNOWN, name="2")))

    assert result.flags[0].text == ("For two damaged regions we could not tell which part it is.")


def test_a_sure_case_has_no_flags() -> None:
    assert case(photo("a", dent())).flags == ()


@pytest.mark.parametrize(
    ("photos", "code"),
    [
        ([photo("a", vehicle=False)], "no_vehicle"),
        ([photo("a", looks_damaged=False)], "nothing_found"),
        ([photo("a", dent()), photo("b")], "damaged_without_part"),
        ([photo("a", dent(PART_UNKNOWN))], "part_unknown"),
        ([photo("a", dent(confidence=0.1))], "flagged"),
        ([photo("a", dent()), photo("b", sees=("Hood",)), photo("c", sees=("Hood",))],
         "views_disagree"),
    ],
)  # fmt: skip
def test_a_case_says_why_a_person_must_look(photos: list[PhotoResult], code: str) -> None:
    assert code in flag_codes(case(*photos))


def test_a_failed_photo_is_a_flag_with_its_name() -> None:
    result = case(photo("a", dent()), failed=(PhotoFailure("b.jpg", "unreadable_photo", "cut"),))
    assert result.flags[0].text == "One photo could not be assessed: b.jpg."


def test_synthesis_of_its_own_result_changes_nothing() -> None:
    once = case(photo("a", dent(confidence=0.6)), photo("b", sees=("Hood",)))
    assert case(*once.photos).to_json() == once.to_json()


@pytest.mark.parametrize(
    "curve",
    [
        ProbabilityCurve(),
        ProbabilityCurve("logistic", slope=2.0, intercept=-0.5),
        ProbabilityCurve("monotone", points=((0.2, 0.1), (0.6, 0.4), (0.9, 0.95))),
    ],
)
def test_every_curve_rises_within_bounds_and_comes_back_from_json(curve: ProbabilityCurve) -> None:
    values = [curve(step / 20) for step in range(21)]
    assert values == sorted(values)
    assert 0.0 <= values[0] <= values[-1] <= 1.0
    assert ProbabilityCurve.from_json(curve.to_json()) == curve


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "magic"},
        {"kind": "monotone"},
        {"kind": "monotone", "points": [[0.5, 0.5], [0.2, 0.6]]},
        {"kind": "monotone", "points": [[0.2, 0.6], [0.5, 0.5]]},
        {"kind": "logistic", "slope": -1.0},
    ],
)
def test_a_curve_that_could_fall_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        ProbabilityCurve.from_json(data)
