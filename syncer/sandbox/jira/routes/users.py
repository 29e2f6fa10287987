"""People: one by reference, or a search. Cloud knows them by accountId, Data Center by username."""

from collections.abc import Iterable

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.records import User
from syncer.sandbox.jira.routes.endpoint import Endpoint

MOST = 1000


def user(call: Call) -> Response:
    store = call.store
    reference = call.query.get("accountId" if store.cloud else "username")
    found = store.user(reference) if reference else None
    key = call.query.get("key")
    if found is None and key and not store.cloud:
        found = next((one for one in store.users.values() if one.key == key), None)
    if found is None:
        text = "Specified user does not exist or you do not have required permissions"
        raise JiraError(404, text)
    return answer(call.viewer.person(found.login))


def search(call: Call) -> Response:
    """Data Center leaves inactive accounts out unless `includeInactive` is true; Cloud shows them."""
    inactive = call.store.cloud or call.flag("includeInactive")
    return _page(call, (one for one in _matching(call, required=True) if one.active or inactive))


def assignable(call: Call) -> Response:
    """Who can be given work in a project, or on an issue."""
    project, issue = call.query.get("project"), call.query.get("issueKey") or call.query.get("issueId")
    if issue:
        call.store.visible(issue)
    elif project:
        call.store.project(project)
    else:
        raise JiraError(400, "A value for the query parameter project or issueKey must be provided.")
    return _page(call, (one for one in _matching(call, required=False) if call.store.may_be_assigned(one)))


def _matching(call: Call, *, required: bool) -> Iterable[User]:
    people = list(call.store.users.values())
    account_id = call.query.get("accountId")
    if call.store.cloud and account_id:
        return [one for one in people if one.account_id == account_id]
    asked = call.query.get("query" if call.store.cloud else "username", "").casefold()
    if not asked and required and not call.store.cloud:
        raise JiraError(400, "The username query parameter was not provided.")
    if not call.store.cloud and asked == ".":
        return people
    return [one for one in people if _matches(call, one, asked)]


def _matches(call: Call, one: User, asked: str) -> bool:
    """A mail address that is hidden can't be searched for either."""
    mail = "" if call.store.behaviour.emails_hidden else one.email
    login = "" if call.store.cloud else one.login
    words = [*one.display_name.split(), one.display_name, mail, login]
    return any(word.casefold().startswith(asked) for word in words if word)


def _page(call: Call, people: Iterable[User]) -> Response:
    page = call.page(50, MOST)
    return answer([call.viewer.person(one.login) for one in page.of(list(people))])


ENDPOINTS = (
    Endpoint("GET", "/user", user),
    Endpoint("GET", "/user/search", search),
    Endpoint("GET", "/user/assignable/search", assignable),
)
