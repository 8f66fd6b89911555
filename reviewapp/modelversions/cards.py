"""A model card as its page shows it: every figure with its interval, nothing left out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reviewapp.modelversions.charts import Bar, Line, bar_of, curve_of, reliability_of
from reviewapp.modelversions.models import ModelVersion

_Data = Mapping[str, Any]
_MEASURES = {
    "segmentation": "mIoU on validation photos, background counted",
    "classifier": "on validation photos",
}
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure in words, with its 95 % interval where the card has one.

    `classes` are the figures of single classes that it is the mean of.
    """

    name: str
    value: str
    interval: str = ""
    photos: str = ""
    bar: Bar | None = None
    classes: tuple["Figure", ...] = ()


@dataclass(frozen=True, slots=True)
class Module:
    name: str
    network: str
    input: str
    precision: str
    measure: str
    thresholds: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    curves: tuple[Line, ...]
    trained_on: tuple[str, ...]
    started_from: str


@dataclass(frozen=True, slots=True)
class Card:
    trained: str
    code_version: str
    licence: str
    assessment: tuple[Figure, ...]
    reliability: Line | None
    figures: tuple[Figure, ...]
    modules: tuple[Module, ...]


def card_of(version: ModelVersion) -> Card:
    card: _Data = version.card
    modules: _Data = card.get("modules", {})
    # The card repeats the figures of its modules by name; each stands with its module here.
    of_all = {name: data for name, data in card.get("figures", {}).items() if name not in modules}
    return Card(
        trained=str(card.get("trained", "")),
        code_version=str(card.get("code_version", "")),
        licence=str(card.get("licence", "")),
        assessment=tuple(_figures(_without_points(card["assessment"]))),
        reliability=reliability_of(card["assessment"]["calibration"]),
        figures=tuple(_figures(of_all)),
        modules=tuple(_module(name, data) for name, data in modules.items()),
    )


def _module(name: str, data: _Data) -> Module:
    return Module(
        name=name,
        network=" with ".join(
            str(data[key]) for key in ("architecture", "encoder") if data.get(key)
        ),
        input=_input(data.get("input", {})),
        precision=str(data.get("precision", "")),
        measure=_MEASURES.get(data.get("kind", ""), ""),
        thresholds=tuple(_figures(_without_empty(data, "threshold", "thresholds"))),
        figures=tuple(_figures(data.get("figures", {}))),
        curves=tuple(
            line
            for line in (curve_of(name, points) for name, points in data.get("curves", {}).items())
            if line
        ),
        trained_on=tuple(_data_set(item) for item in data.get("trained_on", ())),
        started_from=_text(data.get("started_from", "")),
    )


def _input(data: _Data) -> str:
    if data.get("size"):
        height, width = data["size"]
        return f"{width} × {height} px"
    return f"long side {data['long_side']} px" if data.get("long_side") else ""


def _without_points(assessment: _Data) -> _Data:
    """The points of a calibration are drawn, not listed."""
    calibration = dict(assessment["calibration"])
    calibration.pop("points", None)
    return {**assessment, "calibration": calibration}


def _without_empty(data: _Data, *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names if data.get(name)}


def _data_set(item: object) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    name, rest = item.get("name", item.get("set", "")), dict(item)
    rest.pop("name", None)
    rest.pop("set", None)
    facts = ", ".join(f"{figure.name} {figure.value}" for figure in _figures(rest))
    return f"{name} ({facts})" if facts else str(name)


def _figures(data: _Data, above: str = "") -> Iterator[Figure]:
    """The leaves of a nested table, each named by its path."""
    for key, value in data.items():
        name = f"{above} · {_words(key)}" if above else _words(key)
        if not isinstance(value, Mapping):
            yield Figure(name, _text(value))
        elif "value" in value:
            yield Figure(
                name,
                _text(value["value"]),
                _interval(value),
                photos=_text(value.get("photos", "")),
                bar=bar_of(value["value"], value.get("interval")),
                classes=tuple(_figures(value.get("classes", {}))),
            )
        else:
            yield from _figures(value, name)


def _interval(data: _Data) -> str:
    bounds = data.get("interval") or [data.get("low"), data.get("high")]
    low, high = bounds
    return "" if low is None or high is None else f"{_text(low)} to {_text(high)}"


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".") if value >= 0.001 else f"{value:.2g}"
    if isinstance(value, str) and _HASH.fullmatch(value):
        return f"{value[:12]}…"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return str(value)


def _words(key: str) -> str:
    return key.replace("_", " ")
