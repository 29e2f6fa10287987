"""Between the JSON of an incident or a comment and our records: pure. `values` has the fields of an incident.

A member that is absent was not observed. `0001-01-01` means "never" (vendor's page Incident Comments) and is held
as `None`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncer.core.records import Comment, Listed, Mark, Record, Side
from syncer.errors import Unavailable
from syncer.incidents.answers import Json
from syncer.incidents.headings import read_dissolved, read_mark, take_apart
from syncer.incidents.scalars import guid, moment, plain
from syncer.incidents.values import CustomFields, form_names, values

CLOCK_RESOLUTION = timedelta(seconds=2)
"""Times have whole seconds; within twice that another edit could carry the same `LastUpdatedAt`."""


@dataclass(frozen=True, slots=True)
class View:
    """What one project link sees of an incident: mapped fields, where the mark is, who we are."""

    fields: Collection[str]
    mark_field: str | None
    installation: str
    base_url: str


def record(
    incident: Json, view: View, custom: CustomFields, comments: tuple[Comment, ...] | None, at: datetime | None
) -> Record:
    """The incident as the server gave it at `at` (the server's own clock)."""
    given = incident.get("Self")
    url = given if isinstance(given, str) else f"{view.base_url}/api/incident/{guid(incident['Id'])}"
    return Record(
        side=Side.INCIDENT,
        id=guid(incident["Id"]),
        key=key(incident),
        url=url,
        values=values(incident, view.fields, custom, url),
        comments=comments,
        mark=mark_of(incident, view),
        shows_mark=shows_mark(incident, view),
        dissolved=dissolved_of(incident, view),
        stamp=_trusted_stamp(incident, at),
        updated_at=moment(incident.get("LastUpdatedAt")),
    )


def mark_of(incident: Json, view: View) -> Mark | None:
    """The mark in the custom field; `None` where there is none or no field for it."""
    if view.mark_field is None:
        return None
    return read_mark(plain((incident.get("FieldValues") or {}).get(view.mark_field)), view.installation)


def dissolved_of(incident: Json, view: View) -> Mark | None:
    """The mark of the link that was dissolved when the issue was deleted, as the custom field remembers it."""
    if view.mark_field is None:
        return None
    return read_dissolved(plain((incident.get("FieldValues") or {}).get(view.mark_field)), view.installation)


def shows_mark(incident: Json, view: View) -> bool | None:
    """Whether the custom field holds a mark of ours (True), or nothing (False).

    `None` is no evidence of a person's removing it: no field for marks, one that the form doesn't have, field
    values that were not sent, and a text which says something else.
    """
    fields = incident.get("FieldValues")
    if view.mark_field is None or not isinstance(fields, dict):
        return None
    form = form_names(incident)
    if view.mark_field not in fields and form and view.mark_field not in form:
        return None
    text = plain(fields.get(view.mark_field))
    mark = read_mark(text, view.installation)
    if mark is not None and mark.installation == view.installation:
        return True
    return None if text else False


def line(incident: Json) -> Listed:
    """One line of a listing; an incident that was never edited was last updated when it was created.

    Raises `Unavailable` for a line without any time: a poll could not say how far it has read."""
    updated = moment(incident.get("LastUpdatedAt")) or moment(incident.get("CreatedAt"))
    if updated is None:
        raise Unavailable(Side.INCIDENT, f"Enterprise Tester lists incident {key(incident)} without a time")
    return Listed(guid(incident["Id"]), key(incident), updated, stamp(incident))


def comment(given: Json, names: Mapping[str, str], installation: str) -> Comment:
    """A comment; a mirrored one without its heading. `names` are display names by user id."""
    body = given.get("Body") or ""
    headed = take_apart(body, installation)
    author_id = guid(given.get("CreatedById") or "")
    return Comment(
        id=guid(given["Id"]),
        author=headed.author if headed else names.get(author_id) or given.get("CreatedByUserName") or author_id,
        body=headed.body if headed else body,
        created_at=moment(given.get("CreatedAt")),
        mark=headed.mark if headed else None,
    )


def stamp(incident: Json) -> str:
    """The incident's revision: when it was saved last, and how often where the server counts."""
    saved, count = incident.get("LastUpdatedAt") or "", incident.get("VersionNumber")
    return saved if count is None else f"{saved}/{count}"


def key(incident: Json) -> str:
    """What people call the incident: `#12`; the start of its id where it has no number."""
    number = incident.get("IncidentNumber")
    return f"#{number}" if isinstance(number, int) else guid(incident["Id"])[:8]


def _trusted_stamp(incident: Json, at: datetime | None) -> str | None:
    if incident.get("VersionNumber") is not None:
        return stamp(incident)
    saved = moment(incident.get("LastUpdatedAt"))
    if saved is None or at is None or at - saved <= CLOCK_RESOLUTION:
        return None
    return stamp(incident)
