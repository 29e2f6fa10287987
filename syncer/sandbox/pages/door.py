"""One port for people and for programs: pages go one way, everything else to the API.

    request --- FrontDoor --- pages
                   |
                   +-------- switchboard --- API

Pages stand in front of the switchboard: faults don't reach them, and what people read is not counted as traffic.
"""

import re
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from syncer.sandbox.pages.shapes import Look

PAGES = "/_pages/"
"""Below a site's root: forms for new records, styles, and what else is neither the list nor a record."""

READING = ("GET", "HEAD")


class FrontDoor:
    """`aliases` are addresses of the API that programs hand out to people: a regular expression with the record's id
    in its first group, and the path of the page, to which the id is added. Paths are compared in any case."""

    def __init__(self, look: Look, pages: ASGIApp, api: ASGIApp, aliases: Mapping[str, str] | None = None) -> None:
        self._look = look
        self._pages = pages
        self._api = api
        self._aliases = {re.compile(address, re.IGNORECASE): page for address, page in (aliases or {}).items()}
        self._beginnings = (f"{look.root}{look.record}", f"{look.root}{PAGES}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._api(scope, receive, send)
            return
        elsewhere, page = self._elsewhere(scope), self._page(scope["path"])
        if elsewhere is not None:
            await RedirectResponse(elsewhere, 302)(scope, receive, send)
        elif page is not None:
            await self._pages({**scope, "path": page}, receive, send)
        else:
            await self._api(scope, receive, send)

    def _page(self, path: str) -> str | None:
        """The path of a page as its routes spell it, None where it is none."""
        if path.lower().rstrip("/") == self._look.root.lower():
            return f"{self._look.root}/"
        for beginning in self._beginnings:
            if path.lower().startswith(beginning.lower()):
                return f"{beginning}{path[len(beginning) :]}"
        return None

    def _elsewhere(self, scope: Scope) -> str | None:
        """Where a browser is led that asks for something which is no page."""
        if scope["method"] not in READING:
            return None
        path = scope["path"]
        if path == "/favicon.ico":
            return f"{self._look.root}{PAGES}{self._look.style}.svg"
        if path == "/" and self._look.root:
            return f"{self._look.root}/"
        # Programs ask for JSON, or for anything; only browsers name HTML.
        if "text/html" not in Headers(scope=scope).get("accept", ""):
            return None
        for address, page in self._aliases.items():
            if found := address.fullmatch(path):
                return f"{self._look.root}{page}{found[1].lower()}"
        return None
