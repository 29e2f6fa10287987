"""Search. The two deployments have nothing in common here but the query language.

| Cloud                                               | Data Center                         |
|-----------------------------------------------------|-------------------------------------|
| /search/jql; /search is gone (410)                  | /search; /search/jql isn't there    |
| `nextPageToken` and `isLast`, no total              | `startAt`, `maxResults`, `total`    |
| unbounded JQL refused                               | allowed                             |
| only ids unless fields are asked for                | all fields but comments             |
| unknown members of a POST refused                   | ignored                             |

`cut_pages` and `repeated_token` break the paging as servers have been seen to.

Assumed: a page token stands for a position, so an issue that changes its place between two pages can be
missed or seen twice, as with `startAt`.
"""

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, Page, answer, member, texts
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.routes.endpoint import CLOUD, DATACENTER, Endpoint
from syncer.sandbox.jira.search import find
from syncer.sandbox.jira.views.comments import INLINED
from syncer.sandbox.jira.views.issues import Wanted, issue_json

GONE = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
MOST_WITH_FIELDS = 100
MOST_IDS = 5000
MOST_RECONCILED = 50
MOST_DATACENTER = 1000
DEFAULT_SIZE = 50
_MEMBERS = {
    "expand", "fields", "fieldsByKeys", "jql", "maxResults", "nextPageToken", "properties", "reconcileIssues",
}  # fmt: skip


def gone(_call: Call) -> Response:
    raise JiraError(410, GONE)


def cloud_get(call: Call) -> Response:
    asked: dict[str, Any] = {name: call.query.get(name) for name in ("jql", "nextPageToken", "expand")}
    ids = call.words("reconcileIssues")
    size = call.query.get("maxResults", str(DEFAULT_SIZE))
    if not all(one.isdecimal() for one in ids) or not size.lstrip("-").isdecimal():
        raise JiraError(400, "maxResults and reconcileIssues must be whole numbers.")
    asked |= {"maxResults": int(size), "reconcileIssues": [int(one) for one in ids]}
    asked |= {"fields": call.words("fields"), "properties": call.words("properties")}
    return _cloud(call, asked)


def cloud_post(call: Call) -> Response:
    body = call.body()
    unknown = [name for name in body if name not in _MEMBERS]
    if unknown:
        raise JiraError(400, f'Unrecognized field "{unknown[0]}"; known are: {", ".join(sorted(_MEMBERS))}.')
    lists = {name: texts(body, name) for name in ("fields", "properties")}
    return _cloud(call, {**body, **lists, "reconcileIssues": member(body, "reconcileIssues", list, [])})


def _cloud(call: Call, asked: dict[str, Any]) -> Response:
    jql = member(asked, "jql", str, "")
    current = [str(one) for one in asked["reconcileIssues"]]
    if len(current) > MOST_RECONCILED:
        raise JiraError(400, f"reconcileIssues must not hold more than {MOST_RECONCILED} ids.")
    wanted = _wanted(asked["fields"] or ("id",), member(asked, "expand", str, ""), asked["properties"])
    size = member(asked, "maxResults", int, DEFAULT_SIZE)
    if not 1 <= size <= MOST_IDS:
        raise JiraError(400, f"maxResults must be between 1 and {MOST_IDS}.")
    most = MOST_IDS if {"id", "key"}.issuperset(wanted.fields) else MOST_WITH_FIELDS
    token = member(asked, "nextPageToken", str, None)
    page = Page(_position(jql, token) if token else 0, call.size(size, most))
    found = find(call.store, call.viewer.user, jql, bounded=True, current=current)
    shown = {"issues": [issue_json(call.viewer, issue, wanted) for issue in page.of(found)]}
    following = _following(call, jql, page, len(found), token)
    if following is None:
        return answer({**shown, "isLast": True})
    return answer({**shown, "nextPageToken": following, "isLast": False})


def _following(call: Call, jql: str, page: Page, total: int, token: str | None) -> str | None:
    """The token of the page after this one; None after the last."""
    behaviour = call.store.behaviour
    if behaviour.repeated_token and token:
        return token
    if behaviour.cut_pages or page.is_last(total):
        return None
    return _token(jql, page.start + page.size)


def approximate_count(call: Call) -> Response:
    jql = member(call.body(), "jql", str, "")
    return answer({"count": len(find(call.store, call.viewer.user, jql, bounded=True))})


def datacenter_get(call: Call) -> Response:
    expand, properties = ",".join(call.words("expand")), call.words("properties")
    wanted = _wanted(call.words("fields") or ("*navigable",), expand, properties)
    return _datacenter(call, call.query.get("jql", ""), wanted, call.page(DEFAULT_SIZE, MOST_DATACENTER))


def datacenter_post(call: Call) -> Response:
    body = call.body()
    wanted = _wanted(texts(body, "fields") or ("*navigable",), ",".join(texts(body, "expand")), ())
    size = call.size(member(body, "maxResults", int, DEFAULT_SIZE), MOST_DATACENTER)
    page = Page(max(0, member(body, "startAt", int, 0)), size)
    return _datacenter(call, member(body, "jql", str, ""), wanted, page)


def _datacenter(call: Call, jql: str, wanted: Wanted, page: Page) -> Response:
    found = find(call.store, call.viewer.user, jql, bounded=False)
    cut = call.store.behaviour.cut_pages and page.start > 0
    shown = [issue_json(call.viewer, issue, wanted) for issue in (() if cut else page.of(found))]
    return answer({"expand": "names,schema", **page.envelope(len(found)), "issues": shown})


def _wanted(fields: Iterable[str], expand: str, properties: Iterable[str]) -> Wanted:
    return Wanted(tuple(fields), frozenset(expand.split(",")) - {""}, tuple(properties), inline=INLINED)


def _token(jql: str, position: int) -> str:
    return base64.urlsafe_b64encode(f"{position} {_digest(jql)}".encode()).decode()


def _position(jql: str, token: str) -> int:
    try:
        position, digest = base64.urlsafe_b64decode(token).decode().split(" ")
        if digest == _digest(jql):
            return int(position)
    except ValueError:
        pass
    raise JiraError(400, "The provided next page token is invalid or belongs to another query.")


def _digest(jql: str) -> str:
    return hashlib.sha256(jql.encode()).hexdigest()[:16]


ENDPOINTS = (
    Endpoint("GET", "/search/jql", cloud_get, CLOUD),
    Endpoint("POST", "/search/jql", cloud_post, CLOUD),
    Endpoint("POST", "/search/approximate-count", approximate_count, CLOUD),
    Endpoint("GET", "/search", gone, CLOUD),
    Endpoint("POST", "/search", gone, CLOUD),
    Endpoint("GET", "/search", datacenter_get, DATACENTER),
    Endpoint("POST", "/search", datacenter_post, DATACENTER),
)
