"""Writes labels to a zip, one photo after the other; nothing of a photo stays in memory."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from typing import IO

from inference.masks import LabelMap, decode_label_map
from inference.taxonomy import DAMAGE, PARTS, Layer
from reviewapp.datasets.labels import Label
from reviewapp.datasets.splits import Split
from reviewapp.datasets.writers import papers
from reviewapp.datasets.writers.archive import Archive
from reviewapp.datasets.writers.coco import (
    Annotation,
    CocoFiles,
    damage_annotations,
    part_annotations,
)
from reviewapp.datasets.writers.counts import Counts
from reviewapp.datasets.writers.label_maps import indexed_png
from reviewapp.datasets.writers.photos import bare_jpeg
from reviewapp.datasets.writers.spool import Spool

Read = Callable[[str], bytes]


def dataset_write(
    out: IO[bytes],
    labels: Iterable[Label | None],
    *,
    read: Read,
    on_photo: Callable[[Counts], None],
) -> Counts:
    """Write the whole zip to `out`, a seekable file.

    A photo without final label maps comes as None: it is counted and left out. `on_photo` is
    called after each photo and may stop the work by raising.
    """
    with ExitStack() as stack:
        writer = _Writer(out, read, stack)
        for label in labels:
            writer.add(label)
            on_photo(writer.counts)
        writer.finish()
        return writer.counts


class _Writer:
    def __init__(self, out: IO[bytes], read: Read, stack: ExitStack) -> None:
        self.counts = Counts()
        self._read = read
        self._archive = stack.enter_context(closing(Archive(out)))
        self._coco = stack.enter_context(closing(CocoFiles()))
        self._photos = stack.enter_context(closing(Spool()))

    def add(self, label: Label | None) -> None:
        if label is None:
            self.counts.left_out += 1
            return
        shape = (label.height, label.width)
        parts_map = decode_label_map(self._read(label.parts_map), shape=shape)
        damage_map = decode_label_map(self._read(label.damage_map), shape=shape)
        name = self._add_files(label, parts_map, damage_map)
        self._add_image(name, label)
        parts = self._annotate(PARTS, label.split, part_annotations(parts_map))
        damage = self._annotate(DAMAGE, label.split, damage_annotations(parts_map, damage_map))
        self.counts.add(label, parts=parts, damage=damage)

    def finish(self) -> None:
        self._coco.write(self._archive)
        self._archive.add_text("taxonomy.json", [papers.taxonomy_file()])
        self._archive.add_text("README.txt", [papers.README.encode()])
        listing = self._archive.listing
        self._archive.add_text("manifest.json", papers.manifest(self.counts, self._photos, listing))
        self._archive.finish()

    def _add_files(self, label: Label, parts_map: LabelMap, damage_map: LabelMap) -> str:
        photo = bare_jpeg(self._read(label.display))
        content = hashlib.sha256(photo).hexdigest()[:16]
        name = f"{label.case}-{label.number:03}-{content}"
        self._archive.add(f"photos/{name}.jpg", photo)
        self._archive.add(f"parts/{name}.png", indexed_png(parts_map, PARTS))
        self._archive.add(f"damage/{name}.png", indexed_png(damage_map, DAMAGE))
        return name

    def _add_image(self, name: str, label: Label) -> None:
        size: dict[str, object] = {"width": label.width, "height": label.height}
        image = {"file_name": f"photos/{name}.jpg", **size, "case": label.case}
        self._coco.add_image(label.split, image)
        self._photos.append(
            {
                "name": name,
                "case": label.case,
                "split": label.split.value,
                **size,
                "revision": label.revision,
                "label_maps_by": "models" if label.revision == 0 else label.decided_by,
                "decided_by": label.decided_by,
                "model_version": label.model_version,
            }
        )

    def _annotate(self, layer: Layer, split: Split, annotations: Iterator[Annotation]) -> list[str]:
        class_ids = self._coco.add_annotations(layer, split, annotations)
        return [layer.by_id[class_id].label for class_id in class_ids]
