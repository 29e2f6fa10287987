"""What `syncer check` finds out about the incident side, one sentence each and never an exception."""

import difflib
from collections.abc import Iterator

from syncer.errors import Denied, Missing, SideError
from syncer.incidents.answers import Json
from syncer.incidents.client import IncidentClient
from syncer.incidents.listing import scope
from syncer.incidents.lookup import Lookup
from syncer.ports import Finding


def inspect(
    client: IncidentClient, lookup: Lookup, only: str | None, mark_field: str | None, *, writes: bool
) -> Iterator[Finding]:
    """Server, credentials, project, incidents, mark field, Enterprise Tester's own Jira link.

    What rests on something that failed is left out. The API doesn't tell what a user may write."""
    try:
        yield Finding(True, f"Enterprise Tester {lookup.version()} answers at {client.base_url}")
        yield Finding(True, f"Project '{_name(lookup)}' is visible to '{client.user}'")
        yield _incidents(client, lookup, only)
        yield _mark_field(lookup, mark_field)
        if writes:
            yield _own_link(lookup)
    except Missing as trouble:
        advice = "check the server's address with its application path, and the project's name"
        yield Finding(False, f"{trouble}; {advice}")
    except SideError as trouble:
        yield Finding(False, str(trouble))


def _name(lookup: Lookup) -> str:
    return str(lookup.project().get("Name"))


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


def _mark_field(lookup: Lookup, mark_field: str | None) -> Finding:
    if mark_field is None:
        said = "No mark field is set: an incident whose answer is lost while it is created waits for a person"
        return Finding(True, said)
    names = _form(lookup.project("Widgets"))
    if names is None:
        return Finding(True, f"This server does not tell whether incidents have the custom field '{mark_field}'")
    if mark_field in names:
        return Finding(True, f"Incidents have the custom field '{mark_field}' for marks")
    close = difflib.get_close_matches(mark_field, names, 1)
    hint = f"did you mean '{close[0]}'?" if close else "create a text field of that name or name another one"
    return Finding(False, f"Incidents have no custom field '{mark_field}' for marks; {hint}")


def _form(project: Json) -> list[str] | None:
    """The names of the fields on the incident form; `None` where the server doesn't tell."""
    forms = project.get("Widgets")
    form = forms.get("Incident") if isinstance(forms, dict) else None
    return [str(widget.get("Name")) for widget in form.get("Widgets") or ()] if isinstance(form, dict) else None


def _own_link(lookup: Lookup) -> Finding:
    links = lookup.project("ExternalSystemLinks").get("ExternalSystemLinks") or ()
    active = [str(link.get("Name")) for link in links if link.get("Enabled") and link.get("Type") == "Incident"]
    if not active:
        return Finding(True, "No link of Enterprise Tester's own synchronizes the incidents of this project")
    names = ", ".join(f"'{name}'" for name in active)
    said = f"Enterprise Tester's own link {names} synchronizes the incidents of this project as well"
    return Finding(False, f"{said}: switch it off, or two programs will overwrite each other")
