"""What `syncer check` finds out about the issue side: each finding one sentence, each problem with what to do."""

import difflib
from collections.abc import Collection, Iterator
from typing import Any, TypeAlias

from jira import JIRA

from syncer.errors import Missing, Rejected, SideError
from syncer.issues.fields import ASSIGNEE, LABELS
from syncer.issues.scope import Scope
from syncer.issues.screens import create_screen
from syncer.ports import Finding, Needs

Json: TypeAlias = Any

TO_READ = ("BROWSE_PROJECTS",)
TO_WRITE = (
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "TRANSITION_ISSUES",
    "ADD_COMMENTS",
    "EDIT_OWN_COMMENTS",
    "LINK_ISSUES",
)
MOST_PROJECTS = 100


def check(scope: Scope, issue_type: str | None, needs: Needs) -> Iterator[Finding]:
    """The findings in the order in which they depend on each other; the first failure to answer ends them."""
    try:
        yield from _server(scope)
        yield from _account(scope)
        try:
            yield Finding(True, f"project {scope.project.key} is visible")
        except Missing:
            yield Finding(False, _no_project(scope))
            return
        yield from _permissions(scope, tuple(_permissions_for(needs)))
        yield from _custom_fields(scope)
        if needs.writes and issue_type is not None:
            yield from _new_issues(scope, issue_type, needs.filled)
    except SideError as problem:
        yield Finding(False, f"{scope.client.server}: {problem}")


def _server(scope: Scope) -> Iterator[Finding]:
    deployment = scope.client.deployment
    kind = "Jira Cloud" if deployment.cloud else "Jira Data Center"
    yield Finding(True, f"{kind} {deployment.version} answers at {scope.client.server}")


def _account(scope: Scope) -> Iterator[Finding]:
    me = scope.client.ask(JIRA.myself)
    yield Finding(True, f"logged in as {me.get('displayName')} ({scope.client.me})")


def _no_project(scope: Scope) -> str:
    keys = _visible_keys(scope)
    said = f"there is no project {scope.key}, or this account may not see it"
    close = difflib.get_close_matches(scope.key.upper(), keys, n=3, cutoff=0.5)
    if close:
        return f"{said}; did you mean {' or '.join(close)}?"
    return f"{said}; it sees {', '.join(keys) or 'none at all'}"


def _visible_keys(scope: Scope) -> list[str]:
    client = scope.client
    if client.deployment.cloud:
        told = client.get("project", "search", maxResults=MOST_PROJECTS)["values"]
    else:
        told = client.get("project")[:MOST_PROJECTS]
    return [each["key"] for each in told]


def _permissions_for(needs: Needs) -> Iterator[str]:
    yield from TO_READ
    if needs.writes:
        yield from TO_WRITE
        if ASSIGNEE in needs.filled:
            yield "ASSIGN_ISSUES"
    if needs.deletes:
        yield "DELETE_ISSUES"
    if needs.creates_options:
        yield "ADMINISTER_PROJECTS"


def _permissions(scope: Scope, needed: tuple[str, ...]) -> Iterator[Finding]:
    asked = ",".join(needed)
    told = scope.client.ask(lambda jira: jira.my_permissions(projectKey=scope.key, permissions=asked))["permissions"]
    missing = [told.get(key, {}).get("name") or key for key in needed if not told.get(key, {}).get("havePermission")]
    for name in missing:
        yield Finding(
            False,
            f"this account lacks the permission '{name}' in project {scope.key}; "
            "grant it in the project's permission scheme (Project settings, Permissions)",
        )
    if not missing:
        yield Finding(True, f"all {len(needed)} permissions that are needed in project {scope.key} are granted")


def _custom_fields(scope: Scope) -> Iterator[Finding]:
    for name in scope.mapped_custom:
        field = scope.custom_fields.get(name)
        if field is None:
            listed = ", ".join(f"{each.id} ({each.name})" for each in scope.custom_fields.values())
            yield Finding(False, f"the mapping names {name}, which this Jira doesn't have; it has {listed}")
        elif field.kind is None:
            told = f"{name} is the field '{field.name}', whose values ({field.told}) can't be mirrored"
            yield Finding(False, f"{told}; take it out of the mapping")
        else:
            yield Finding(True, f"{name} is the field '{field.name}'")


def _new_issues(scope: Scope, issue_type: str, filled: Collection[str]) -> Iterator[Finding]:
    """The type of new issues, and whether they can be created with what the mapping has."""
    try:
        screen = create_screen(scope, scope.type_id(issue_type))
    except Rejected as problem:
        yield Finding(False, str(problem))
        return
    yield Finding(True, f"new issues get the type '{issue_type}'")
    where = f"the create screen of '{issue_type}' in project {scope.key}"
    if LABELS not in {field.id for field in screen}:
        yield Finding(False, f"{where} lacks the field Labels, which carries our mark; add it to the screen")
    for field in screen:
        if field.demanded and field.id not in filled:
            yield Finding(False, f"{where} demands {field.name} ({field.id}); map the field, or make it optional there")
