"""Reading a collection to its end, although its pages are counted from a set that moves meanwhile.

Pages are offsets. While they are read, an edited incident moves to the front and pushes others back: they are seen
twice, which is harmless. A deleted one pulls others forward, over the edge of a page already read: they would
never be seen. So each page overlaps the one before by one item; where that item is not on it, we step back.

    page 1   [ a b c d ]             asked at 0
    page 2         [ d e f g ]       asked at 3: d is known, nothing was pulled over the edge
    page 3               [ h i j k ] asked at 6: g should be first; step back and look what came between

A collection ends where `Total` says or, without a `Total`, at the first empty page: a short page is no end, because
a server may cut `$top` silently.
"""

from collections.abc import Iterator, Mapping

from syncer.core.records import Side
from syncer.errors import Unavailable
from syncer.incidents.answers import Json
from syncer.incidents.client import IncidentClient

TOP = 100
"""The longest page that a client of the vendor's asks for; the greatest allowed is not documented."""

MOST_DETOURS = 10
"""How often one listing may step back, or get a page that holds nothing new, before it is given up."""


def pages(
    client: IncidentClient, path: str, params: Mapping[str, str], *, may_repeat: bool = False
) -> Iterator[list[Json]]:
    """Pages of a collection, without those items that came already; at least one page, which may be empty.

    `may_repeat` is for a collection that is not documented to have pages: one that gives the same items again was
    read to its end. Raises `Unavailable` rather than ending early, and whatever `IncidentClient.get` raises."""
    seen: set[str] = set()
    skip = detours = 0
    while True:
        asked: dict[str, str | int] = {**params, "$top": TOP, "$skip": skip, "$inlinecount": "allpages"}
        body = client.get(path, asked).body
        items = _items(path, body)
        total = body.get("Total")
        known = not seen or (bool(items) and items[0]["Id"] in seen)
        fresh = [item for item in items if item["Id"] not in seen]
        seen.update(item["Id"] for item in fresh)
        if fresh or not skip:
            yield fresh
        if not items:
            _check_end(path, skip, total)
            return
        if known and isinstance(total, int) and skip + len(items) >= total:
            return
        if may_repeat and total is None and not fresh:
            return
        if not known or not fresh:
            detours += 1
        if detours > MOST_DETOURS:
            raise Unavailable(Side.INCIDENT, f"Enterprise Tester's list /api/{path} does not come to an end")
        skip = skip + max(len(items) - 1, 1) if known else max(skip - len(items), 0)


def _items(path: str, body: Json) -> list[Json]:
    items = body.get("Items")
    if not isinstance(items, list) or not all(isinstance(item, dict) and item.get("Id") for item in items):
        raise Unavailable(Side.INCIDENT, f"Enterprise Tester answered GET /api/{path} with something that is no list")
    return items


def _check_end(path: str, skip: int, total: object) -> None:
    if isinstance(total, int) and skip < total:
        said = f"Enterprise Tester's list /api/{path} ended after {skip} of {total} items"
        raise Unavailable(Side.INCIDENT, said)
