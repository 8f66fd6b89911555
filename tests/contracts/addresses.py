"""Every address of the site, and how to ask at one."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.contracts.matrix import Row
from tests.contracts.world import World

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def routes() -> set[str]:
    return set(_routes("", get_resolver().url_patterns))


def _routes(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(route, entry.url_patterns)
        else:
            yield route


def url_of(world: World, row: Row) -> str:
    place = world.places[row.place]
    return "/" + _PARAMETER.sub(lambda found: str(place[found.group(1)]), row.route)


def ask(world: World, row: Row, who: str, *, method: str = "", **options: Any) -> Any:
    """The answer to a valid request of this row, asked by this person."""
    body = {} if method else row.body(world, world.places[row.place])
    client = world.client(who, **options)
    response = getattr(client, (method or row.method).lower())(url_of(world, row), **body)
    if response.streaming:
        b"".join(response.streaming_content)  # read to its end, the file is closed
    return response


def status_of(response: Any) -> str:
    """As the matrix writes it."""
    if response.status_code == 302 and response["Location"].startswith("/sign-in/?next="):
        return "in"
    return str(response.status_code)
