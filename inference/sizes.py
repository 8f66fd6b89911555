"""View, size class and severity from pixels, by the tables of `sizes.toml` (PIPELINE 5).

Size is said as (a) the share of the visible part, (b) the share of the photo and (d) a size
class. Centimetres (c) need objects of known size in view and are not estimated here.
"""

import tomllib
from bisect import bisect_right
from pathlib import Path

from inference.errors import ConfigError
from inference.results import Severity, SizeClass, View
from inference.taxonomy import DAMAGE

_TABLES = tomllib.loads(Path(__file__).with_name("sizes.toml").read_text(encoding="utf-8"))
_SIZE_CLASSES = tuple(SizeClass)
_VIEWS = tuple((View(name), minimum) for name, minimum in _TABLES["view"].items())


def _check_tables() -> None:
    types = {item.name for item in DAMAGE.classes}
    if set(_TABLES["severity"]) != types:
        missing = sorted(types.symmetric_difference(_TABLES["severity"]))
        raise ConfigError(f"sizes.toml: severity names other damage types: {missing}.")


_check_tables()


def view_of(parts_seen: int) -> View | None:
    """How near a photo was taken, from the number of parts in it; None where there is none."""
    if not parts_seen:
        return None
    return next((view for view, minimum in _VIEWS if parts_seen >= minimum), View.CLOSE_UP)


def size_class_of(
    view: View | None, share_of_part: float | None, share_of_photo: float
) -> SizeClass:
    """Size class of a region; a photo without parts is taken for a close-up."""
    name = (view or View.CLOSE_UP).value
    if share_of_part is None:
        return _SIZE_CLASSES[bisect_right(_TABLES["share_of_photo"][name], share_of_photo)]
    return _SIZE_CLASSES[bisect_right(_TABLES["share_of_part"][name], share_of_part)]


def severity_of(damage_type: str, size: SizeClass) -> Severity:
    """Severity of an original damage type of this size."""
    return Severity(_TABLES["severity"][damage_type][_SIZE_CLASSES.index(size)])
