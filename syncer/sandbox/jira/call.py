"""One request as a handler sees it: authenticated, its body read, so that the rest happens at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from starlette.datastructures import QueryParams
from starlette.responses import Response

from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.jira.store import Store
from syncer.sandbox.jira.views.viewer import Json, Viewer

T = TypeVar("T")
D = TypeVar("D")
BAD_BODY = "There was an error parsing JSON. Check that your request body is valid."
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a list that was asked for."""

    start: int
    size: int

    def of(self, items: Sequence[T]) -> Sequence[T]:
        return items[self.start : self.start + self.size]

    def envelope(self, total: int) -> Json:
        return {"startAt": self.start, "maxResults": self.size, "total": total}

    def is_last(self, total: int) -> bool:
        return self.start + self.size >= total


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the model."""

    store: Store
    viewer: Viewer
    path: Mapping[str, str]
    query: QueryParams
    raw_body: bytes

    @property
    def login(self) -> str:
        return self.viewer.user.login

    def issue(self) -> Issue:
        """The issue that the path names. Raises JiraError 404."""
        return self.store.visible(self.path["issue"])

    def json(self) -> Any:
        """The body, whatever it holds. Raises JiraError 400 if it isn't JSON."""
        try:
            return json.loads(self.raw_body)
        except ValueError:
            raise JiraError(400, BAD_BODY) from None

    def body(self) -> Json:
        """The body, which has to be an object. Raises JiraError 400 otherwise."""
        value = self.json()
        if not isinstance(value, dict):
            raise JiraError(400, BAD_BODY)
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A parameter that lists words, with commas or repeated."""
        joined = ",".join(self.query.getlist(name))
        return tuple(word.strip() for word in joined.split(",") if word.strip())

    def flag(self, name: str) -> bool:
        return self.query.get(name, "false").lower() == "true"

    def page(self, default: int, most: int) -> Page:
        """The page asked for by `startAt` and `maxResults`, never larger than the server allows."""
        start = max(0, self._number("startAt", 0))
        size = self._number("maxResults", default)
        return Page(start, self.size(default if size < 0 else size, most))

    def size(self, wanted: int, most: int) -> int:
        """A page size within what the server allows."""
        cap = self.store.behaviour.page_cap
        return min(wanted, most, most if cap is None else cap)

    def _number(self, name: str, default: int) -> int:
        text = self.query.get(name, "")
        try:
            return int(text) if text else default
        except ValueError:
            raise JiraError(400, f"The parameter '{name}' must be a whole number, not '{text}'.") from None


@overload
def member(body: Mapping[str, Any], name: str, kind: type[T]) -> T: ...


@overload
def member(body: Mapping[str, Any], name: str, kind: type[T], default: D) -> T | D: ...


def member(body: Mapping[str, Any], name: str, kind: type[Any], default: Any = _MISSING) -> Any:
    """A member of a body that has to be of a type; null counts as absent. Raises JiraError 400."""
    value = body.get(name)
    if value is None and default is not _MISSING:
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise JiraError(400, errors={name: f"'{name}' is required and must be of type {kind.__name__}."})
    return value


def texts(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A member that lists words, () where it is absent. Raises JiraError 400."""
    value = member(body, name, list, [])
    if not all(isinstance(one, str) for one in value):
        raise JiraError(400, errors={name: f"'{name}' must be a list of strings."})
    return tuple(value)


def answer(content: Any, status: int = 200) -> Response:
    """A JSON response as Jira labels it."""
    text = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status, media_type="application/json;charset=UTF-8")


def nothing(status: int = 204) -> Response:
    """A response without a body."""
    return Response(status_code=status)
