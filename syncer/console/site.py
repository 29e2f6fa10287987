"""What all pages share: the daemon behind them, who is signed in, the templates, and the page that says no."""

import re
import threading
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from state import StateError
from syncer.cli.console import age
from syncer.console.access import FORM, Access, Refusal
from syncer.console.assets import VERSION
from syncer.console.deadlines import Deadlines
from syncer.console.identity import Session
from syncer.console.planner import Planner
from syncer.context import ProjectLink
from syncer.errors import SyncerError
from syncer.web.front import Front, Running

READ_SECONDS, READERS = 10.0, 4
LINT_SECONDS, LINTERS = 60.0, 1
MOST_NOTICES = 100
HEADERS = {"Referrer-Policy": "same-origin"}
"""Stricter, and browsers would hide from us, too, that a form is from one of our own pages."""
ARROWS = {"to_issue": "→", "to_incident": "←", "both": "↔"}


class Site:
    """One console; its pages run in many threads."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.access = Access(front.settings.http)
        self.planner = Planner()
        self.readers = Deadlines(READ_SECONDS, READERS)
        self.linters = Deadlines(LINT_SECONDS, LINTERS)
        self._notices = Notices()
        self._templates = environment()

    def running(self) -> Running:
        """The daemon at work. Raises `Refusal` while there is none."""
        running = self.front.running
        if running is None:
            raise Refusal(503, f"This process stands by: {self.front.waits_for}.")
        return running

    def link(self, running: Running, request: Request) -> ProjectLink:
        """The project link in the address, with ports of its own: those of its cycles are busy. Raises `Refusal`."""
        name = request.path_params["project_link"]
        for link in running.daemon.links():
            if link.name == name:
                return running.linker.link(link.mapping)
        raise Refusal(404, "There is no project link of that name.")

    def page(self, request: Request, template: str, *, status: int = 200, **shown: Any) -> Response:
        """A whole page."""
        session = self.access.session(request)
        running = self.front.running
        around = {
            "names": [link.name for link in running.daemon.links()] if running is not None else [],
            "session": session,
            "possible": self.access.possible,
            "form_name": FORM,
            "form": self.access.form(session),
            "notice": self._notices.take(session),
            "here": quote(request.scope["path"]),
            "current": [*request.scope["path"].split("/"), "", "", ""][3],
            "name": None,
            "version": VERSION,
        }
        return HTMLResponse(self._render(template, {**around, **shown}), status, HEADERS)

    def part(self, template: str, **shown: Any) -> Response:
        """A part of a page, by which that part is brought up to date."""
        return HTMLResponse(self._render(template, shown), headers=HEADERS)

    def done(self, request: Request, sentence: str, where: str) -> Response:
        """After an action: back to a page, which says what was done."""
        self._notices.leave(self.access.session(request), sentence)
        return RedirectResponse(where, 303, HEADERS)

    def refuse(self, request: Request, error: Exception) -> Response:
        """The answer to a request that comes to nothing."""
        status, sentence, headers = _told(error)
        if "text/html" in request.headers.get("accept", ""):
            answer = self.page(
                request, "problem.html", status=status, sentence=sentence, heading=TITLES.get(status, "")
            )
            answer.headers.update(headers)
            return answer
        return PlainTextResponse(f"{sentence}\n", status, headers)

    def _render(self, template: str, shown: dict[str, Any]) -> str:
        return self._templates.get_template(template).render(now=datetime.now(UTC), **shown)


TITLES = {
    401: "Sign in first",
    403: "Not allowed",
    404: "Nothing here",
    405: "Not that way",
    429: "Wait a moment",
    503: "Not now",
}


def _told(error: Exception) -> tuple[int, str, dict[str, str]]:
    """Status, sentence and headers of what went wrong."""
    match error:
        case Refusal():
            headers = {"Retry-After": str(error.again_in)} if error.again_in is not None else {}
            headers |= {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
            return error.status, error.sentence, headers
        case HTTPException(status_code=404):
            return 404, "There is no such page.", {}
        case HTTPException(status_code=405):
            allowed = dict(error.headers or {})
            return 405, f"This address takes {allowed.get('Allow', 'another method')} only.", allowed
        case StateError():
            return 503, f"{error}.", {}
        case SyncerError():
            return 409, f"{error}.", {}
        case _:
            return 500, f"Unexpected {type(error).__name__}: a mistake of the program itself. The daemon goes on.", {}


class Notices:
    """What was done last in a session, until its next page says so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: OrderedDict[str, str] = OrderedDict()

    def leave(self, session: Session | None, sentence: str) -> None:
        if session is None:
            return
        with self._lock:
            self._left[session.id] = sentence
            while len(self._left) > MOST_NOTICES:
                self._left.popitem(last=False)

    def take(self, session: Session | None) -> str:
        with self._lock:
            return "" if session is None else self._left.pop(session.id, "")


def environment() -> Environment:
    """The templates, with autoescape on. A name that one misspells is an error, not an empty place."""
    made = Environment(
        loader=PackageLoader("syncer.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(moment=moment, segment=segment, web=web, plain=plain, age=age)
    made.globals.update(arrows=ARROWS, base=base)
    return made


def moment(when: datetime) -> Markup:
    """A time for people, in UTC."""
    told = when.astimezone(UTC)
    shown = f"{told.day} {told:%b %Y, %H:%M:%S} UTC"
    return Markup('<time datetime="{}">{}</time>').format(f"{told:%Y-%m-%dT%H:%M:%SZ}", shown)


def segment(text: str) -> str:
    """A text as one piece of an address."""
    return quote(text, safe="")


def base(name: str) -> str:
    """The address of a project link's pages."""
    return f"/links/{segment(name)}"


def web(url: str | None) -> str | None:
    """An address that may be a link: what a server tells could be a script."""
    return url if url is not None and re.match(r"https?://[^\s]+$", url, re.IGNORECASE) else None


def plain(value: Any) -> str:
    """What an image of the history holds, as text."""
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(map(plain, value)) or "nothing"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {plain(each)}" for name, each in value.items())
    return str(value)
