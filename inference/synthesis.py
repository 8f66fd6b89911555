"""From single photos to the case: agreement, probability, flags with reasons, report lines.

Pure functions on photo results (PIPELINE 7 and 8), so that the site can run them again on
stored results when a photo is added, without any model.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from inference.probability import ProbabilityCurve
from inference.results import (
    PART_UNKNOWN,
    CaseResult,
    DamagedPart,
    PhotoFailure,
    PhotoResult,
    Reason,
    ReportLine,
)
from inference.taxonomy import Side
from inference.wording import counted, damage_in_words, names_in_words, part_in_words

Key = tuple[str, Side | None, str]
"""part, side, damage"""


class Agreement(StrEnum):
    """The photos that agreement is a share of (PIPELINE 7)."""

    SUBMITTED = "submitted"
    VISIBLE = "visible"


@dataclass(frozen=True)
class SynthesisRules:
    """How confidence becomes a probability and a flag; belongs to a model version."""

    agreement: Agreement
    flag_threshold: float
    curve: ProbabilityCurve

    @classmethod
    def from_json(cls, assessment: Mapping[str, Any]) -> "SynthesisRules":
        """The rules that `model.json` names under `assessment`."""
        return cls(
            Agreement(assessment["agreement"]),
            float(assessment["flag_threshold"]),
            ProbabilityCurve.from_json(assessment["calibration"]),
        )


@dataclass(frozen=True, slots=True)
class _Votes:
    """How many of the photos that could show a damaged part do show it."""

    agreeing: int
    possible: int

    @property
    def share(self) -> float:
        return self.agreeing / self.possible


def synthesise(
    photos: Sequence[PhotoResult],
    rules: SynthesisRules,
    *,
    model_version: str,
    taxonomy: Mapping[str, str],
    failed: Sequence[PhotoFailure] = (),
) -> CaseResult:
    """The models' word on a case from its photo results, in case order.

    Sets agreement, refined confidence, probability, flag and reasons of every damaged part from
    its base confidence; what they were before does not matter. `taxonomy` is recorded as given.
    """
    vehicle_photos = [photo for photo in photos if photo.vehicle]
    judged = tuple(_judged_photo(photo, vehicle_photos, rules) for photo in photos)
    report = _report(judged)
    return CaseResult(
        model_version=model_version,
        taxonomy=dict(taxonomy),
        photos=judged,
        report=report,
        flags=tuple(_case_flags(judged, report, failed)),
        failed=tuple(failed),
    )


def _judged_photo(
    photo: PhotoResult, vehicle_photos: Sequence[PhotoResult], rules: SynthesisRules
) -> PhotoResult:
    damaged = tuple(
        _judged(item, _votes(item, photo, vehicle_photos, rules.agreement), rules)
        for item in photo.damaged_parts
    )
    return replace(photo, damaged_parts=damaged)


def _votes(
    item: DamagedPart, own: PhotoResult, photos: Sequence[PhotoResult], kind: Agreement
) -> _Votes:
    if item.part == PART_UNKNOWN:
        # Nobody can say that two unknown parts are the same one: only its own photo shows it.
        return _Votes(1, 1 if kind is Agreement.VISIBLE else max(1, len(photos)))
    agreeing = [photo for photo in photos if photo is own or _shows(photo, item)]
    if kind is Agreement.SUBMITTED:
        return _Votes(len(agreeing), len(photos))
    others = [photo for photo in photos if photo not in agreeing and _sees_part_of(photo, item)]
    return _Votes(len(agreeing), len(agreeing) + len(others))


def _shows(photo: PhotoResult, item: DamagedPart) -> bool:
    return any(
        other.part == item.part
        and other.damage == item.damage
        and _same_side(other.side, item.side)
        for other in photo.damaged_parts
    )


def _sees_part_of(photo: PhotoResult, item: DamagedPart) -> bool:
    return any(part.part == item.part and _same_side(part.side, item.side) for part in photo.parts)


def _same_side(one: Side | None, other: Side | None) -> bool:
    """An unknown side contradicts nothing (PIPELINE 7: side *where known*)."""
    return one == other or one is None or other is None


def _judged(item: DamagedPart, votes: _Votes, rules: SynthesisRules) -> DamagedPart:
    refined = item.base_confidence * votes.share
    probability = rules.curve(refined)
    judged = replace(
        item,
        agreement=votes.share,
        refined_confidence=refined,
        probability=probability,
        flagged=probability < rules.flag_threshold or item.part == PART_UNKNOWN,
    )
    return replace(judged, reasons=tuple(_reasons(judged, votes, rules)) if judged.flagged else ())


def _reasons(item: DamagedPart, votes: _Votes, rules: SynthesisRules) -> Iterable[Reason]:
    if item.part == PART_UNKNOWN:
        yield Reason("part_unknown", "We could not tell which part this is.")
    if item.probability >= rules.flag_threshold:
        return
    if votes.agreeing < votes.possible:
        yield Reason("views_disagree", _disagreement(item, votes, rules.agreement))
    if rules.curve(item.base_confidence) < rules.flag_threshold:
        yield Reason("unsure", f"We are not sure about this {damage_in_words(item.damage_type)}.")


def _disagreement(item: DamagedPart, votes: _Votes, kind: Agreement) -> str:
    of = f"Only {votes.agreeing} of {votes.possible} photos"
    verb = "shows" if votes.agreeing == 1 else "show"
    if kind is Agreement.SUBMITTED or item.part == PART_UNKNOWN:
        return f"{of} {verb} it."
    return f"{of} that show the {part_in_words(item.part, item.side)} {verb} it."


def _report(photos: Sequence[PhotoResult]) -> tuple[ReportLine, ...]:
    merged: dict[Key, list[tuple[PhotoResult, DamagedPart]]] = {}
    for photo in photos:
        for item in photo.damaged_parts:
            merged.setdefault((item.part, item.side, item.damage), []).append((photo, item))
    lines = [_line(key, members) for key, members in merged.items()]
    return tuple(sorted(lines, key=lambda line: (not line.flagged, -line.probability)))


def _line(key: Key, members: Sequence[tuple[PhotoResult, DamagedPart]]) -> ReportLine:
    part, side, damage = key
    best_photo, best = max(members, key=lambda member: member[1].probability)
    items = [item for _, item in members]
    return ReportLine(
        part=part,
        side=side,
        damage=damage,
        photos=tuple(dict.fromkeys(photo.file for photo, _ in members)),
        best_photo=best_photo.file,
        damaged_parts=tuple(item.id for item in items),
        probability=best.probability,
        flagged=any(item.flagged for item in items),
        reasons=tuple(dict.fromkeys(reason for item in items for reason in item.reasons)),
    )


def _case_flags(
    photos: Sequence[PhotoResult], report: Sequence[ReportLine], failed: Sequence[PhotoFailure]
) -> Iterable[Reason]:
    """Why a person must look at the case: the negation of what *auto-accepted* needs."""
    if failed:
        names = names_in_words(failure.file for failure in failed)
        yield Reason(
            "photo_failed", f"{counted(len(failed), 'photo')} could not be assessed: {names}."
        )
    if not any(photo.vehicle for photo in photos):
        yield Reason("no_vehicle", "No photo shows a vehicle.")
        return
    if not report:
        yield Reason("nothing_found", "No damage was found on any photo.")
    missed = [photo.file for photo in photos if photo.damaged and not photo.damaged_parts]
    if missed:
        yield Reason(
            "damaged_without_part",
            f"{counted(len(missed), 'photo')} {'looks' if len(missed) == 1 else 'look'} damaged, "
            f"but no damaged part was found there: {names_in_words(missed)}.",
        )
    yield from _damaged_part_flags(photos, report)


def _damaged_part_flags(
    photos: Sequence[PhotoResult], report: Sequence[ReportLine]
) -> Iterable[Reason]:
    items = [item for photo in photos for item in photo.damaged_parts]
    unknown = sum(item.part == PART_UNKNOWN for item in items)
    if unknown:
        yield Reason(
            "part_unknown",
            f"For {counted(unknown, 'damaged region').lower()} we could not tell which part it is.",
        )
    disagreed = [
        part_in_words(line.part, line.side)
        for line in report
        if any(reason.code == "views_disagree" for reason in line.reasons)
    ]
    if disagreed:
        yield Reason("views_disagree", f"Views disagree on: {names_in_words(disagreed)}.")
    flagged = sum(item.flagged for item in items)
    if flagged:
        yield Reason("flagged", f"{counted(flagged, 'damaged part')} of {len(items)} to look at.")
