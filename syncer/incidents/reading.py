"""Reading incidents by id: what counts as seen, and what only as unknown."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from urllib.parse import quote

from syncer.core.records import Cause, Comment, Mark, Observation, Present, Record, Side, Unknown
from syncer.errors import Denied, InDoubt, Missing, Rejected, Unavailable
from syncer.incidents.answers import Answer, Json
from syncer.incidents.client import IncidentClient
from syncer.incidents.comments import Discussion
from syncer.incidents.custom import PREFIX
from syncer.incidents.lookup import Lookup
from syncer.incidents.scalars import guid
from syncer.incidents.shapes import View, comment, mark_of, record

AHEAD = 4
"""So many incidents for each connection are asked for before the first of them is handed on."""


class Reading:
    """Reads the incidents of one project, as many at the same time as its client has connections."""

    def __init__(self, client: IncidentClient, lookup: Lookup, discussion: Discussion, view: View) -> None:
        self._client = client
        self._lookup = lookup
        self._discussion = discussion
        self._view = view

    def all(self, ids: Iterable[str]) -> Iterator[tuple[str, Observation]]:
        """Each id once, in the order asked for. Raises only when the whole side fails."""
        waiting = iter(dict.fromkeys(ids))
        self._lookup.project_id()
        self._lookup.custom()
        readers = self._client.connections
        with ThreadPoolExecutor(readers, thread_name_prefix="incidents") as pool:
            while some := list(islice(waiting, AHEAD * readers)):
                yield from zip(some, pool.map(self._observe, some), strict=True)

    def expand(self) -> dict[str, str]:
        """The expansions that a read or write must ask for to be seen whole (vendor's page Incident).

        What is needed to understand the answer is looked up now: after a write it must not fail."""
        self._lookup.custom()
        names = ["Comments", "FieldValues"]
        if any(field.startswith(PREFIX) for field in self._view.fields):
            names.append("Widgets" if self._lookup.modern() else "FieldControls")
        return {"$expand": ",".join(names)}

    def one(self, incident_id: str) -> Record:
        """The incident with all its comments. Raises what `IncidentClient.get` raises."""
        answer = self._client.get(f"incident/{quote(incident_id, safe='')}", self.expand())
        if not answer.body.get("Id"):
            raise Unavailable(Side.INCIDENT, f"Enterprise Tester answered incident {incident_id} without its id")
        if guid(answer.body.get("ProjectId") or "") not in ("", self._lookup.project_id()):
            moved = f"Incident {incident_id} was moved to project '{answer.body.get('ProjectName')}'"
            raise _Moved(Side.INCIDENT, moved)
        comments = self._comments(incident_id, answer.body)
        return record(answer.body, self._view, self._lookup.custom(), comments, answer.at)

    def written(self, answer: Answer) -> Record:
        """The incident as a write's own answer has it; its comments only where it has none."""
        if not answer.body.get("Id"):
            raise InDoubt(Side.INCIDENT, "Enterprise Tester answered a write without the incident")
        comments: tuple[Comment, ...] | None = () if _has_none(answer.body) else None
        return record(answer.body, self._view, self._lookup.custom(), comments, answer.at)

    def comment(self, given: Json) -> Comment:
        """One comment, its author by display name."""
        return comment(given, self._lookup.names(), self._view.installation)

    def mark_of(self, incident: Json) -> Mark | None:
        """The mark on an incident whose `FieldValues` were expanded."""
        return mark_of(incident, self._view)

    def _observe(self, incident_id: str) -> Observation:
        try:
            return Present(self.one(incident_id))
        except Unavailable as trouble:
            # One bad record must not hide the others: only a server that doesn't answer at all is the whole side.
            self._lookup.version()
            return Unknown(str(trouble))
        except Missing as trouble:
            return Unknown(str(trouble), Cause.MISSING)
        except Rejected as trouble:
            return Unknown(str(trouble), Cause.MOVED if isinstance(trouble, _Moved) else Cause.UNREADABLE)
        except Denied as trouble:
            if trouble.status == 401:
                raise
            return Unknown(str(trouble), Cause.DENIED)

    def _comments(self, incident_id: str, incident: Json) -> tuple[Comment, ...]:
        """All comments. The expansion is not documented to be whole, so only an empty one is taken as it is."""
        if _has_none(incident):
            return ()
        try:
            return tuple(self.comment(given) for given in self._discussion.read(incident_id))
        except Missing as trouble:
            # The incident itself was there: this 404 must never count towards its deletion.
            said = f"Incident {incident_id} was read, but not its comments: {trouble}"
            raise Unavailable(Side.INCIDENT, said, status=trouble.status) from trouble


class _Moved(Rejected):
    """The incident is there, in another project."""


def _has_none(incident: Json) -> bool:
    return "Comments" in incident and not incident["Comments"]
