"""The sandbox's Jira as an ASGI application: routing, credentials, errors.

    request -> credentials -> body -> handler, at once and under the model's lock -> JSON or JiraError

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
from syncer.sandbox.jira.model import JiraModel
from syncer.sandbox.jira.permissions import check_permitted
from syncer.sandbox.jira.routes import ENDPOINTS, Endpoint
from syncer.sandbox.jira.views.viewer import Viewer

PREFIX = "/rest/api/2"

READS: tuple[str, ...] = (
    r"/rest/api/2/search$",
    r"/rest/api/2/search/jql$",
    r"/rest/api/2/search/approximate-count$",
    r"/rest/api/2/issue/bulkfetch$",
    r"/rest/api/2/comment/list$",
)
"""Paths where a POST only reads."""


def jira_app(model: JiraModel) -> ASGIApp:
    """The application that serves a model as its deployment would."""
    served = (one for one in ENDPOINTS if one.deployments is None or model.deployment in one.deployments)
    return Starlette(routes=list(_routes(model, served)), exception_handlers={HTTPException: _unknown})


def _routes(model: JiraModel, endpoints: Iterable[Endpoint]) -> Iterable[Route]:
    for one in endpoints:
        yield Route(PREFIX + one.path, _serve(model, one), methods=[one.method])


def _serve(model: JiraModel, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        raw_body = await request.body()
        with model.lock:
            return _answer(model, endpoint, request, raw_body)

    return serve


def _answer(model: JiraModel, endpoint: Endpoint, request: Request, raw_body: bytes) -> Response:
    authorization = request.headers.get("authorization")
    user = caller(model, authorization)
    if user is None and endpoint.anonymous and authorization is None:
        user = next(iter(model.users.values()))
    if user is None:
        return refusal(model)
    call = Call(model, Viewer(model, user), request.path_params, request.query_params, raw_body)
    try:
        if raw_body and "json" not in request.headers.get("content-type", ""):
            raise JiraError(415, "The body must be sent as application/json.")
        check_permitted(model, endpoint.method, endpoint.path, request.path_params, writes=_writes(endpoint))
        return endpoint.handle(call)
    except JiraError as problem:
        return answer(problem.body(), problem.status)


def _writes(endpoint: Endpoint) -> bool:
    path = PREFIX + endpoint.path
    return endpoint.method != "GET" and not any(re.search(pattern, path) for pattern in READS)


async def _unknown(request: Request, problem: Exception) -> Response:
    """What the server says about paths and methods that it doesn't have."""
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    text = f"null for uri: {request.url}" if status == 404 else f"HTTP {status} {request.method}"
    return answer({"message": text, "status-code": status}, status)
