"""Comments of issues: all of them, each with our mark where it has one, and none that isn't for everybody.

What is left out, because nothing hidden may leave Jira: comments restricted to a role or group, and the internal
ones of a service desk. The mirror's other side couldn't keep them hidden. The other way round, what testers tell
each other is not for the customers of a service desk: there our own comments are internal.

How few requests it takes:

| situation | requests |
|---|---|
| the issue came with all its comments, and none looks like ours | none |
| it came with a part only (Cloud inlines the last few) | one a page |
| some look like ours and we haven't met them as they are | Cloud: one for up to a thousand; Data Center: one each |

Whether a comment is ours never changes, so a comment once met as ours is remembered; which part of how many it is
(`parts.py`) changes with an edit only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from syncer.core.records import Comment, Mark, Side
from syncer.errors import Missing, SideError, Unavailable
from syncer.issues.answers import concerns_everything
from syncer.issues.marks import COMMENT_PROPERTY, beheaded
from syncer.issues.parts import Part, Row, gathered, part_of, rejoined
from syncer.issues.scope import Scope
from syncer.issues.shapes import moment, prose

Json: TypeAlias = Any
Thread: TypeAlias = tuple[Comment, ...] | None

RENDERED = "renderedBody"
PUBLIC_PROPERTY = "sd.public.comment"
PAGE = 1000
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Properties:
    """What a comment's properties say."""

    part: Part | None
    internal: bool


