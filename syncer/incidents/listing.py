"""Finding incidents through TQL, which is answered from an index: good for where to look, never for what is there.

Comparing dates in TQL is not documented, sorting is. So the newest come first, and reading stops at the first page
that ends before the time asked for.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from syncer.core.records import Listed, Mark, Record
from syncer.errors import Missing, Rejected
from syncer.incidents.answers import Json
from syncer.incidents.client import IncidentClient
from syncer.incidents.paging import TOP, pages
from syncer.incidents.reading import Reading
from syncer.incidents.scalars import guid, moment
from syncer.incidents.shapes import line

LONGEST = 1200
"""So many incidents are asked for at once where nothing matters but who is there; more would take much memory.
Assumed: a server that allows less cuts the page, or refuses it."""

CLOCKS_APART = timedelta(minutes=10)
"""How much earlier than asked for a record may have been created and is still looked at by `find`."""


def scope(project_id: str, only: str | None, order: str) -> str:
    """The TQL of a project's incidents, narrowed by the mapping's condition."""
    condition = f'Project = "{project_id}"' + (f" AND ({only})" if only else "")
    return f"{condition} ORDER BY {order} DESC"


def updated(client: IncidentClient, tql: str, since: datetime | None) -> Iterator[Sequence[Listed]]:
    """Pages of those updated at `since` or later, and some before; `tql` sorts by `LastUpdatedAt`, newest first."""
    for page in pages(client, "incidents", {"tql": tql}):
        lines = [line(incident) for incident in page]
        yield lines
        if since is not None and lines and lines[-1].updated_at < since:
            return


def ids(client: IncidentClient, tql: str) -> Iterator[Sequence[str]]:
    """Pages of the ids of all of them, in as few requests as the server lets; `tql` sorts newest first, too."""
    try:
        yield from _ids(client, tql, LONGEST)
    except Rejected:
        yield from _ids(client, tql, TOP)


def _ids(client: IncidentClient, tql: str, top: int) -> Iterator[Sequence[str]]:
    for page in pages(client, "incidents", {"tql": tql}, top=top):
        named = [guid(incident["Id"]) for incident in page]
        del page  # long, as the next one is
        yield named


def marked(client: IncidentClient, tql: str, reading: Reading, mark: Mark, since: datetime) -> Record | None:
    """The incident that carries `mark`, read by its id; `tql` sorts by `CreatedAt`, newest first.

    Of several the oldest, so all are looked at: a clone carries the mark, too, and comes before its original."""
    found: Record | None = None
    for page in pages(client, "incidents", {"tql": tql, "$expand": "FieldValues"}):
        for incident in page:
            created = moment(incident.get("CreatedAt"))
            if created is not None and created < since - CLOCKS_APART:
                return found
            found = _carries(incident, reading, mark) or found
    return found


def _carries(incident: Json, reading: Reading, mark: Mark) -> Record | None:
    """The incident read by id if it carries the mark now; the index is asked first where it tells at all."""
    if "FieldValues" in incident and reading.mark_of(incident) != mark:
        return None
    try:
        record = reading.one(guid(incident["Id"]))
    except Missing:
        return None
    return record if record.mark == mark else None
