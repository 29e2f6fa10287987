"""What `syncer check` finds out about the incident side, one sentence each and never an exception."""

import difflib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from syncer.errors import Denied, Missing, SideError
from syncer.incidents.answers import Json
from syncer.incidents.catalogue import custom_widgets, fields, has_form, own_links, version
from syncer.incidents.client import IncidentClient
from syncer.incidents.custom import PREFIX, on_form
from syncer.incidents.listing import scope
from syncer.incidents.lookup import Lookup
from syncer.incidents.shapes import View
from syncer.ports import Finding, Needs

CLOCKS_APART = timedelta(minutes=5)
"""How far the server's clock may be from ours without a word."""

_STARTS_FILLED = frozenset({"Type", "Status", "Priority"})
"""Assumed: what the form fills in by itself, and so the API does where a new incident doesn't say it."""


def inspect(client: IncidentClient, lookup: Lookup, only: str | None, view: View, needs: Needs) -> Iterator[Finding]:
    """Server, clock, credentials, project, incidents, mark field, required fields, Enterprise Tester's own link.

    What rests on something that failed is left out. The API doesn't tell what a user may write."""
    try:
        answer = lookup.server()
        yield Finding(True, f"Enterprise Tester {version(answer.body)} answers at {client.base_url}")
        yield from _clock(answer.at, datetime.now(UTC))
        project = lookup.project("ExternalSystemLinks", "Widgets")
        yield Finding(True, f"Project '{project.get('Name')}' is visible to '{client.user}'")
        yield _incidents(client, lookup, only)
        yield _mark_field(project, view.mark_field)
        if needs.writes:
            yield from _required(project, view, needs)
            yield _own_link(project)
    except Missing as trouble:
        advice = "check the server's address with its application path, and the project's name"
        yield Finding(False, f"{trouble}; {advice}")
    except SideError as trouble:
        yield Finding(False, str(trouble))


def _clock(server: datetime | None, ours: datetime) -> Iterator[Finding]:
    """Nothing where the clocks agree. No fault either: times are only compared with others of the same server."""
    if server is not None and abs(server - ours) > CLOCKS_APART:
        minutes = round(abs(server - ours).total_seconds() / 60)
        way = "ahead of" if server > ours else "behind"
        said = f"Enterprise Tester's clock is {minutes} minutes {way} this machine's"
        yield Finding(True, f"{said}: let a time server set both, so that times in logs and in records agree")


def _incidents(client: IncidentClient, lookup: Lookup, only: str | None) -> Finding:
    tql = scope(lookup.project_id(), only, "LastUpdatedAt")
    try:
        body = client.get("incidents", {"tql": tql, "$top": 1, "$inlinecount": "allpages"}).body
    except Denied:
        raise
    except SideError as trouble:
        hint = f"; check the mapping's condition: {only}" if only else ""
        return Finding(False, f"{trouble}{hint}")
    total = body.get("Total")
    return Finding(True, f"{total if isinstance(total, int) else 'An unknown number of'} incidents are in scope")


def _mark_field(project: Json, mark_field: str | None) -> Finding:
    if mark_field is None:
        said = "No mark field is set: an incident whose answer is lost while it is created waits for a person"
        return Finding(True, said)
    if not has_form(project):
        return Finding(True, f"This server does not tell whether incidents have the custom field '{mark_field}'")
    there = {field.name: field for field in map(on_form, custom_widgets(project))}
    if mark_field not in there:
        close = difflib.get_close_matches(mark_field, there, 1)
        hint = f"did you mean '{close[0]}'?" if close else "create a text field of that name or name another one"
        return Finding(False, f"Incidents have no custom field '{mark_field}' for marks; {hint}")
    if there[mark_field].kind != "text":
        said = f"The custom field '{mark_field}' can't hold marks, because it is no text"
        return Finding(False, f"{said}: create a text field for them and name it as 'mark_field'")
    return Finding(True, f"Incidents have the custom field '{mark_field}' for marks")


def _required(project: Json, view: View, needs: Needs) -> Iterator[Finding]:
    """Fields without which the form takes no incident, and which the mapping fills with nothing."""
    filled = {*needs.filled, *_STARTS_FILLED, f"{PREFIX}{view.mark_field}"}
    there = fields(project, map(on_form, custom_widgets(project))).values()
    lacking = [field for field in there if field.required and field.writable and field.id not in filled]
    if lacking:
        names = ", ".join(f"'{field.id}'" for field in lacking)
        said = f"New incidents need {names}, which the mapping leaves empty"
        yield Finding(False, f"{said}: map it, or make it optional in Enterprise Tester")


def _own_link(project: Json) -> Finding:
    active = own_links(project)
    if not active:
        return Finding(True, "No link of Enterprise Tester's own synchronizes the incidents of this project")
    names = ", ".join(f"'{name}'" for name in active)
    said = f"Enterprise Tester's own link {names} synchronizes the incidents of this project as well"
    return Finding(False, f"{said}: switch it off, or two programs will overwrite each other")
