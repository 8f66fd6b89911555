"""The labels that there are: reviewed photos with their final label maps."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, QuerySet

from reviewapp.accounts.models import Role
from reviewapp.assessment.selectors import current_assessment
from reviewapp.datasets.labels import Label, case_pseudonym
from reviewapp.datasets.splits import Split, oldest_relatives, split_of
from reviewapp.foundation.errors import NotFoundError
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.selectors import photos_of
from reviewapp.intake.states import NOT_COUNTED, PhotoState
from reviewapp.modelversions.models import ModelVersion
from reviewapp.review.selectors import MapKeys, final_label_maps_of, reviewed_cases


class Available(NamedTuple):
    """What an export would look at."""

    cases: int
    photos: int


def labels_available(until: datetime) -> Available:
    cases = reviewed_cases(until)
    photos = Photo.objects.filter(case__in=cases.values("pk"), state=PhotoState.READY)
    return Available(cases.count(), photos.count())


def labels_until(until: datetime) -> Iterator[Label | None]:
    """All labels, case by case in a stable order; None for a photo without final label maps.

    Cases are read one by one, so that no cursor stays open for hours beside other writers.
    """
    relatives = oldest_relatives(_sharing())
    cases = reviewed_cases(until).order_by("pk")
    for case_id in list(cases.values_list("pk", flat=True)):
        case = cases.filter(pk=case_id).first()
        if case is not None:
            yield from _labels_of(case, split_of(relatives.get(case_id, case_id)))


def _labels_of(case: Case, split: Split) -> Iterator[Label | None]:
    final = final_label_maps_of(case)
    model = _model_version(case)
    for photo in photos_of(case):
        keys = final.get(photo.pk)
        yield None if keys is None else _label(photo, split, keys, model)


def _label(photo: Photo, split: Split, keys: MapKeys, model: ModelVersion) -> Label:
    return Label(
        case=case_pseudonym(photo.case_id),
        number=photo.number,
        split=split,
        width=photo.width or 0,
        height=photo.height or 0,
        display=photo.display,
        parts_map=keys.parts_map,
        damage_map=keys.damage_map,
        revision=keys.revision,
        # Only adjusters review (accounts.permissions); who it was stays in the house.
        decided_by=Role.ADJUSTER.value,
        model_version=model.name,
        model_weights=model.weights_sha256,
    )


def _model_version(case: Case) -> ModelVersion:
    assessment = current_assessment(case)
    if assessment is None:
        raise NotFoundError(f"A reviewed case has no assessment: {case.pk}.")
    return assessment.model_version


def _sharing() -> list[tuple[str, UUID]]:
    """(content, case) for every photo that several cases hold, the oldest case first.

    Cases that are not reviewed count too: their review must not move the others' split.
    """
    rows = {row for field in ("sha256", "display") for row in _shared_by(field)}
    return [(content, case_id) for _, case_id, content in sorted(rows)]


def _shared_by(field: str) -> QuerySet[Photo, tuple[datetime, UUID, str]]:
    counted = Photo.objects.exclude(state__in=NOT_COUNTED).exclude(display="")
    cases = counted.order_by().values(field).annotate(cases=Count("case", distinct=True))
    shared = cases.filter(cases__gt=1).values(field)
    rows = counted.filter(**{f"{field}__in": shared})
    return rows.values_list("case__created_at", "case_id", field)
