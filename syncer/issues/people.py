"""The people to whom issues of the project can be assigned: nobody else is ever named in a request."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from syncer.core.records import Option
from syncer.issues.scope import Scope
from syncer.issues.shapes import person_id

Json: TypeAlias = Any

MOST_USERS = 1000


def users(scope: Scope) -> Iterator[Option]:
    """The people to whom issues can be assigned, among the first thousand.

    Cloud cuts a page first and then leaves out who can't be assigned, so that a short page is not the last one
    (Jira REST v2, GET /user/assignable/search). One that tells nobody new is."""
    seen: set[str] = set()
    start = 0
    while start < MOST_USERS:
        page = scope.client.get("user", "assignable", "search", project=scope.key, startAt=start, maxResults=MOST_USERS)
        found = [user for user in map(_user, page) if user is not None and user.id not in seen]
        if not found:
            return
        yield from found
        seen |= {user.id for user in found}
        start += len(page)


def named(scope: Scope, name: str) -> str | None:
    """The id of the one person with that id, name, login or e-mail address; `None` for nobody and for several."""
    wanted = name.strip().casefold()
    found = [
        user.id
        for user in users(scope)
        if user.active and wanted in {told.casefold() for told in (user.id, user.name, *user.aliases)}
    ]
    return found[0] if len(found) == 1 else None


def _user(person: Json) -> Option | None:
    """`name`, the login, is the id on Data Center. The e-mail address may be hidden on Cloud."""
    user_id = person_id(person)
    if user_id is None:
        return None
    aliases = dict.fromkeys(str(told) for told in (person.get("emailAddress"), person.get("name")) if told)
    return Option(user_id, person.get("displayName") or user_id, person.get("active", True), tuple(aliases))
