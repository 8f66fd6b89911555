"""The words people read in reasons and flags."""

from collections.abc import Iterable

from inference.taxonomy import Side

_DAMAGE_WORDS = {"Broken": "broken part", "Missing": "missing part"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NAMES_SHOWN = 3


def damage_in_words(damage_type: str) -> str:
    """An original damage type as a thing one can point at: `dent`, `broken part`."""
    return _DAMAGE_WORDS.get(damage_type, damage_type.lower())


def part_in_words(part: str, side: Side | None) -> str:
    """`left front door` for ("Front Door Shell", "left")."""
    words = part.lower().removesuffix(" shell")
    return f"{side} {words}" if side else words


def counted(number: int, thing: str) -> str:
    """`Two photos`: the number in words up to nine, capitalised, and the thing in its plural."""
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word.capitalize()} {thing}{'' if number == 1 else 's'}"


def names_in_words(names: Iterable[str]) -> str:
    """The names once each, a long list cut: `a.jpg, b.jpg, c.jpg and 2 more`."""
    distinct = list(dict.fromkeys(names))
    shown = ", ".join(distinct[:_NAMES_SHOWN])
    more = len(distinct) - _NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
