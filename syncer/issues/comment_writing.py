"""Writing, editing and deleting our mirrored comments, in as many parts as they take.

A comment that fits into one of Jira's, as nearly all do, takes the one request that it takes to write it. Where there
are parts, the issue's comments are read first, so that parts of an attempt whose answer was lost are used again, and
then the order matters: an edit adds what is missing before the first part speaks of it, rewrites what is there, and
deletes what is too much last. So the comment is there at each moment, and doing it again ends in the same. A deletion
makes the first part stand alone, and deletes that one last.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from syncer.core.records import Comment, CommentDraft, Mark, Side
from syncer.errors import Denied, InDoubt, Missing, Rejected, SideError, Unavailable
from syncer.issues.comments import PUBLIC_PROPERTY, Comments
from syncer.issues.marks import COMMENT_PROPERTY
from syncer.issues.parts import Part, Row, part_property, parted
from syncer.issues.scope import Scope

Json: TypeAlias = Any


class CommentWriter:
    """Writes the comments of one scope's issues."""

    def __init__(self, scope: Scope, comments: Comments) -> None:
        self._scope = scope
        self._client = scope.client
        self._comments = comments

    def add(self, issue_id: str, draft: CommentDraft) -> Comment:
        """Write a comment that carries its mark from birth; parts that stand there already are used."""
        bodies = parted(draft.author, draft.body)
        if len(bodies) == 1 and self._comments.alone(draft.mark, None):
            held: Sequence[Row] = ()
        else:
            rows = self._comments.whole(issue_id, draft.mark, None)
            held = [(row, part) for row, part in rows if part is not None and part.of > 1]
        return self._write(issue_id, draft, bodies, held)

    def edit(self, issue_id: str, comment_id: str, draft: CommentDraft) -> Comment:
        """Write the body anew. A restriction that somebody put on the comment is kept: left out, it would be lifted."""
        bodies = parted(draft.author, draft.body)
        if len(bodies) == 1 and self._comments.alone(draft.mark, comment_id):
            row = self._client.get("issue", issue_id, "comment", comment_id)
            return self._write(issue_id, draft, bodies, [(row, Part(draft.mark))])
        held = self._comments.whole(issue_id, draft.mark, comment_id)
        if not any(row["id"] == comment_id for row, _ in held):
            raise Missing(Side.ISSUE, f"comment {comment_id} is gone, or no longer ours")
        return self._write(issue_id, draft, bodies, sorted(held, key=lambda each: each[0]["id"] != comment_id))

    def delete(self, issue_id: str, comment_id: str, mark: Mark) -> None:
        """Delete a comment with all its parts; one that is gone is no error."""
        if self._comments.alone(mark, comment_id):
            self._remove(issue_id, comment_id)
            return
        try:
            held = self._comments.whole(issue_id, mark, comment_id)
        except Missing:
            return
        others = [row["id"] for row, _ in held if row["id"] != comment_id]
        first = next((each for each in held if each[0]["id"] == comment_id), None)
        if others and first is not None:
            self._put(issue_id, first[0].get("body") or "", Part(mark), first)
        try:
            for each in (*others, comment_id):
                self._remove(issue_id, each)
        except (Unavailable, Denied) as problem:
            raise _half_done(problem) if others else problem from None

    def _write(self, issue_id: str, draft: CommentDraft, bodies: Sequence[str], held: Sequence[Row]) -> Comment:
        """Make the parts say `bodies`; the first of `held` with a part's number is that part."""
        parts = {number: Part(draft.mark, number, len(bodies)) for number in range(1, len(bodies) + 1)}
        kept: dict[int, Row] = {}
        for row, part in held:
            if part is not None and part.number in parts:
                kept.setdefault(part.number, (row, part))
        used = {row["id"] for row, _ in kept.values()}
        visibility = next((row["visibility"] for row, _ in held if row.get("visibility")), None)
        done: dict[int, Json] = {}
        try:
            for number in (number for number in parts if number not in kept):
                done[number] = self._post(issue_id, bodies[number - 1], parts[number], visibility)
            for number in sorted(kept):
                done[number] = self._put(issue_id, bodies[number - 1], parts[number], kept[number])
            for surplus in (row["id"] for row, _ in held if row["id"] not in used):
                self._remove(issue_id, surplus)
        except Rejected:
            self._take_back(issue_id, [row["id"] for number, row in done.items() if number not in kept])
            raise
        except (Unavailable, Denied, Missing) as problem:
            raise _half_done(problem) if done else problem from None
        return self._comments.written([done[number] for number in parts], parts[1])

    def _post(self, issue_id: str, body: str, part: Part, visibility: Json) -> Json:
        properties: list[Json] = [{"key": COMMENT_PROPERTY, "value": part_property(part)}]
        if self._scope.project.service_desk:
            properties.append({"key": PUBLIC_PROPERTY, "value": {"internal": True}})
        sent = {"body": body, "properties": properties, **({"visibility": visibility} if visibility else {})}
        return self._made(self._client.post(sent, "issue", issue_id, "comment"), part)

    def _put(self, issue_id: str, body: str, part: Part, held: Row) -> Json:
        row, said = held
        if part == said and part.of > 1 and row.get("body") == body:
            return row
        sent: dict[str, Json] = {"body": body}
        if row.get("visibility"):
            sent["visibility"] = row["visibility"]
        if part != said:
            sent["properties"] = [{"key": COMMENT_PROPERTY, "value": part_property(part)}]
        return self._made(self._client.put(sent, "issue", issue_id, "comment", str(row["id"])), part)

    def _made(self, row: Json, part: Part) -> Json:
        if not isinstance(row, dict) or "id" not in row:
            raise InDoubt(Side.ISSUE, "Jira did not say which comment it made")
        self._comments.note(row, part)
        return row

    def _remove(self, issue_id: str, comment_id: str) -> None:
        with suppress(Missing):
            self._client.delete("issue", issue_id, "comment", comment_id)

    def _take_back(self, issue_id: str, added: Sequence[str]) -> None:
        """Where one part is refused, the others are no comment."""
        for comment_id in added:
            with suppress(SideError):
                self._remove(issue_id, comment_id)


def _half_done(problem: SideError) -> InDoubt:
    said = f"a comment of several parts was being written when it broke off: {problem}"
    return InDoubt(Side.ISSUE, said, status=problem.status)
