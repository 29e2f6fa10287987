"""What a request asks, apart from the record that it asks it of: `GET /api/incident/{id}`."""

import re
from collections import Counter
from collections.abc import Iterable

ROOTS = ("/EnterpriseTester", "/rest/api/2")
"""Where the two servers keep their API; every route has it, so that no route needs it."""

_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_RECORD = re.compile(rf"(?:{_GUID}|\d+|[A-Z][A-Z0-9_]*-\d+)", re.IGNORECASE)


def template(path: str) -> str:
    """The route of a path: without its root and its query, and with `{id}` in the place of each id or key."""
    path = path.partition("?")[0]
    for root in ROOTS:
        if path.lower().startswith(f"{root.lower()}/"):
            path = path[len(root) :]
            break
    return "/".join("{id}" if _RECORD.fullmatch(part) else part for part in path.split("/"))


def counted(requests: Iterable[tuple[str, str]]) -> dict[str, int]:
    """How often each route was asked, by `METHOD route`; `requests` are methods and paths."""
    counts = Counter(f"{method} {template(path)}" for method, path in requests)
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
