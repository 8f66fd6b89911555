"""Which split a case belongs to: by hash, so it stays where it is when more cases come.

Cases that share a photo stay together, in the split of the oldest of them.
"""

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from uuid import UUID


class Split(StrEnum):
    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


# Upper end of each split on the line from 0 to 1.
SHARES: tuple[tuple[Split, float], ...] = (
    (Split.TRAIN, 0.8),
    (Split.VALIDATION, 0.9),
    (Split.TEST, 1.0),
)


def split_of(case_id: UUID) -> Split:
    digest = hashlib.sha256(b"split:" + case_id.bytes).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    return next(split for split, end in SHARES if place < end)


def oldest_relatives(sharing: Iterable[tuple[str, UUID]]) -> Mapping[UUID, UUID]:
    """For every case that shares content: the first named case that it hangs together with.

    `sharing` holds (content, case), the oldest case first. Only shared content need be named.
    """
    parent: dict[UUID, UUID] = {}
    age: dict[UUID, int] = {}
    holder: dict[str, UUID] = {}

    def root(case: UUID) -> UUID:
        while parent[case] != case:
            parent[case] = case = parent[parent[case]]
        return case

    for content, case in sharing:
        parent.setdefault(case, case)
        age.setdefault(case, len(age))
        first, second = root(holder.setdefault(content, case)), root(case)
        older, younger = sorted((first, second), key=age.__getitem__)
        parent[younger] = older
    return {case: root(case) for case in parent}
