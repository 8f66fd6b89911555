"""What an export says of itself: the taxonomy, the manifest, and a page to read first."""

from collections.abc import Iterator

from inference.taxonomy import BACKGROUND, DAMAGE, IGNORE, PARTS, Layer
from inference.taxonomy.taxonomy import VERSION
from reviewapp.datasets.splits import SHARES
from reviewapp.datasets.writers.counts import Counts
from reviewapp.datasets.writers.spool import Spool, compact

FORMAT_VERSION = 1
PLATES = "Licence plates are not yet blurred in these photos: handle them as personal data."


def taxonomy_file() -> bytes:
    layers = {"parts": _layer(PARTS), "damage": _layer(DAMAGE)}
    return compact({"version": VERSION, **layers}) + b"\n"


def _layer(layer: Layer) -> dict[str, object]:
    return {
        "background": {"id": BACKGROUND, "name": layer.background},
        "ignore": IGNORE,
        "classes": [
            {
                "id": item.id,
                "label": item.label,
                "name": item.name,
                "side": item.side,
                "minor": item.minor,
                "colour": item.colour,
            }
            for item in layer.classes
        ],
        "merges": {
            name: {
                "classes": [
                    {"id": number, "name": merged, "members": list(members)}
                    for number, (merged, members) in enumerate(
                        zip(merge.classes, merge.members, strict=True), start=1
                    )
                ],
                "left_out": list(merge.left_out),
            }
            for name, merge in layer.merges.items()
        },
    }


def manifest(counts: Counts, photos: Spool, files: Spool) -> Iterator[bytes]:
    """The manifest in pieces; it lists every file of the zip but itself."""
    head = {
        "format": "vehicle-damage-labels",
        "format_version": FORMAT_VERSION,
        "taxonomy_version": VERSION,
        "notice": PLATES,
        "splits": {split.value: end for split, end in SHARES},
        "counts": counts.to_json(),
        "model_versions": counts.model_versions_to_json(),
    }
    yield compact(head).removesuffix(b"}") + b',\n"photos":'
    yield from photos.array()
    yield b',\n"files":'
    yield from files.array()
    yield b"}\n"


README = f"""Labels of vehicle damage, decided by people
============================================

{PLATES}
There is no claim number, plate number, VIN, place, name or file name of a user in this archive,
and the photos carry no EXIF. What a photo itself shows is left as it is.

photos/NAME.jpg   the photo, upright, sRGB, long side at most 1,600 px
parts/NAME.png    its parts: 8-bit indexed PNG of the same size, value = class id
damage/NAME.png   its damage, likewise
coco/LAYER_SPLIT.json   the same as COCO instances; LAYER is parts or damage
taxonomy.json     classes with ids, sides, colours, and the coarser merges
manifest.json     every file with size and SHA-256, every photo with its split, counts, models

NAME is CASE-NUMBER-CONTENT: a group (photos with equal CASE show one vehicle), the photo's number
in it, and the first 16 digits of the SHA-256 of photos/NAME.jpg.

Ids      0 is background or no damage, {IGNORE} is "ignore" (nobody decided this pixel; leave it out
         of training and of counts). Class ids are fixed: category_id in COCO = value in the label
         map = id in taxonomy.json. Parts and damage count from 1 each, in files of their own.
COCO     Masks are compressed RLE with holes and islands. A part is one annotation a photo; damage
         is one annotation a connected region of one damage type, with part_id, the part that most
         of it lies on (0: no known part). The union of a category's masks is the label map's class
         to the pixel. Photos without damage are listed too, without annotations.
Splits   train, validation, test by case: by a hash, so a case stays in its split in later exports.
         Cases that share a photo are in one split. Manifest "splits" holds the upper ends.
Revision 0: the label map is what the models said and an adjuster left as it was; from 1 on an
         adjuster has corrected it that many times. Colours follow the palette of taxonomy.json.

Equal labels give equal bytes: two exports with the same SHA-256 hold the same.

    from pycocotools.coco import COCO
    labels = COCO("coco/damage_train.json")
    mask = labels.annToMask(labels.loadAnns(labels.getAnnIds())[0])
"""
