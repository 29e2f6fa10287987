"""Pages of a collection, and the little of OData that the vendor's pages show for filtering and sorting.

    $top, $skip, $inlinecount=allpages|none, $orderby=Name [asc|desc],
    $filter=Name eq 'text', $filter=substringof('text',Name) eq true

| collection                      | Skip, Top and Total in the answer   |
|---------------------------------|-------------------------------------|
| queried with TQL                | always                              |
| queried with OData              | only with `$inlinecount=allpages`   |
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from syncer.sandbox.tester.behaviour import Cut
from syncer.sandbox.tester.errors import Refused

T = TypeVar("T")

DEFAULT_TOP = 25
"""The length of a page where the request does not say (vendor's page Incidents)."""

_EQUAL = re.compile(r"\s*(\w+)\s+eq\s+(?:'((?:[^']|'')*)'|(true|false))\s*")
_CONTAINS = re.compile(r"\s*substringof\(\s*'((?:[^']|'')*)'\s*,\s*(\w+)\s*\)\s+eq\s+true\s*")
_ORDER = re.compile(r"\s*(\w+)(?:\s+(asc|desc))?\s*")


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a collection is asked for, and whether its size is to be told."""

    skip: int
    top: int
    counted: bool
    ends_early: Cut = "none"

    def cut(self, rows: Sequence[T]) -> list[T]:
        """The rows of this page; fewer than there are where it ends early, which the first page never does."""
        found = list(rows[self.skip : self.skip + self.top])
        if self.skip == 0 or self.ends_early == "none":
            return found
        return found[: (len(found) + 1) // 2] if self.ends_early == "short" else []

    def envelope(self, items: list[dict[str, Any]], total: int, *, counted: bool) -> dict[str, Any]:
        """The answer; `counted` forces Skip, Top and Total into it."""
        if not (counted or self.counted):
            return {"Items": items}
        return {"Skip": self.skip, "Top": self.top, "Total": total, "Items": items}


def read_page(params: Mapping[str, str], cap: int, ends_early: Cut) -> Page:
    """The page that the query parameters name, at most `cap` long. Raises Refused."""
    counted = params.get("$inlinecount", "none")
    if counted not in ("allpages", "none"):
        raise Refused(f"$inlinecount must be allpages or none, not {counted!r}.")
    top = min(_number("$top", params.get("$top"), DEFAULT_TOP), cap)
    return Page(_number("$skip", params.get("$skip"), 0), top, counted == "allpages", ends_early)


def filtered(rows: list[dict[str, Any]], params: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows that `$filter` keeps, sorted by `$orderby`. Raises Refused for what is not understood."""
    wish = params.get("$filter", "")
    if wish.strip():
        rows = [row for row in rows if _holds(row, wish)]
    order = params.get("$orderby", "")
    if order.strip():
        match = _ORDER.fullmatch(order)
        if match is None:
            raise Refused(f"$orderby must be a member with asc or desc, not {order!r}.")
        rows = sorted(rows, key=lambda row: _sortable(_member(row, match[1])), reverse=match[2] == "desc")
    return rows


def _holds(row: dict[str, Any], wish: str) -> bool:
    if match := _EQUAL.fullmatch(wish):
        value = _member(row, match[1])
        return bool(value is (match[3] == "true") if match[3] else value == match[2].replace("''", "'"))
    if match := _CONTAINS.fullmatch(wish):
        return match[1].replace("''", "'").lower() in str(_member(row, match[2])).lower()
    raise Refused(f"$filter must be like Name eq 'x' or substringof('x',Name) eq true, not {wish!r}.")


def _member(row: dict[str, Any], name: str) -> Any:
    if name not in row:
        raise Refused(f"There is no member {name!r} to filter or order by.")
    return row[name]


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value.lower() if isinstance(value, str) else value)


def _number(name: str, value: str | None, default: int) -> int:
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise Refused(f"{name} must be a number of 0 or more, not {value!r}.")
    return int(value)