class Comments:
    """The comments of one scope, and what is known of those that are ours."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._client = scope.client
        self._known: dict[str, tuple[Part, Json]] = {}
        self._parted: set[Mark] = set()

    def of(self, issues: Sequence[Json]) -> Mapping[str, Thread | SideError]:
        """The comments of issues that were read with their `comment` field, by issue id; each oldest first.

        `None` where they can't be told for sure, an error where they can't be read."""
        rows: dict[str, list[Json] | SideError] = {issue["id"]: self._rows_or_problem(issue) for issue in issues}
        unclear = [row for each in rows.values() if isinstance(each, list) for row in each if self._unclear(row)]
        told = self._properties(unclear)
        pages = {issue["id"]: self._scope.page_of(issue["key"]) for issue in issues}
        return {
            issue_id: each if isinstance(each, SideError) else self._thread(each, told, pages[issue_id])
            for issue_id, each in rows.items()
        }

    def whole(self, issue_id: str, mark: Mark, comment_id: str | None) -> Sequence[Row]:
        """All comments of the issue that are parts of what `mark` names, read now, whoever may see them; and the one
        with `comment_id`, where it is one of ours."""
        rows = self._rows({"id": issue_id})
        unsure = [row for row in rows if "properties" not in row and (row["id"] == comment_id or self._unmet(row))]
        told = self._properties(unsure)
        for row in rows:
            properties = _told(row) if "properties" in row else told.get(row["id"])
            if properties is not None and properties.part is not None:
                self.note(row, properties.part)
            elif properties is None and self._unmet(row):
                raise Unavailable(Side.ISSUE, "what we wrote among its comments can't be told", status=200)
        known = [(row, self._known[row["id"]][0]) for row in rows if row["id"] in self._known]
        return [(row, part) for row, part in known if part.mark == mark]

    def note(self, row: Json, part: Part) -> None:
        """The comment is known for ours from now on, and for this part until somebody edits it."""
        self._known[str(row["id"])] = (part, row.get("updated"))
        if part.of > 1:
            self._parted.add(part.mark)

    def alone(self, mark: Mark, comment_id: str | None) -> bool:
        """Whether the comment is known to have no other parts; one that is yet to be added has none we know of."""
        known = comment_id is None or comment_id in self._known
        return known and mark not in self._parted

    def written(self, rows: Sequence[Json], part: Part) -> Comment:
        """The comment that these answers to our writes stand for."""
        if part.of == 1:
            self._parted.discard(part.mark)
        return _comment(rows, part, None)

    def _rows_or_problem(self, issue: Json) -> list[Json] | SideError:
        try:
            return self._rows(issue)
        except SideError as problem:
            if concerns_everything(problem):
                raise
            return problem

    def _rows(self, issue: Json) -> list[Json]:
        inlined = issue.get("fields", {}).get("comment") or {}
        rows = inlined.get("comments")
        if rows is not None and len(rows) >= int(inlined.get("total", len(rows) + 1)):
            html = (issue.get("renderedFields") or {}).get("comment") or {}
            bodies = {str(each["id"]): each.get("body") for each in html.get("comments") or ()}
            return [{**row, RENDERED: bodies.get(str(row["id"]))} for row in rows]
        for _ in range(2):
            paged = self._paged(issue["id"])
            if paged is not None:
                return paged
        raise Unavailable(Side.ISSUE, "its comments changed while they were read", status=200)

    def _paged(self, issue_id: str) -> list[Json] | None:
        """All pages; `None` if a comment came or went meanwhile, as another one may then have been passed over."""
        rows: list[Json] = []
        total: int | None = None
        while total is None or len(rows) < total:
            # Assumed: a list may leave out the properties that it is asked for; only POST /comment/list documents them.
            page = self._client.get(
                "issue",
                issue_id,
                "comment",
                startAt=len(rows),
                maxResults=PAGE,
                orderBy="created",
                expand=f"properties,{RENDERED}",
            )
            if total not in (None, int(page["total"])) or not (page["comments"] or page["total"] == 0):
                return None
            total = int(page["total"])
            rows += page["comments"]
        return rows

    def _unclear(self, row: Json) -> bool:
        """Whether the comment's properties must be asked for."""
        if "properties" in row or row.get("visibility"):
            return False
        return self._unmet(row) or (self._scope.project.service_desk and "jsdPublic" not in row)

    def _unmet(self, row: Json) -> bool:
        """Whether the comment looks like one of ours and wasn't met before, or was edited since."""
        if row["id"] in self._known:
            return bool(self._known[row["id"]][1] != row.get("updated"))
        return beheaded(row.get("body") or "") is not None

    def _properties(self, rows: Sequence[Json]) -> Mapping[str, Properties]:
        if self._client.deployment.cloud:
            return {row["id"]: _told(row) for row in self._listed([row["id"] for row in rows]) if "properties" in row}
        return {row["id"]: told for row in rows if (told := self._asked(row["id"])) is not None}

    def _listed(self, ids: Sequence[str]) -> Iterator[Json]:
        """The comments that are still there. The answer may be a page, and there is no asking for the next one."""
        waiting = list(ids)
        while waiting:
            asked = [int(each) for each in waiting[:MOST_AT_ONCE]]
            page = self._client.fetch({"ids": asked}, "comment", "list", expand="properties")
            yield from page["values"]
            given = {str(row["id"]) for row in page["values"]}
            if page.get("isLast") is False and given:
                waiting = [each for each in waiting if each not in given]
            else:
                waiting = waiting[MOST_AT_ONCE:]

    def _asked(self, comment_id: str) -> Properties | None:
        """The properties of one comment, one by one; `None` where this one can't be read."""
        desk = self._scope.project.service_desk
        try:
            part = part_of(self._property(comment_id, COMMENT_PROPERTY))
            return Properties(part, desk and _says_internal(self._property(comment_id, PUBLIC_PROPERTY)))
        except SideError as problem:
            if concerns_everything(problem):
                raise
            return None

    def _property(self, comment_id: str, key: str) -> Json:
        try:
            return self._client.get("comment", comment_id, "properties", key)["value"]
        except Missing:
            return None

    def _thread(self, rows: Iterable[Json], told: Mapping[str, Properties], page: str) -> Thread:
        seen: list[Row] = []
        for row in rows:
            properties = _told(row) if "properties" in row else told.get(row["id"])
            if properties is None and self._unclear(row):
                return None  # taken for a person's, our own comment would be mirrored back
            part = properties.part if properties else None
            if part is not None:
                self.note(row, part)
            elif row["id"] in self._known:
                part = self._known[row["id"]][0]
            if not (row.get("visibility") or (part is None and _is_internal(row, properties))):
                seen.append((row, part))
        return tuple(_comment(rows, part, page) for rows, part in gathered(seen))


def _is_internal(row: Json, properties: Properties | None) -> bool:
    return row.get("jsdPublic") is False or (properties is not None and properties.internal)


def _told(row: Json) -> Properties:
    properties = {each["key"]: each.get("value") for each in row["properties"] or ()}
    return Properties(part_of(properties.get(COMMENT_PROPERTY)), _says_internal(properties.get(PUBLIC_PROPERTY)))


def _says_internal(value: Json) -> bool:
    return isinstance(value, dict) and value.get("internal") is True


def _comment(rows: Sequence[Json], part: Part | None, page: str | None) -> Comment:
    """A person's comment with what it is rendered to; of one that is ours only the text is wanted again."""
    row = rows[0]
    author = (row.get("author") or {}).get("displayName") or "somebody without an account"
    created = row.get("created")
    at = moment(created) if created else None
    if part is None:
        return Comment(str(row["id"]), author, prose(row.get("body") or "", row.get(RENDERED), page), at)
    heading, body = rejoined(rows)
    return Comment(str(row["id"]), heading or author, prose(body, None, page), at, part.mark)
