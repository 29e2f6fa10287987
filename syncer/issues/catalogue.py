"""The project's options of every kind, read now, and the few that can be added."""

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from jira import JIRA

from syncer.core.records import Catalogue, Option, Side
from syncer.errors import InDoubt, Rejected
from syncer.issues.scope import Scope
from syncer.issues.shapes import person_id

Json: TypeAlias = Any

MOST_USERS = 1000


def catalogue(scope: Scope) -> Catalogue:
    """Raises `Missing` for an unknown project."""
    client, key = scope.client, scope.key
    project = client.get("project", key)
    return Catalogue(
        Side.ISSUE,
        {
            "type": tuple(_option(each) for each in project.get("issueTypes", ())),
            "status": tuple(Option(each.id, each.name) for each in scope.read_statuses().values()),
            "priority": tuple(_option(each.raw) for each in client.ask(JIRA.priorities)),
            "resolution": tuple(_option(each.raw) for each in client.ask(JIRA.resolutions)),
            "component": tuple(_option(each) for each in client.get("project", key, "components")),
            "version": tuple(_option(each) for each in client.get("project", key, "versions")),
            "user": tuple(_users(scope)),
        },
    )


def create_option(scope: Scope, kind: Literal["version", "component"], name: str) -> Option:
    """Add a version or component. Where the name is taken already, that one is meant.

    Raises `Rejected` for a name that Jira doesn't take, and `Denied` without *Administer Projects*."""
    # Cloud wants a version's project by its id and a component's by its key; Data Center takes both.
    where = {"projectId": int(scope.project.id)} if kind == "version" else {"project": scope.project.key}
    try:
        made = scope.client.post({"name": name, **where}, kind)
    except Rejected:
        for each in scope.client.get("project", scope.key, f"{kind}s"):
            if each["name"].casefold() == name.casefold():
                return _option(each)
        raise
    if not isinstance(made, dict) or "id" not in made:
        raise InDoubt(Side.ISSUE, f"Jira did not say which {kind} it made")
    return _option(made)


def _option(told: Json) -> Option:
    return Option(str(told["id"]), told["name"], active=not told.get("archived", False))


def _users(scope: Scope) -> Iterator[Option]:
    """The people to whom issues can be assigned, among the first thousand.

    Cloud cuts a page first and then leaves out who can't be assigned, so that a short page is not the last one
    (Jira REST v2, GET /user/assignable/search). One that tells nobody new is."""
    seen: set[str] = set()
    start = 0
    while start < MOST_USERS:
        page = scope.client.get("user", "assignable", "search", project=scope.key, startAt=start, maxResults=MOST_USERS)
        users = [user for user in map(_user, page) if user is not None and user.id not in seen]
        if not users:
            return
        yield from users
        seen |= {user.id for user in users}
        start += len(page)


def _user(person: Json) -> Option | None:
    """`name`, the login, is the id on Data Center. The e-mail address may be hidden on Cloud."""
    user_id = person_id(person)
    if user_id is None:
        return None
    aliases = dict.fromkeys(str(told) for told in (person.get("emailAddress"), person.get("name")) if told)
    return Option(user_id, person.get("displayName") or user_id, person.get("active", True), tuple(aliases))
