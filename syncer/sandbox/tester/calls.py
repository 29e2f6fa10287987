"""What a route of the API gets to work with, and how it answers.

Routes are plain functions over a `Call` whose body has been read already: they never wait, so nothing
can come between the reading and the writing of one request.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from syncer.sandbox.tester.errors import Refused
from syncer.sandbox.tester.model import TesterModel
from syncer.sandbox.tester.odata import Page, filtered, read_page
from syncer.sandbox.tester.records import User


class JsonAnswer(JSONResponse):
    """JSON with the content type of the vendor's pages."""

    media_type = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Call:
    """One request by a person who is logged in."""

    model: TesterModel
    caller: User
    request: Request
    raw: bytes

    @property
    def body(self) -> Any:
        """The body as JSON. Raises Refused. Assumed: malformed JSON is a validation failure."""
        try:
            return json.loads(self.raw)
        except ValueError:
            raise Refused("The body is not valid JSON.") from None

    @property
    def expand(self) -> frozenset[str]:
        """The names listed in `$expand`."""
        return frozenset(name.strip() for name in self.param("$expand").split(","))

    @property
    def page(self) -> Page:
        """The page asked for. Raises Refused."""
        behaviour = self.model.behaviour
        return read_page(self.request.query_params, behaviour.page_cap, behaviour.cut_pages)

    def param(self, name: str) -> str:
        """A query parameter; empty if absent."""
        return self.request.query_params.get(name, "")

    def part(self, name: str) -> str:
        """A variable part of the path."""
        return str(self.request.path_params[name])

    def odata(self, rows: list[dict[str, Any]]) -> JsonAnswer:
        """The page of a collection that is queried with OData."""
        kept = filtered(rows, self.request.query_params)
        return JsonAnswer(self.page.envelope(self.page.cut(kept), len(kept), counted=False))


Handler = Callable[[Call], Response]
Route = tuple[str, str, Handler]
"""Method, path below the application path with lower-case literals, and what answers."""
