"""A label as it is exported: a photo with its final label maps, and nothing of its case."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from reviewapp.datasets.splits import Split


@dataclass(frozen=True, slots=True)
class Label:
    """Keys of the stored files and what the manifest says of the photo.

    `case` groups the photos of one case without naming it; `decided_by` is a role.
    """

    case: str
    number: int
    split: Split
    width: int
    height: int
    display: str
    parts_map: str
    damage_map: str
    revision: int
    decided_by: str
    model_version: str
    model_weights: str


def case_pseudonym(case_id: UUID) -> str:
    """Twelve hexadecimal digits that group photos; the random case id cannot be read from them."""
    return hashlib.sha256(b"case:" + case_id.bytes).hexdigest()[:12]
