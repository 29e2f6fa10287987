"""Comments of issues: all of them, each with our mark where it has one, and none that isn't for everybody.

What is left out, because nothing hidden may leave Jira: comments restricted to a role or group, and the internal
ones of a service desk. The mirror's other side couldn't keep them hidden. The other way round, what testers tell
each other is not for the customers of a service desk: there our own comments are internal.

How few requests it takes:

| situation | requests |
|---|---|
| the issue came with all its comments, and none looks like ours | none |
| it came with a part only (Cloud inlines the last few) | one a page |
| some look like ours and we haven't met them yet | Cloud: one for up to a thousand; Data Center: one each |

Whether a comment is ours never changes, so a comment once met as ours is remembered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from syncer.core.records import Comment, CommentDraft, Mark, Side
from syncer.errors import InDoubt, Missing, SideError, Unavailable
from syncer.issues.answers import concerns_everything
from syncer.issues.marks import COMMENT_PROPERTY, beheaded, comment_mark, comment_property, headed
from syncer.issues.scope import Scope
from syncer.issues.shapes import moment

Json: TypeAlias = Any
Thread: TypeAlias = tuple[Comment, ...] | None

PUBLIC_PROPERTY = "sd.public.comment"
PAGE = 1000
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Properties:
    """What a comment's properties say."""

    mark: Mark | None
    internal: bool


class Comments:
    """The comments of one scope."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._client = scope.client
        self._known: dict[str, Mark] = {}

    def of(self, issues: Sequence[Json]) -> Mapping[str, Thread | SideError]:
        """The comments of issues that were read with their `comment` field, by issue id; each oldest first.

        `None` where they can't be told for sure, an error where they can't be read."""
        rows: dict[str, list[Json] | SideError] = {issue["id"]: self._rows_or_problem(issue) for issue in issues}
        unclear = [row for each in rows.values() if isinstance(each, list) for row in each if self._unclear(row)]
        told = self._properties(unclear)
        return {
            issue_id: each if isinstance(each, SideError) else self._thread(each, told)
            for issue_id, each in rows.items()
        }

    def add(self, issue_id: str, draft: CommentDraft) -> Comment:
        """Write a comment that carries its mark from birth."""
        properties: list[Json] = [{"key": COMMENT_PROPERTY, "value": comment_property(draft.mark)}]
        if self._scope.project.service_desk:
            properties.append({"key": PUBLIC_PROPERTY, "value": {"internal": True}})
        body = {"body": headed(draft.author, draft.body), "properties": properties}
        return self._made(self._client.post(body, "issue", issue_id, "comment"), draft)

    def edit(self, issue_id: str, comment_id: str, draft: CommentDraft) -> Comment:
        """Write the body anew. A restriction that somebody put on the comment is kept: left out, it would be lifted."""
        held = self._client.get("issue", issue_id, "comment", comment_id)
        body = {"body": headed(draft.author, draft.body)}
        if held.get("visibility"):
            body["visibility"] = held["visibility"]
        return self._made(self._client.put(body, "issue", issue_id, "comment", comment_id), draft)

    def delete(self, issue_id: str, comment_id: str) -> None:
        """Delete a comment; one that is gone is no error."""
        with suppress(Missing):
            self._client.delete("issue", issue_id, "comment", comment_id)

    def _made(self, row: Json, draft: CommentDraft) -> Comment:
        if not isinstance(row, dict) or "id" not in row:
            raise InDoubt(Side.ISSUE, "Jira did not say which comment it made")
        self._known[str(row["id"])] = draft.mark
        return _comment(row, draft.mark)

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
            return list(rows)
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
                expand="properties",
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
        looks_like_ours = beheaded(row.get("body") or "") is not None and row["id"] not in self._known
        return looks_like_ours or (self._scope.project.service_desk and "jsdPublic" not in row)

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
            mark = comment_mark(self._property(comment_id, COMMENT_PROPERTY))
            return Properties(mark, desk and _says_internal(self._property(comment_id, PUBLIC_PROPERTY)))
        except SideError as problem:
            if concerns_everything(problem):
                raise
            return None

    def _property(self, comment_id: str, key: str) -> Json:
        try:
            return self._client.get("comment", comment_id, "properties", key)["value"]
        except Missing:
            return None

    def _thread(self, rows: Iterable[Json], told: Mapping[str, Properties]) -> Thread:
        thread: list[Comment] = []
        for row in rows:
            properties = _told(row) if "properties" in row else told.get(row["id"])
            if properties is None and self._unclear(row):
                return None  # taken for a person's, our own comment would be mirrored back
            mark = self._known.get(row["id"]) or (properties.mark if properties else None)
            if mark is not None:
                self._known[row["id"]] = mark
            if row.get("visibility") or (mark is None and _is_internal(row, properties)):
                continue
            thread.append(_comment(row, mark))
        return tuple(thread)


def _is_internal(row: Json, properties: Properties | None) -> bool:
    return row.get("jsdPublic") is False or (properties is not None and properties.internal)


def _told(row: Json) -> Properties:
    properties = {each["key"]: each.get("value") for each in row["properties"] or ()}
    return Properties(comment_mark(properties.get(COMMENT_PROPERTY)), _says_internal(properties.get(PUBLIC_PROPERTY)))


def _says_internal(value: Json) -> bool:
    return isinstance(value, dict) and value.get("internal") is True


def _comment(row: Json, mark: Mark | None) -> Comment:
    author = (row.get("author") or {}).get("displayName") or "somebody without an account"
    body = row.get("body") or ""
    if mark is not None and (split := beheaded(body)) is not None:
        author, body = split
    created = row.get("created")
    return Comment(str(row["id"]), author, body, moment(created) if created else None, mark)
