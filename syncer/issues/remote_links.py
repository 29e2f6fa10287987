"""Remote links of issues: what people see there of the incident and of its step results.

| `globalId` | leads to |
|---|---|
| `syncer:<installation>:incident:<id>` | the incident: the mark that people see |
| `syncer:<installation>:stepresult:<id>` | a step result that the incident was logged for |

They are asked for on issues that our property marks, one request each; nobody else's links tell us anything. What
can't be read is not observed, and never missing: a link that seems to be gone unties two records.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Any, TypeAlias

from syncer.core.records import Mark
from syncer.errors import Missing, SideError
from syncer.issues.answers import concerns_everything
from syncer.issues.marks import global_id, shown_results
from syncer.issues.scope import Scope

Json: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Shown:
    """What an issue's remote links show: whether its mark, and which step results. `None`: not observed."""

    mark: bool | None = None
    results: frozenset[str] | None = None


UNOBSERVED = Shown()

BARE = Shown(False, frozenset())
"""An issue that was made just now."""


class RemoteLinks:
    """The remote links of one scope's issues."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._client = scope.client

    def of(self, marks: Mapping[str, Mark | None]) -> Mapping[str, Shown]:
        """What the issues with these ids and marks show; `UNOBSERVED` for those that aren't ours."""
        installation = self._scope.labels.installation
        ours = {key: mark for key, mark in marks.items() if mark is not None and mark.installation == installation}
        unobserved = dict.fromkeys(marks, UNOBSERVED)
        if not ours:
            return unobserved
        over = Event()

        def look(issue_id: str) -> Shown:
            if over.is_set():
                return UNOBSERVED
            try:
                return _shown(self._client.get("issue", issue_id, "remotelink"), ours[issue_id])
            except SideError as problem:
                if concerns_everything(problem):
                    over.set()  # the rest would fare no better, and each would wait as long
                return UNOBSERVED

        with ThreadPoolExecutor(min(self._client.connections, len(ours))) as pool:
            return {**unobserved, **dict(zip(ours, pool.map(look, ours), strict=True))}

    def put(self, issue_id: str, link: Json) -> None:
        """Add the link; one with the same `globalId` is replaced."""
        self._client.post(link, "issue", issue_id, "remotelink")

    def remove(self, issue_id: str, link_id: str) -> None:
        """Remove the link with this `globalId`; one that is gone is no error."""
        with suppress(Missing):
            self._client.delete("issue", issue_id, "remotelink", globalId=link_id)


def _shown(links: Json, mark: Mark) -> Shown:
    if not isinstance(links, list):
        return UNOBSERVED
    ids = [str(each.get("globalId") or "") for each in links]
    return Shown(global_id(mark) in ids, shown_results(ids, mark.installation))
