"""The sandbox's Jira as an ASGI application: routing, credentials, errors.

    request -> credentials -> limits -> body -> handler, at once and under the model's lock -> JSON or JiraError

A handler is an ordinary function and never waits, so every request is atomic.
"""

import re
from collections.abc import Awaitable, Callable, Iterable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from syncer.sandbox.jira.auth import caller, refusal
from syncer.sandbox.jira.call import Call, answer
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.limits import Asked, Limiter
from syncer.sandbox.jira.model import JiraModel
from syncer.sandbox.jira.permissions import check_permitted
from syncer.sandbox.jira.routes import ENDPOINTS, Endpoint, third
from syncer.sandbox.jira.views.viewer import Viewer

PREFIX = "/rest/api/2"
ALIAS = "/rest/api/latest"
PREFIX_3 = "/rest/api/3"

READS: tuple[str, ...] = (
    r"/rest/api/(2|latest)/search$",
    r"/rest/api/(2|latest)/search/jql$",
    r"/rest/api/(2|latest)/search/approximate-count$",
    r"/rest/api/(2|latest)/issue/bulkfetch$",
    r"/rest/api/(2|latest)/comment/list$",
)
"""Paths where a POST only reads."""


def jira_app(model: JiraModel) -> ASGIApp:
    """The application that serves a model as its deployment would."""
    limiter = Limiter(model)
    served = ((PREFIX, ENDPOINTS), (ALIAS, ENDPOINTS), (PREFIX_3, third.ENDPOINTS))
    routes = [route for prefix, endpoints in served for route in _routes(model, limiter, prefix, endpoints)]
    return Starlette(routes=routes, exception_handlers={HTTPException: _unknown})


def _routes(model: JiraModel, limiter: Limiter, prefix: str, endpoints: Iterable[Endpoint]) -> Iterable[Route]:
    for one in endpoints:
        if one.deployments is None or model.deployment in one.deployments:
            yield Route(prefix + one.path, _serve(model, limiter, one), methods=[one.method])


def _serve(model: JiraModel, limiter: Limiter, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        raw_body = await request.body()
        with model.lock:
            return _answer(model, limiter, endpoint, request, raw_body)

    return serve


def _answer(model: JiraModel, limiter: Limiter, endpoint: Endpoint, request: Request, raw_body: bytes) -> Response:
    authorization = request.headers.get("authorization")
    user = caller(model, authorization)
    if user is None and endpoint.anonymous and authorization is None:
        user = next(iter(model.users.values()))
    if user is None:
        return refusal(model)
    asked = _asked(model, user.login, endpoint, request)
    turned_away = limiter.admit(asked)
    if turned_away is not None:
        return turned_away
    call = Call(model, Viewer(model, user), request.path_params, request.query_params, raw_body)
    return limiter.tell(_handled(model, endpoint, call, request), asked)


def _handled(model: JiraModel, endpoint: Endpoint, call: Call, request: Request) -> Response:
    try:
        if call.raw_body and "json" not in request.headers.get("content-type", ""):
            raise JiraError(415, "The body must be sent as application/json.")
        check_permitted(model, endpoint.method, endpoint.path, request.path_params, writes=_writes(endpoint))
        return endpoint.handle(call)
    except JiraError as problem:
        return answer(problem.body(), problem.status)


def _asked(model: JiraModel, login: str, endpoint: Endpoint, request: Request) -> Asked:
    issue = model.locate(request.path_params.get("issue", "")) if _writes(endpoint) else None
    return Asked(login, f"{endpoint.method} {endpoint.path}", None if issue is None else issue.id)


def _writes(endpoint: Endpoint) -> bool:
    path = PREFIX + endpoint.path
    return endpoint.method != "GET" and not any(re.search(pattern, path) for pattern in READS)


async def _unknown(request: Request, problem: Exception) -> Response:
    """What the server says about paths and methods that it doesn't have."""
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    text = f"null for uri: {request.url}" if status == 404 else f"HTTP {status} {request.method}"
    return answer({"message": text, "status-code": status}, status)
