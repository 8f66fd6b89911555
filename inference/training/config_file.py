"""Reads the configuration of a training strictly from a TOML file: every key known, every value
of the type that `config` says."""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from inference.errors import ConfigError
from inference.training.config import ClassifierConfig, SegmentationConfig, TrainingConfig

T = TypeVar("T")


def read_config(path: Path, changes: Sequence[str] = ()) -> TrainingConfig:
    """Read a training configuration; `ConfigError` names the key that is wrong and the cure.

    `changes` are values that differ from the file's, such as `schedule.epochs=20` or
    `heads.parts.loss={ focal = 1.0 }` (keys and values in TOML). Entries of an array are named:
    `sets.damage-by-part.share=0.2`, `judges."damage-claims binary damage".photos=20`.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    for change in changes:
        _apply(data, change)
    return config_from(data, str(path))


def _apply(data: dict[str, Any], change: str) -> None:
    """Set one value; an entry of an array of tables is reached by its name."""
    key, equals, text = change.partition("=")
    if not equals or not key.strip():
        raise ConfigError(f"{change!r} is no KEY=VALUE.")
    try:
        value = tomllib.loads(f"value = {text.strip()}")["value"]
        *tables, last = _steps(key)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{change!r} is no KEY=VALUE with a TOML value: {error}") from error
    place: object = data
    for table in tables:
        place = _entered(place, table, change)
    if not isinstance(place, dict):
        raise ConfigError(f"{change!r}: {tables[-1]!r} is no table that could be changed.")
    place[last] = value


def _steps(key: str) -> list[str]:
    """A dotted TOML key, where names with spaces or dots are quoted, as its steps."""
    steps: list[str] = []
    place: Any = tomllib.loads(f"{key} = 0")
    while isinstance(place, dict):
        ((step, place),) = place.items()
        steps.append(step)
    return steps


def _entered(place: object, step: str, change: str) -> object:
    if isinstance(place, dict):
        return place.setdefault(step, {})
    if isinstance(place, list):
        entries = {_entry_name(entry): entry for entry in place if isinstance(entry, dict)}
        if step in entries:
            return entries[step]
        known = ", ".join(map(repr, entries))
        raise ConfigError(f"{change!r}: there is no entry {step!r}; there are: {known}.")
    raise ConfigError(f"{change!r}: {step!r} lies in no table that could be changed.")


def _entry_name(entry: dict[str, Any]) -> str:
    """The name of a set; a judge is called as its figure: `SET TAXONOMY HEAD`."""
    judged = (entry.get(key) for key in ("set", "taxonomy", "head"))
    return str(entry.get("name") or " ".join(map(str, judged)))


def config_from(data: dict[str, Any], where: str) -> TrainingConfig:
    """As `read_config`, from the parsed TOML."""
    task = data.get("task", "segmentation")
    if task == "classifier":
        return _build(ClassifierConfig, data, where)
    if task == "segmentation":
        return _build(SegmentationConfig, data, where)
    raise ConfigError(f"{where}: task is {task!r}; it must be segmentation or classifier.")


def _build(kind: type[T], data: object, where: str) -> T:
    """A dataclass from a table: every key known, every value of the annotated type."""
    if not isinstance(data, dict):
        raise ConfigError(f"{where} must be a table.")
    fields = {item.name: item for item in dataclasses.fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(data) - set(fields)):
        raise ConfigError(f"{where}: unknown {unknown}; known are: {', '.join(fields)}.")
    hints = typing.get_type_hints(kind)
    values = {key: _value(hints[key], value, f"{where}.{key}") for key, value in data.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise ConfigError(f"{where}: {error}") from error


def _value(hint: Any, value: object, where: str) -> object:  # noqa: ANN401
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _build(hint, value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if origin is dict and isinstance(value, dict):
        return {
            _value(arguments[0], key, where): _value(arguments[1], item, f"{where}.{key}")
            for key, item in value.items()
        }
    if origin is Literal or isinstance(hint, types.UnionType):
        return _one_of(arguments, value, where)
    if hint is Any:
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise ConfigError(f"{where} is {value!r}; it must be {getattr(hint, '__name__', hint)}.")


def _one_of(allowed: tuple[object, ...], value: object, where: str) -> object:
    if value not in allowed:
        raise ConfigError(
            f"{where} is {value!r}; it must be one of {', '.join(map(str, allowed))}."
        )
    return value
