"""The only place that knows how an incident's comments are written.

There is no call for a comment: they are written through a PUT of the incident (vendor's page Incident Comments).
Assumed, as the vendor shows nothing but one comment being added:

| the PUT's `Comments` holds | what happens                                                              |
|----------------------------|---------------------------------------------------------------------------|
| an entry without `Id`      | it is added                                                               |
| an entry with `Id`         | that comment's body is changed                                            |
| not all of the comments    | the others stay                                                           |

Were the last line wrong, the first comment of ours would wipe out those of other people. So what stood there is
read before and compared after. A server that replaces is found out once: what was lost is entered again with its
author and time, the write is `Rejected` so that a person learns of it, and from then on the whole list is sent.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from syncer.core.records import CommentDraft, Mark, Side
from syncer.errors import InDoubt, Missing, Rejected, SideError
from syncer.incidents.answers import Json
from syncer.incidents.client import IncidentClient
from syncer.incidents.headings import take_apart, with_heading
from syncer.incidents.paging import pages
from syncer.incidents.scalars import guid

_ENTERED_AGAIN = ("Body", "CreatedById", "CreatedAt", "TicketCommentId")


class Discussion:
    """Reads and writes the comments of one server's incidents, as JSON."""

    def __init__(self, client: IncidentClient) -> None:
        self._client = client
        self._replaces = False

    def read(self, incident_id: str) -> list[Json]:
        """All comments, oldest first; never a part of them."""
        path = f"{_path(incident_id)}/comments"
        comments = [comment for page in pages(self._client, path, {}) for comment in page]
        return sorted(comments, key=lambda comment: str(comment.get("CreatedAt") or ""))

    def add(self, incident_id: str, draft: CommentDraft) -> Json:
        """The comment as the server holds it; one that carries the mark already is given back as it is."""
        before = self.read(incident_id)
        if (standing := _marked(before, draft.mark)) is not None:
            return standing
        after = self._write(incident_id, before, _entry(draft))
        made = _marked(after, draft.mark)
        if made is None:
            said = f"Enterprise Tester took a comment for incident {incident_id} but does not show it"
            raise Rejected(Side.INCIDENT, said)
        return made

    def edit(self, incident_id: str, comment_id: str, draft: CommentDraft) -> Json:
        """The changed comment as the server holds it. Raises `Missing` before anything is sent."""
        before = self.read(incident_id)
        old = _with_id(before, comment_id)
        if old is None:
            raise Missing(Side.INCIDENT, f"Incident {incident_id} has no comment {comment_id}")
        entry = {"Id": old["Id"], **_entry(draft)}
        new = _with_id(self._write(incident_id, before, entry), comment_id)
        if new is None or (new.get("Body") == old.get("Body") and old.get("Body") != entry["Body"]):
            said = f"Enterprise Tester did not change comment {comment_id} of incident {incident_id}"
            raise Rejected(Side.INCIDENT, f"{said}: this server does not let comments be edited")
        return new

    def _write(self, incident_id: str, before: Sequence[Json], entry: dict[str, Any]) -> list[Json]:
        """PUT one comment; all comments as they are afterwards."""
        others = [comment for comment in before if guid(comment["Id"]) != guid(entry.get("Id") or "")]
        kept = [_kept(comment) for comment in others] if self._replaces else []
        self._put(incident_id, [*kept, entry])
        after = self._look(incident_id)
        there = {guid(comment["Id"]) for comment in after}
        if others and not any(guid(comment["Id"]) in there for comment in others):
            self._enter_again(incident_id, others, after)
        return after

    def _enter_again(self, incident_id: str, lost: Sequence[Json], after: Sequence[Json]) -> None:
        self._replaces = True
        again = [{name: one[name] for name in _ENTERED_AGAIN if one.get(name)} for one in lost]
        said = f"Enterprise Tester dropped the {len(lost)} other comments of incident {incident_id}"
        try:
            self._put(incident_id, [*map(_kept, after), *again])
        except SideError as trouble:
            raise Rejected(Side.INCIDENT, f"{said}, and they could not be entered again: {trouble}") from trouble
        raise Rejected(Side.INCIDENT, f"{said}; they were entered again, and it will not happen any more")

    def _put(self, incident_id: str, comments: list[dict[str, Any]]) -> None:
        self._client.put(_path(incident_id), {"Comments": comments}, {"$expand": "Comments"})

    def _look(self, incident_id: str) -> list[Json]:
        """Read after a write: a failure now must not be taken for a write that was never sent."""
        try:
            return self.read(incident_id)
        except SideError as trouble:
            said = f"A comment was written to incident {incident_id} but can't be read back: {trouble}"
            raise InDoubt(Side.INCIDENT, said) from trouble


def _path(incident_id: str) -> str:
    return f"incident/{quote(incident_id, safe='')}"


def _entry(draft: CommentDraft) -> dict[str, Any]:
    body = with_heading(draft.author, draft.mark, draft.body)
    return {"Body": body, "TicketCommentId": draft.mark.twin_id}


def _kept(comment: Json) -> dict[str, Any]:
    return {"Id": comment["Id"], "Body": comment.get("Body") or ""}


def _with_id(comments: Sequence[Json], comment_id: str) -> Json | None:
    return next((comment for comment in comments if guid(comment["Id"]) == guid(comment_id)), None)


def _marked(comments: Sequence[Json], mark: Mark) -> Json | None:
    for comment in comments:
        headed = take_apart(comment.get("Body") or "", mark.installation)
        if headed is not None and headed.mark == mark:
            return comment
    return None
