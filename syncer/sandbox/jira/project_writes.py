"""Versions and components of a project: created, changed, and taken off every issue when they go."""

from collections.abc import Mapping

from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.issue_writes import change_issue
from syncer.sandbox.jira.records import Component, Project, Version
from syncer.sandbox.jira.store import Store

MOST_NAME = 255


def create_version(store: Store, project: Project, name: str) -> Version:
    """A new version; JiraError 400 if the project has one of that name, upper or lower case."""
    version = Version(store.next_id("version"), project.id, version_name(store, project.id, name))
    store.versions[version.id] = version
    return version


def version_name(store: Store, project_id: str, name: str, itself: str | None = None) -> str:
    """The name as it may be used for a version, without blanks around it; JiraError 400 otherwise."""
    name = _name(name, "You must specify a valid version name")
    if _taken(name, store.versions_of(project_id), itself):
        raise _bad_name("A version with this name already exists in this project.")
    return name


def remove_version(store: Store, version: Version, by: str, swaps: Mapping[str, str | None]) -> None:
    """Delete a version; `swaps` says per field (`versions`, `fixVersions`) which one issues get instead."""
    for issue in list(store.issues.values()):
        values = {
            field: _swapped(issue.ids(field), version.id, instead)
            for field, instead in swaps.items()
            if version.id in issue.ids(field)
        }
        change_issue(store, issue, by, dict(values))
    del store.versions[version.id]


def create_component(store: Store, project: Project, name: str) -> Component:
    """A new component; JiraError 400 if the project has one of that name, upper or lower case."""
    component = Component(store.next_id("component"), project.id, component_name(store, project.id, name))
    store.components[component.id] = component
    return component


def component_name(store: Store, project_id: str, name: str, itself: str | None = None) -> str:
    """The name as it may be used for a component, without blanks around it; JiraError 400 otherwise."""
    name = _name(name, "The component name specified is invalid - cannot be an empty string.")
    if _taken(name, store.components_of(project_id), itself):
        raise _bad_name(f"A component with the name {name} already exists in this project.")
    return name


def remove_component(store: Store, component: Component, by: str, instead: str | None) -> None:
    """Delete a component; issues that had it get `instead`, or nothing."""
    for issue in list(store.issues.values()):
        if component.id in issue.ids("components"):
            left = _swapped(issue.ids("components"), component.id, instead)
            change_issue(store, issue, by, {"components": left})
    del store.components[component.id]


def _swapped(ids: tuple[str, ...], gone: str, instead: str | None) -> tuple[str, ...]:
    new = [instead if one == gone else one for one in ids]
    return tuple(dict.fromkeys(one for one in new if one is not None))


def _name(name: str, otherwise: str) -> str:
    name = name.strip()
    if not name:
        raise _bad_name(otherwise)
    if len(name) > MOST_NAME:
        raise _bad_name(f"The name must not be longer than {MOST_NAME} characters.")
    return name


def _taken(name: str, others: list[Version] | list[Component], itself: str | None) -> bool:
    return any(one.name.casefold() == name.casefold() and one.id != itself for one in others)


def _bad_name(text: str) -> JiraError:
    return JiraError(400, errors={"name": text})
