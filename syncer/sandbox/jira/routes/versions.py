"""Versions: created, renamed, released, and taken away with something put in their place."""

from datetime import date
from typing import Any

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer, member, nothing
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.project_writes import create_version, remove_version, version_name
from syncer.sandbox.jira.records import Project, Version
from syncer.sandbox.jira.routes.endpoint import Endpoint
from syncer.sandbox.jira.views import catalogue


def _version(call: Call) -> Version:
    version = call.store.versions.get(call.path["version"])
    if version is None or not call.store.shows_project(call.store.projects[version.project_id]):
        raise JiraError(404, f"Could not find version for id '{call.path['version']}'")
    return version


def project_of(call: Call, body: dict[str, Any]) -> Project:
    """The project named by `projectId` or `project`. Raises JiraError 400 or 404."""
    reference = body.get("projectId") or body.get("project")
    if not isinstance(reference, int | str):
        raise JiraError(400, errors={"project": "Specify a valid project ID or key"})
    return call.store.project(str(reference))


def read(call: Call) -> Response:
    return answer(catalogue.version(call.viewer, _version(call)))


def create(call: Call) -> Response:
    body = call.body()
    name = member(body, "name", str, "")
    project = project_of(call, body)
    settings = _settings(body)
    version = create_version(call.store, project, name)
    _apply(version, settings)
    return answer(catalogue.version(call.viewer, version), 201)


def change(call: Call) -> Response:
    """Only the members that are sent are changed."""
    version, body = _version(call), call.body()
    settings = _settings(body)
    if body.get("name") is not None:
        settings["name"] = version_name(call.store, version.project_id, member(body, "name", str), version.id)
    _apply(version, settings)
    return answer(catalogue.version(call.viewer, version))


def remove_and_swap(call: Call) -> Response:
    """The version goes; `moveFixIssuesTo` and `moveAffectedIssuesTo` say what issues get instead."""
    version, body = _version(call), call.body()
    swaps = {
        field: _replacement(call, version, member(body, name, int, None))
        for field, name in (("fixVersions", "moveFixIssuesTo"), ("versions", "moveAffectedIssuesTo"))
    }
    remove_version(call.store, version, call.login, swaps)
    return nothing()


def remove(call: Call) -> Response:
    """As `remove_and_swap`, with the swaps in the query: the older way, which clients still go."""
    version = _version(call)
    swaps = {
        field: _replacement(call, version, _number(call, name))
        for field, name in (("fixVersions", "moveFixIssuesTo"), ("versions", "moveAffectedIssuesTo"))
    }
    remove_version(call.store, version, call.login, swaps)
    return nothing()


def merge(call: Call) -> Response:
    """The version goes, and its issues get the other one in its place."""
    version = _version(call)
    other = _replacement(call, version, int(call.path["other"]) if call.path["other"].isdecimal() else 0)
    remove_version(call.store, version, call.login, {"fixVersions": other, "versions": other})
    return nothing()


def _number(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if text is not None and not text.isdecimal():
        raise JiraError(400, f"The parameter '{name}' must be the id of a version, not '{text}'.")
    return None if text is None else int(text)


def _replacement(call: Call, version: Version, wanted: int | None) -> str | None:
    if wanted is None:
        return None
    other = call.store.versions.get(str(wanted))
    if other is None or other.project_id != version.project_id or other is version:
        raise JiraError(400, f"The version with id '{wanted}' can't take the place of this one.")
    return other.id


def _settings(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, attribute in (("released", "released"), ("archived", "archived")):
        if body.get(name) is not None:
            found[attribute] = member(body, name, bool)
    if body.get("description") is not None:
        found["description"] = member(body, "description", str)
    for name, attribute in (("startDate", "start_date"), ("releaseDate", "release_date")):
        if body.get(name) is not None:
            found[attribute] = _date(name, member(body, name, str))
    return found


def _date(name: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise JiraError(400, errors={name: f"'{text}' is not a date of the form yyyy-mm-dd."}) from None


def _apply(version: Version, settings: dict[str, Any]) -> None:
    for attribute, value in settings.items():
        setattr(version, attribute, value)


ENDPOINTS = (
    Endpoint("POST", "/version", create),
    Endpoint("GET", "/version/{version}", read),
    Endpoint("PUT", "/version/{version}", change),
    Endpoint("DELETE", "/version/{version}", remove),
    Endpoint("PUT", "/version/{version}/mergeto/{other}", merge),
    Endpoint("POST", "/version/{version}/removeAndSwap", remove_and_swap),
)
