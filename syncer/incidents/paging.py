"""Reading a collection to its end, although its pages are counted from a set that moves meanwhile.

Pages are offsets. While they are read, an edited incident moves to the front and pushes others back: they are seen
twice, which is harmless. A deleted one pulls others forward, over the edge of a page already read: they would
never be seen. So each page overlaps the one before by one item; where that item is not on it, we step back.

    page 1   [ a b c d ]              asked at 0
    page 2         [ d e f g ]        asked at 3: d is known, so nothing was pulled over the edge
    page 3               [ h i j k ]  asked at 6: g was to be first; step back and see what came between

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
"""How often a listing may step back before it is given up until the next poll."""


def pages(
    client: IncidentClient,
    path: str,
    params: Mapping[str, str],
    *,
    may_repeat: bool = False,
    named_by: tuple[str, ...] = ("Id",),
    top: int = TOP,
) -> Iterator[list[Json]]:
    """Pages of a collection, without those items that came already; at least one page, which may be empty.

    `may_repeat` is for a collection that is not documented to have pages: one that gives the same items again was
    read to its end. `named_by` are the members that tell one item from another, `top` is how long pages may be.
    Raises `Unavailable` rather than ending early, and whatever `IncidentClient.get` raises."""
    seen: set[str] = set()
    skip = size = detours = 0
    overlaps = False
    while True:
        asked: dict[str, str | int] = {**params, "$top": top, "$skip": skip, "$inlinecount": "allpages"}
        body = client.get(path, asked).body
        items, total = _items(path, body, named_by), body.get("Total")
        names = ["/".join(str(item[name]) for name in named_by) for item in items]
        # The second: what is given are not the pages asked for.
        if detours > MOST_DETOURS or skip > len(seen) + top:
            raise Unavailable(Side.INCIDENT, f"Enterprise Tester's list /api/{path} does not come to an end")
        if overlaps and (not names or names[0] not in seen):
            detours += 1
            skip = max(skip - size, 0)
            overlaps = skip > 0
            continue
        fresh = [item for item, name in zip(items, names, strict=True) if name not in seen]
        count, repeats = len(items), may_repeat and total is None and not fresh
        if fresh or not skip:
            yield fresh
        if _ends(path, skip, count, total) or repeats:
            return
        seen.update(names)
        size = max(size, count)
        skip += max(count - 1, 1)
        overlaps = count > 1
        del body, items, fresh  # a page may be long, and the next one is too


def _items(path: str, body: Json, named_by: tuple[str, ...]) -> list[Json]:
    items = body.get("Items")
    named = isinstance(items, list) and all(isinstance(item, dict) and all(map(item.get, named_by)) for item in items)
    if not isinstance(items, list) or not named:
        said = f"Enterprise Tester answered GET /api/{path} with something that is no list"
        raise Unavailable(Side.INCIDENT, said)
    return items


def _ends(path: str, skip: int, count: int, total: object) -> bool:
    """Whether a page of `count` items at `skip` is the last. Raises `Unavailable` when it can't be but is empty."""
    if not isinstance(total, int) or (not count and skip >= total):
        return not count
    if not count:
        said = f"Enterprise Tester's list /api/{path} ended after {skip} of {total} items"
        raise Unavailable(Side.INCIDENT, said)
    return skip + count == total  # more would be a page that is not the one asked for
