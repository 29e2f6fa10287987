"""The search index: it knows every issue as it was at each of its writes, so that search can lag behind.

write --> Issue (read by id: always current)
  \\----> SearchIndex (search: as of `now - search_lag_seconds`)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncer.sandbox.jira.records import Issue

KEPT = timedelta(hours=1)
"""How long an outdated picture is kept at least: the longest lag that search can show."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """An issue from a moment on; None once it is deleted."""

    since: datetime
    issue: Issue | None


class SearchIndex:
    """Pictures of all issues by id, oldest first."""

    def __init__(self) -> None:
        self._pictures: dict[str, list[_Picture]] = {}

    def note(self, issue: Issue, now: datetime) -> None:
        """The issue has been written."""
        self._add(issue.id, _Picture(now, issue.picture()))

    def drop(self, issue_id: str, now: datetime) -> None:
        """The issue has been deleted."""
        self._add(issue_id, _Picture(now, None))

    def as_of(self, moment: datetime) -> Iterator[Issue]:
        """Every issue as it was at a moment, in the order of creation."""
        for pictures in self._pictures.values():
            held = next((one for one in reversed(pictures) if one.since <= moment), None)
            if held is not None and held.issue is not None:
                yield held.issue

    def _add(self, issue_id: str, picture: _Picture) -> None:
        pictures = self._pictures.setdefault(issue_id, [])
        pictures.append(picture)
        outdated = [place for place, one in enumerate(pictures) if one.since <= picture.since - KEPT]
        if len(outdated) > 1:
            del pictures[: outdated[-1]]
