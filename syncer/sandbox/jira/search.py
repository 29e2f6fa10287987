"""Search: JQL in, the matching issues out, as the index shows them to the caller."""

from collections.abc import Iterable

from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.jql.filters import Asker, build
from syncer.sandbox.jira.jql.ordering import ordered
from syncer.sandbox.jira.jql.syntax import parse
from syncer.sandbox.jira.records import Issue, User
from syncer.sandbox.jira.store import Store

UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."


def find(store: Store, user: User, jql: str, *, bounded: bool, current: Iterable[str] = ()) -> list[Issue]:
    """The issues that match, in order; those with an id in `current` are judged as they are now.

    Raises JiraError 400 for JQL that can't be understood, and, where it has to be `bounded`, for JQL that
    restricts nothing.
    """
    query = parse(jql)
    if bounded and query.where is None:
        raise JiraError(400, UNBOUNDED)
    known = {issue.id: issue for issue in store.searchable()}
    for issue_id in current:
        issue = store.issues.get(issue_id)
        if issue is None or not store.findable(issue):
            known.pop(issue_id, None)
        else:
            known[issue_id] = issue
    asker = Asker(store, store.now(), store.zone_of(user.login))
    matches = build(asker, query.where) if query.where is not None else lambda _issue: True
    return ordered(filter(matches, known.values()), query.order)
