"""Parts and damage measured on a folder of labelled photos, one prediction a photo."""

from collections.abc import Iterator, Sequence

from inference.data.records import LabelledPhoto
from inference.errors import LabelError
from inference.evaluation.boundary import BoundaryQuality
from inference.evaluation.conditions import parts_seen
from inference.evaluation.counts import PhotoCounts, confusion
from inference.evaluation.figures import SegmentationFigures
from inference.evaluation.judging import Judge
from inference.evaluation.measures import ClassNames, JudgedPhoto, Measure
from inference.evaluation.pixel_calibration import PixelCalibration
from inference.predictor import Predictor
from inference.taxonomy import LayerName
from inference.taxonomy.mapping import SetMapping

MEASURES: tuple[Measure, ...] = (BoundaryQuality(), PixelCalibration())


def judge_of(mapping: SetMapping, layer: LayerName, taxonomy: str) -> Judge:
    """How this layer of the set is judged; `LabelError` where the set does not label it."""
    if layer not in mapping.layers:
        raise LabelError(f"The set {mapping.name!r} has no {layer} labels to evaluate on.")
    of_layer = mapping.layers[layer]
    return Judge(of_layer, of_layer.layer.merge(taxonomy))


def labelled_in(
    layer: LayerName, photos: Sequence[LabelledPhoto], mapping: SetMapping
) -> list[LabelledPhoto]:
    """The photos that are labelled in `layer`; `LabelError` where there is none."""
    judged = [photo for photo in photos if layer in photo.layers]
    if not judged:
        raise LabelError(f"No photo of {mapping.name!r} is labelled in {layer}.")
    return judged


def evaluate_layer(
    predictor: Predictor,
    photos: Sequence[LabelledPhoto],
    mapping: SetMapping,
    layer: LayerName,
    taxonomy: str,
    clusters: dict[str, str] | None = None,
    measures: tuple[Measure, ...] = MEASURES,
) -> SegmentationFigures:
    """Predict and count every photo that is labelled in `layer`.

    `clusters` maps a photo's key to the case it belongs to, for intervals.
    """
    judge = judge_of(mapping, layer, taxonomy)
    judged = labelled_in(layer, photos, mapping)
    names = ClassNames(judge.names, judge.classes)
    clusters = clusters or {}
    counts = [
        PhotoCounts(
            file=photo.path.name,
            cluster=clusters.get(photo.key, photo.key),
            counts=confusion(one.truth, one.predicted, len(judge.names)),
            parts_seen=seen,
            tables={measure.key: measure.count(one, names) for measure in measures},
        )
        for photo, one, seen in _judged(predictor, judged, judge, layer)
    ]
    return SegmentationFigures(judge, counts, predictor.version.version, measures)


def _judged(
    predictor: Predictor, photos: Sequence[LabelledPhoto], judge: Judge, layer: LayerName
) -> Iterator[tuple[LabelledPhoto, JudgedPhoto, int | None]]:
    """Every photo with its labels and prediction, and the number of parts seen in it."""
    knows_parts = "parts" in predictor.version.modules
    heads = tuple(dict.fromkeys((layer, "parts"))) if knows_parts else (layer,)
    sources = [(photo.path.name, photo.path) for photo in photos]
    outputs = predictor.segment(sources, heads)
    for photo, (decoded, outputs_of_heads) in zip(photos, outputs, strict=True):
        require_size(photo, decoded.original_size)
        predicted, confidence = judge.prediction(outputs_of_heads[layer], photo.size)
        one = JudgedPhoto(photo.path.name, judge.truth(photo), predicted, confidence)
        rules = predictor.region_rules
        yield photo, one, parts_seen(outputs_of_heads["parts"], rules) if knows_parts else None


def require_size(photo: LabelledPhoto, size: tuple[int, int]) -> None:
    """`LabelError` where the photo is not as large as its labels say."""
    if size != photo.size:
        raise LabelError(f"{photo.path} is {size} (height, width); its labels say {photo.size}.")
