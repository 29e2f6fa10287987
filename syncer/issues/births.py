"""Creating issues many at a time: one request for up to fifty, each with its own mark, and one to read them back.

Jira creates what it can and tells the rest apart (Jira REST v2, POST /issue/bulk). What it refuses here is asked for
once more by itself: it is refused again, in words that say what the issue lacks.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

from syncer.core.records import Draft, Present, Record, Side
from syncer.errors import InDoubt, Rejected, SideError
from syncer.issues.client import JiraClient
from syncer.issues.reading import Reader
from syncer.issues.writing import Writer

Json: TypeAlias = Any

MOST_AT_ONCE = 50
"""The most that Jira creates with one request (Jira REST v2, POST /issue/bulk)."""


def create_all(
    client: JiraClient, writer: Writer, reader: Reader, drafts: Sequence[Draft]
) -> Sequence[Record | SideError]:
    """Up to `MOST_AT_ONCE` issues; for each what was made of it, or its error. Raises what concerns them all."""
    bodies = [_body(writer, draft) for draft in drafts]
    asked = [number for number, body in enumerate(bodies) if not isinstance(body, SideError)]
    try:
        answer = client.post({"issueUpdates": [bodies[number] for number in asked]}, "issue", "bulk") if asked else {}
    except Rejected:
        # None was created, or Jira would have said 201.
        return [_alone(writer, draft) for draft in drafts]
    refused, ids = _told(answer, asked)
    made = _made(reader, ids)
    unseen = InDoubt(Side.ISSUE, "the issue was created with others and could not be read back")
    return [
        body
        if isinstance(body, SideError)
        else _alone(writer, draft)
        if number in refused
        else made.get(draft.twin.mark.twin_id, unseen)
        for number, (draft, body) in enumerate(zip(drafts, bodies, strict=True))
    ]


def _told(answer: Json, asked: Sequence[int]) -> tuple[set[int], list[str]]:
    """The numbers of the drafts that Jira refused, and the ids of the issues that it made."""
    try:
        refused = {asked[int(each["failedElementNumber"])] for each in answer.get("errors") or ()}
        return refused, [str(each["id"]) for each in answer.get("issues") or ()]
    except (AttributeError, LookupError, TypeError, ValueError):
        # Something between us and Jira answered: the issues may be there, and their marks will tell.
        raise InDoubt(Side.ISSUE, "Jira did not say which issues it made") from None


def _body(writer: Writer, draft: Draft) -> Json | SideError:
    try:
        return writer.birth(draft)
    except Rejected as problem:
        return problem


def _alone(writer: Writer, draft: Draft) -> Record | SideError:
    try:
        return writer.create(draft)
    except SideError as problem:
        return problem


def _made(reader: Reader, ids: Sequence[str]) -> dict[str, Record]:
    """What became of them by the twin that each one's mark names, as far as it can be read."""
    if not ids:
        return {}
    try:
        seen = [each.record for _, each in reader.born(ids) if isinstance(each, Present)]
    except SideError:
        return {}
    return {record.mark.twin_id: record for record in seen if record.mark is not None}
