"""The pages of one server: list, record, forms.

    GET  /                    the list: ?q= words, ?page=
    GET  <record>/<id>        a record
    POST <record>/<id>/<deed> one of its forms; back to the record, or the page again with a sentence beside the form
    GET  /_pages/create       the form of a new record; POST makes it
    POST /_pages/person       who the visitor is
    GET  /_pages/<file>       styles, script, icon
    GET  /_pages/stepresult/<id>  something else that records lead to

A handler reads the body first and never waits afterwards, so each form is carried out at once, as requests to the
API are.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from syncer.sandbox.pages import persona
from syncer.sandbox.pages.controls import Form, retyped
from syncer.sandbox.pages.door import PAGES
from syncer.sandbox.pages.origin import from_our_page
from syncer.sandbox.pages.shapes import Refusal, Side
from syncer.sandbox.pages.templating import environment

PER_PAGE = 50
MOST_BYTES = 1_000_000

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

FILES: Mapping[str, str] = {
    "style.css": "text/css",
    "refresh.js": "text/javascript",
    "tester.svg": "image/svg+xml",
    "jira.svg": "image/svg+xml",
}

Answer = Callable[["_Visit"], Response]


def site(side: Side) -> ASGIApp:
    """The application; paths are below the side's root."""
    root, record = side.look.root, side.look.record
    one = f"{root}{record}{{id}}"
    routes: list[tuple[str, str, Answer]] = [
        ("GET", f"{root}/", _list),
        ("GET", f"{root}{PAGES}create", _blank),
        ("POST", f"{root}{PAGES}create", _create),
        ("POST", f"{root}{PAGES}person", _person),
        ("GET", f"{root}{PAGES}stepresult/{{id}}", _aside),
        ("GET", f"{root}{PAGES}{{file}}", _file),
        ("GET", one, _record),
        ("GET", f"{one}/{{deed}}", _back),
        ("POST", f"{one}/{{deed}}", _deed),
    ]
    pages = environment()

    def serve(answer: Answer) -> Callable[[Request], Any]:
        async def handle(request: Request) -> Response:
            body = await _body(request)
            with side.lock:
                return _answered(answer, _Visit(side, pages, request, body))

        return handle

    async def unknown(request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 500
        visit = _Visit(side, pages, request, b"")
        return visit.problem(Refusal(f"There is no such page here ({HTTPStatus(status).phrase}).", status))

    return Starlette(
        routes=[Route(path, serve(answer), methods=[method]) for method, path, answer in routes],
        exception_handlers={HTTPException: unknown},
    )


class _Visit:
    """One request of one visitor. `body` None: longer than may be."""

    def __init__(self, side: Side, pages: Any, request: Request, body: bytes | None) -> None:
        self.side = side
        self.request = request
        self.body = body
        self._pages = pages

    @property
    def id(self) -> str:
        return str(self.request.path_params["id"])

    @property
    def people(self) -> Mapping[str, str]:
        return self.side.people()

    @property
    def who(self) -> str:
        """Login of the person whom the visitor is."""
        chosen = self.request.cookies.get(persona.cookie(self.side.look.style), "")
        return chosen if chosen in self.people else self.side.look.newcomer

    def form(self) -> Form:
        """What was posted. Raises Refusal for what no page of ours would post."""
        if self.body is None:
            raise Refusal("The form holds more than a million characters; shorten it and send it again.", 413)
        if not from_our_page(self.request, self.side.hosts):
            text = (
                "This form was not sent by a page of this server, so nothing was changed; open the page and try again."
            )
            raise Refusal(text, 403)
        try:
            return Form(self.body)
        except ValueError:
            raise Refusal("The form has more fields than any page here; open the page and try again.", 413) from None

    def show(self, template: str, status: int = 200, **shown: Any) -> Response:
        look = self.side.look
        page = self._pages.get_template(template).render(
            look=look, root=look.root, pages=f"{look.root}{PAGES}", who=self.who, people=self.people, **shown
        )
        # Records may hold halves of letters, which UTF-8 can't.
        return Response(page.encode("utf-8", "replace"), status, HEADERS, "text/html; charset=utf-8")

    def problem(self, refusal: Refusal) -> Response:
        return self.show("problem.html", refusal.status, here="", sentence=str(refusal))

    def go(self, path: str) -> Response:
        return RedirectResponse(f"{self.side.look.root}{path}", 303, HEADERS)


async def _body(request: Request) -> bytes | None:
    body = b""
    async for piece in request.stream():
        if len(body) <= MOST_BYTES:  # the rest is read and dropped: a browser shows no answer before it has sent all
            body += piece
    return body if len(body) <= MOST_BYTES else None


def _answered(answer: Answer, visit: _Visit) -> Response:
    try:
        return answer(visit)
    except Refusal as refusal:
        return visit.problem(refusal)


def _list(visit: _Visit) -> Response:
    words = visit.request.query_params.get("q", "")
    ids, total = visit.side.found(words.casefold().split())
    last = max(1, -(-len(ids) // PER_PAGE))
    asked = visit.request.query_params.get("page", "1")
    page = min(max(int(asked), 1), last) if asked.isdecimal() and len(asked) < 10 else 1
    rows = [visit.side.row(one) for one in ids[(page - 1) * PER_PAGE : page * PER_PAGE]]
    gone = visit.request.query_params.get("gone", "")
    return visit.show(
        "list.html",
        here=f"/?{urlencode({'q': words, 'page': page})}",
        words=words,
        rows=rows,
        found=len(ids),
        total=total,
        page=page,
        last=last,
        gone=gone[:40],
    )


def _record(visit: _Visit) -> Response:
    return _shown_record(visit, Form())


def _shown_record(visit: _Visit, form: Form, refusal: Refusal | None = None, deed: str = "") -> Response:
    record = visit.side.record(visit.id)
    if deed == "edit":
        record = replace(record, controls=retyped(record.controls, form))
    return visit.show(
        "record.html",
        refusal.status if refusal else 200,
        here=f"{visit.side.look.record}{record.id}",
        record=record,
        form=form,
        failed=deed,
        sentence=str(refusal or ""),
    )


def _back(visit: _Visit) -> Response:
    """Where a form was posted to there is nothing to read; who loads it again is led to the record."""
    return visit.go(f"{visit.side.look.record}{visit.id}")


def _deed(visit: _Visit) -> Response:
    form, deed = visit.form(), str(visit.request.path_params["deed"])
    record = visit.side.record(visit.id)
    try:
        visit.side.do(deed, record.id, visit.who, form)
    except Refusal as refusal:
        return _shown_record(visit, form, refusal, deed)
    if deed == "delete":
        return visit.go(f"/?{urlencode({'gone': record.key})}")
    return _back(visit)


def _blank(visit: _Visit) -> Response:
    return visit.show("create.html", here="", controls=visit.side.blank(), sentence="")


def _create(visit: _Visit) -> Response:
    form = visit.form()
    try:
        made = visit.side.create(visit.who, form)
    except Refusal as refusal:
        controls = retyped(visit.side.blank(), form)
        return visit.show("create.html", refusal.status, here="", controls=controls, sentence=str(refusal))
    return visit.go(f"{visit.side.look.record}{made}")


def _person(visit: _Visit) -> Response:
    form = visit.form()
    chosen, back = form.text("person"), form.text("back")
    if chosen not in visit.people:
        raise Refusal(f"There is no such person here; there are: {', '.join(visit.people)}.")
    answer = visit.go(back if back.startswith("/") and not back.startswith("//") else "/")
    answer.set_cookie(
        persona.cookie(visit.side.look.style), chosen, persona.YEAR_SECONDS, httponly=True, samesite="lax"
    )
    return answer


def _aside(visit: _Visit) -> Response:
    return visit.show("aside.html", here="", aside=visit.side.aside(visit.id))


def _file(visit: _Visit) -> Response:
    name = str(visit.request.path_params["file"])
    if name not in FILES:
        raise Refusal("There is no such file here.", 404)
    text = files("syncer.sandbox.pages").joinpath("static", name).read_bytes()
    return Response(text, headers={**HEADERS, "Cache-Control": "no-cache"}, media_type=FILES[name])
