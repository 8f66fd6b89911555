"""From the rows of a case to how it stands. Pure: reads no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from inference import masks
from inference.masks import Box
from inference.results import SizeClass, View
from inference.sizes import severity_of, size_class_of
from reviewapp.assessment.models import DamagedPart, PhotoResult
from reviewapp.review.models import Correction, Decision
from reviewapp.review.regions import Region, overlap_share
from reviewapp.review.standing import CaseRecord, CaseStanding, StandingLine, StandingPart
from reviewapp.review.states import Standing, Verdict
from reviewapp.review.words import Vocabulary, Words, vocabulary

# A later assessment's damaged part is the same one if it says the same of mostly the same pixels.
SAME_PIXELS = 0.5

_STANDING_OF = {
    Verdict.ACCEPT: Standing.ACCEPTED,
    Verdict.CORRECT: Standing.CORRECTED,
    Verdict.REJECT: Standing.REJECTED,
    Verdict.MISSED: Standing.MISSED,
}


def stand(record: CaseRecord) -> CaseStanding:
    return _Reader(record).read()


def heirs_of(old: Iterable[DamagedPart], new: Sequence[DamagedPart]) -> dict[UUID, UUID]:
    """Which damaged part of the newest assessment each older one lives on in, if in any."""
    heirs: dict[UUID, UUID] = {}
    for part in old:
        alike = [
            (share, other.pk)
            for other in new
            if other.photo_result.photo_id == part.photo_result.photo_id
            and words_said(other).key == words_said(part).key
            and (share := overlap_share(part.mask, other.mask)) >= SAME_PIXELS
        ]
        if alike:
            heirs[part.pk] = max(alike)[1]
    return heirs


def words_said(part: DamagedPart) -> Words:
    return Words(part.part, part.side, part.damage, part.damage_type)


def newest_corrections(corrections: Iterable[Correction]) -> dict[UUID, Correction]:
    ordered = sorted(corrections, key=lambda item: item.revision)
    return {item.photo_id: item for item in ordered}


def region_said(part: DamagedPart) -> Region:
    x, y, width, height = part.bbox
    return Region(
        words=words_said(part),
        bbox=(x, y, width, height),
        area_px=part.area_px,
        share_of_part=part.share_of_part,
        share_of_photo=part.share_of_photo,
        size_class=part.size_class,
        severity=part.severity,
        mask=part.mask,
        damaged_parts=(str(part.pk),),
    )


class _Reader:
    """Reads one record; only here so that its indexes need not be handed around."""

    def __init__(self, record: CaseRecord) -> None:
        self.record = record
        self.words: Vocabulary = vocabulary(
            record.assessment.parts_merge, record.assessment.damage_merge
        )
        self.results: dict[UUID | None, PhotoResult] = {
            result.photo_id: result for result in record.results
        }
        self.heirs = heirs_of(record.older_parts, record.parts)
        self.corrections = newest_corrections(record.corrections)
        self.regions = [
            (item.photo_id, Region.from_json(row))
            for item in self.corrections.values()
            for row in item.regions
        ]
        self.region_of_part = self._regions_by_part()
        self.region_of_missed = {
            UUID(name): region for _, region in self.regions for name in region.missed
        }
        self.decided = self._decided()

    def read(self) -> CaseStanding:
        on_line = {item.line_id: item for item in self.record.decisions if item.undone_at is None}
        by_line: dict[UUID | None, list[StandingPart]] = {}
        for part in self.record.parts:
            by_line.setdefault(part.line_id, []).append(self._part(part))
        lines = [
            StandingLine(line, tuple(by_line.get(line.pk, ())), on_line.get(line.pk))
            for line in self.record.lines
        ]
        lines.sort(key=lambda item: (not item.line.flagged, item.line.number))
        return CaseStanding(
            record=self.record,
            lines=tuple(lines),
            added=(*self._kept(), *self._missed()),
            corrections=self.corrections,
        )

    def _regions_by_part(self) -> dict[UUID, Region]:
        found: dict[UUID, Region] = {}
        for _, region in self.regions:
            for name in region.damaged_parts:
                old = UUID(name)
                found.setdefault(self.heirs.get(old, old), region)
        return found

    def _decided(self) -> dict[UUID, Decision]:
        """The newest standing decision of each damaged part, made on it or on its line."""
        every = (*self.record.parts, *self.record.older_parts)
        of_line: dict[UUID | None, list[UUID]] = {}
        for part in every:
            of_line.setdefault(part.line_id, []).append(part.pk)
        decided: dict[UUID, Decision] = {}
        for decision in self.record.decisions:
            if decision.undone_at is not None or decision.verdict == Verdict.MISSED:
                continue
            for part_id in _subjects(decision, of_line):
                decided[self.heirs.get(part_id, part_id)] = decision
        return decided

    def _part(self, part: DamagedPart) -> StandingPart:
        decision = self.decided.get(part.pk)
        region = self.region_of_part.get(part.pk)
        photo_id = part.photo_result.photo_id
        if region is None and photo_id not in self.corrections:
            region = region_said(part)
        shape = region or region_said(part)
        words = self._words(decision, shape.words)
        return StandingPart(
            id=part.pk,
            photo=part.photo_result.photo,
            words=words,
            state=_state(decision),
            decision=decision,
            model=part,
            region=region,
            bbox=shape.bbox,
            mask=shape.mask,
            area_px=shape.area_px,
            share_of_part=shape.share_of_part,
            share_of_photo=shape.share_of_photo,
            size_class=shape.size_class,
            severity=self._severity(words, shape.size_class),
            line_id=part.line_id,
        )

    def _words(self, decision: Decision | None, words: Words) -> Words:
        """The words of a decision that corrects; what it leaves open stays."""
        if decision is None or decision.verdict != Verdict.CORRECT:
            return words
        same_damage = decision.damage == words.damage
        return Words(
            decision.part,
            decision.side,
            decision.damage,
            decision.damage_type or (words.damage_type if same_damage else ""),
        )

    def _severity(self, words: Words, size_class: str) -> str:
        if not size_class:
            return ""
        damage_type = words.damage_type or self.words.types_of(words.damage)[0]
        return severity_of(damage_type, SizeClass(size_class)).value

    def _kept(self) -> Iterable[StandingPart]:
        """What a person said of older assessments' damaged parts that this one does not have.

        A rejected one matters only where the label maps still hold it.
        """
        for part in self.record.older_parts:
            decision = self.decided.get(part.pk)
            on_photo = part.photo_result.photo_id in self.results
            if part.pk in self.heirs or decision is None or not on_photo:
                continue
            region = self.region_of_part.get(part.pk)
            if decision.verdict != Verdict.REJECT or region is not None:
                yield replace(self._part(part), region=region, line_id=None)

    def _missed(self) -> Iterable[StandingPart]:
        for decision in self.record.decisions:
            if decision.verdict != Verdict.MISSED or decision.undone_at is not None:
                continue
            region = self.region_of_missed.get(decision.pk)
            gone = decision.correction_id is not None and region is None
            if decision.photo_id in self.results and not gone:
                yield self._missed_part(decision, region)

    def _missed_part(self, decision: Decision, region: Region | None) -> StandingPart:
        said = Words(decision.part, decision.side, decision.damage, decision.damage_type)
        words = region.words if region else said
        result = self.results[decision.photo_id]
        mask = region.mask if region else decision.mask
        size = region.size_class if region else _size(decision, result)
        area = region.area_px if region else _area(decision)
        return StandingPart(
            id=decision.pk,
            photo=result.photo,
            words=words,
            state=Standing.MISSED,
            decision=decision,
            model=None,
            region=region,
            bbox=region.bbox if region else _box(decision),
            mask=mask,
            area_px=area,
            share_of_part=region.share_of_part if region else None,
            share_of_photo=_share(area, result),
            size_class=size,
            severity=self._severity(words, size),
        )


def _subjects(decision: Decision, of_line: Mapping[UUID | None, Sequence[UUID]]) -> Sequence[UUID]:
    if decision.damaged_part_id is not None:
        return (decision.damaged_part_id,)
    return of_line.get(decision.line_id, ())


def _state(decision: Decision | None) -> Standing:
    return Standing.UNDECIDED if decision is None else _STANDING_OF[Verdict(decision.verdict)]


def _area(decision: Decision) -> int | None:
    """Pixels of missed damage by its mask, else of its box; None where nobody said where."""
    if decision.mask:
        return masks.rle_area(decision.mask)
    return decision.bbox[2] * decision.bbox[3] if decision.bbox else None


def _share(area: int | None, result: PhotoResult) -> float | None:
    pixels = (result.photo.width or 0) * (result.photo.height or 0)
    return None if area is None or not pixels else area / pixels


def _size(decision: Decision, result: PhotoResult) -> str:
    share = _share(_area(decision), result)
    view = View(result.view) if result.view else None
    return "" if share is None else size_class_of(view, None, share).value


def _box(decision: Decision) -> Box | None:
    if decision.bbox is None:
        return None
    x, y, width, height = decision.bbox
    return x, y, width, height
