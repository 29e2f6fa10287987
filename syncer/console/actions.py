"""The posts by which people act. Each is checked, recorded with who it was, and carried out by a cycle that begins at
once."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from state.rows import Held, SideName
from syncer import deciding
from syncer.approving import approve
from syncer.console.access import COOKIE, Refusal
from syncer.console.forms import read_form
from syncer.console.site import HEADERS, Site, base, segment
from syncer.context import ProjectLink

Form: TypeAlias = Mapping[str, str]
OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
"""An address on this very port."""


class Actions:
    """Each method does one thing and gives the page to go back to."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def sign_in(self, request: Request, form: Form) -> Response:
        session = self._site.access.sign_in(request, form)
        wanted = form.get("next", "/")
        answer = RedirectResponse(wanted if OWN_PATH.fullmatch(wanted) else "/", 303, HEADERS)
        self._site.access.keep(answer, session)
        return answer

    def sign_out(self, request: Request, form: Form) -> Response:
        self._site.access.actor(request, form)
        answer = RedirectResponse("/", 303, HEADERS)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return answer

    def settle(self, request: Request, form: Form) -> Response:
        """Take one side's value in a conflict, as it was shown."""
        by, link = self._begin(request, form)
        choice = _side(form.get("choice"))
        digests = (form.get("incident_digest"), form.get("issue_digest"))
        for conflict in link.store.conflicts(link.name):
            there = (conflict.parked.side, conflict.parked.record_id, conflict.parked.item)
            if there != _waiting_one(form):
                continue
            if (conflict.both.incident_digest, conflict.both.issue_digest) != digests:
                raise Refusal(409, "A side holds something else by now: look at the page again, and then choose.")
            said = deciding.settle(link.store, conflict, choice, by, datetime.now(UTC))
            return self._end(request, link, said, _back(link, form, "waiting"))
        raise Refusal(409, "This field isn't in conflict any more: somebody has settled it, or both sides agree.")

    def retry(self, request: Request, form: Form) -> Response:
        """Try again now: one item, or all that wait for one reason."""
        by, link = self._begin(request, form)
        rows = link.store.parked(link.name)
        if "code" in form:
            chosen = [row for row in rows if row.code == form["code"]]
        else:
            chosen = [row for row in rows if (row.side, row.record_id, row.item) == _waiting_one(form)]
        count = deciding.retry(link.store, chosen, by, datetime.now(UTC)) if chosen else 0
        if not count:
            raise Refusal(409, "That doesn't wait any more.")
        said = f"{count} item{'s are' if count > 1 else ' is'} tried again now, as {by} asked"
        return self._end(request, link, said, _back(link, form, "waiting"))

    def approve(self, request: Request, form: Form) -> Response:
        by, link = self._begin(request, form)
        said = approve(link.store, _held(link, form), by, datetime.now(UTC))
        return self._end(request, link, said, f"{base(link.name)}/held")

    def discard(self, request: Request, form: Form) -> Response:
        by, link = self._begin(request, form)
        said = deciding.discard(link.store, _held(link, form), by, datetime.now(UTC))
        return self._end(request, link, said, f"{base(link.name)}/held")

    def _begin(self, request: Request, form: Form) -> tuple[str, ProjectLink]:
        """Who acts, and on what. The first comes first: whoever may not act learns nothing of what there is."""
        by = self._site.access.actor(request, form)
        return by, self._site.link(self._site.running(), request)

    def _end(self, request: Request, link: ProjectLink, said: str, where: str) -> Response:
        running = self._site.front.running
        if running is not None:
            running.daemon.hurry(link.name)
        return self._site.done(request, f"{said[:1].upper()}{said[1:]}.", where)


def posted(act: Callable[[Request, Form], Response]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint: the form is read first, then the action runs in a thread."""

    async def endpoint(request: Request) -> Response:
        form = await read_form(request)
        return await run_in_threadpool(act, request, form)

    return endpoint


def _held(link: ProjectLink, form: Form) -> Held:
    """Exactly the set that the page showed."""
    found = next((each for each in link.store.held(link.name) if each.digest == form.get("digest")), None)
    if found is None:
        raise Refusal(409, "This set isn't held any more, or has changed: look at the page again, and then decide.")
    return found


def _waiting_one(form: Form) -> tuple[str | None, str | None, str | None]:
    return form.get("side"), form.get("record"), form.get("item")


def _side(told: str | None) -> SideName:
    match told:
        case "incident" | "issue":
            return told
        case _:
            raise Refusal(422, "Choose the incident's or the issue's.")


def _back(link: ProjectLink, form: Form, page: str) -> str:
    """The record's page, where that is where the form was."""
    ref = form.get("back", "")
    return f"{base(link.name)}/records/{segment(ref)}" if ref else f"{base(link.name)}/{page}"
