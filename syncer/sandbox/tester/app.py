"""Serves a `TesterModel` over HTTP: log-in, routes, and errors as the server words them.

    request -> path in lower case -> log-in -> route over the model -> JSON
                                       401       403, 404              {"Message": "..."}

Paths are read in any case, as the server's own examples write them both ways.
"""

import base64
import binascii
from collections import defaultdict
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from syncer.sandbox import cast
from syncer.sandbox.tester import routes_incidents, routes_project, routes_runs, routes_system, routes_tickets
from syncer.sandbox.tester.calls import Call, Handler, JsonAnswer
from syncer.sandbox.tester.errors import Refused, Unauthorised
from syncer.sandbox.tester.model import TesterModel
from syncer.sandbox.tester.oauth import Signatures
from syncer.sandbox.tester.records import User

_ROUTES = (
    *routes_incidents.ROUTES,
    *routes_project.ROUTES,
    *routes_runs.ROUTES,
    *routes_system.ROUTES,
    *routes_tickets.ROUTES,
)

_PAGES = (401, 404, 405, 500)
"""Codes that come as HTML where `error_pages` is set; the JSON of a 403 is certain, theirs is not."""


def tester_app(model: TesterModel) -> ASGIApp:
    """The application of one server, mounted under the model's application path."""
    handlers: dict[str, dict[str, Handler]] = defaultdict(dict)
    signatures = Signatures()
    for method, path, handler in (*_ROUTES, *(routes_incidents.ROUTES_6 if model.modern else ())):
        handlers[path][method] = handler
    routes = [_route(model, signatures, path, methods) for path, methods in handlers.items()]

    async def refuse(_request: Request, problem: Exception) -> Response:
        return _error(model, problem)

    application = Starlette(
        routes=[Mount(model.application_path.lower().rstrip("/"), routes=routes)],
        exception_handlers={Refused: refuse, HTTPException: refuse, 500: refuse},
    )

    async def in_any_case(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].lower().rstrip("/") or "/"
        await application({**scope, "path": path}, receive, send)

    return in_any_case


def _route(model: TesterModel, signatures: Signatures, path: str, methods: dict[str, Handler]) -> Route:
    async def endpoint(request: Request) -> Response:
        caller = _log_in(model, signatures, request)
        raw = await request.body()
        method = "GET" if request.method == "HEAD" else request.method
        if method != "GET" and model.behaviour.read_only:
            raise Refused("You do not have permission to change anything here.")
        return methods[method](Call(model, caller, request, raw))

    return Route(path, endpoint, methods=list(methods))


def _log_in(model: TesterModel, signatures: Signatures, request: Request) -> User:
    """The person behind an authorization header, Basic or OAuth. Raises Unauthorised."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "oauth":
        login = signatures.login(request, model.now(), model.behaviour)
    else:
        login = _basic(encoded) if scheme.lower() == "basic" else ""
    users = {user.login: user for user in model.catalogue.users.values() if user.enabled}
    if login not in users or model.behaviour.credentials_expired:
        raise Unauthorised("You must log in with a valid user name and password.")
    return users[login]


def _basic(encoded: str) -> str:
    """The login, where the password with it is right, and "" otherwise."""
    try:
        login, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return login if password == cast.PASSWORD else ""


def _error(model: TesterModel, problem: Exception) -> Response:
    if isinstance(problem, Refused):
        status, message = problem.status, problem.message
    elif isinstance(problem, HTTPException):
        status, message = problem.status_code, problem.detail
    else:
        status, message = 500, "An internal error has occurred."
    headers = {"www-authenticate": 'Basic realm="Enterprise Tester"'} if status == 401 else {}
    if model.behaviour.error_pages and status in _PAGES:
        return HTMLResponse(_page(status), status, headers)
    return JsonAnswer({"Message": message}, status, headers)


def _page(status: int) -> str:
    title = f"{status} - {HTTPStatus(status).phrase}."
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>Server Error</h1>"
        f"<fieldset><h2>{title}</h2><h3>The page cannot be displayed.</h3></fieldset></body></html>"
    )
