"""The moments at which a process may end: around each request that writes, and around each commit of the state DB.

    store.intend ──┤ ├──► request ──┤ ├── answer ──► store.settle ──┤ ├──►
                before            applied,          not committed   committed
                                  not answered

Nothing is there between two of them that would outlast the process: what it read is lost with it. The rows that tell
of cycles are for people only, so their commits are none of these moments.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal, TypeAlias, TypeVar

from jira import JIRA

from state import Store
from state.journal import Settlement
from state.rows import Held, HeldKind, Intent, Link, SideName, Wish
from syncer.core.records import Side
from syncer.incidents import IncidentClient
from syncer.incidents.answers import Answer
from syncer.issues import JiraClient
from syncer.server_clock import ServerClock
from tests.crash.remembered import Remembered

T = TypeVar("T")

Moment: TypeAlias = Literal["before the request", "applied, not answered", "not committed", "committed"]

Watch: TypeAlias = Callable[[Moment, str], None]
"""Told of each boundary as it is passed, and of the request or the commit that it belongs to."""


_OF_INCIDENTS = ("project/", "users", "customfields")
_OF_ISSUES = ("project", "user")
_ASKED = (JIRA.priorities, JIRA.resolutions)
"""What is read of the catalogue, by the beginnings of paths and by questions."""


def unwatched(moment: Moment, what: str) -> None:
    """Nobody looks."""


class WatchedIncidents(IncidentClient):
    """Passes boundaries around each of its writes. What it reads of the catalogue may be `remembered`."""

    watch: Watch = staticmethod(unwatched)
    remembered: Remembered | None = None

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        ask = partial(super().get, path, params)
        if self.remembered is None or not path.startswith(_OF_INCIDENTS):
            return ask()
        return self.remembered.answer((path, repr(params)), ask)

    def post(self, path: str, body: Any, params: Mapping[str, str | int] | None = None) -> Any:
        self.watch("before the request", f"incident POST {path}")
        answer = super().post(path, body, params)
        self.watch("applied, not answered", f"incident POST {path}")
        return answer

    def put(self, path: str, body: Any, params: Mapping[str, str | int] | None = None) -> Any:
        self.watch("before the request", f"incident PUT {path}")
        answer = super().put(path, body, params)
        self.watch("applied, not answered", f"incident PUT {path}")
        return answer

    def delete(self, path: str) -> Any:
        self.watch("before the request", f"incident DELETE {path}")
        answer = super().delete(path)
        self.watch("applied, not answered", f"incident DELETE {path}")
        return answer


class WatchedJira(JiraClient):
    """Passes boundaries around each of its writes. What it reads of the catalogue may be `remembered`."""

    watch: Watch = staticmethod(unwatched)
    remembered: Remembered | None = None

    def ask(self, question: Callable[[JIRA], T]) -> T:
        ask = partial(super().ask, question)
        if self.remembered is None or question not in _ASKED:
            return ask()
        return self.remembered.answer(question, ask)

    def get(self, *path: str, **params: str | int | bool) -> Any:
        ask = partial(super().get, *path, **params)
        if self.remembered is None or path[0] not in _OF_ISSUES or path[-1] == "securitylevel":
            return ask()
        return self.remembered.answer((path, repr(params)), ask)

    def forget(self) -> None:
        """Know no more of the server than one that was just made; only the connections stay."""
        self.clock = ServerClock()
        for read_once in ("deployment", "me"):
            vars(self).pop(read_once, None)

    def post(self, body: Any, *path: str, **params: str | int | bool) -> Any:
        self.watch("before the request", f"issue POST {'/'.join(path)}")
        answer = super().post(body, *path, **params)
        if self.remembered is not None:
            # It may have been a version or a component.
            self.remembered.look()
        self.watch("applied, not answered", f"issue POST {'/'.join(path)}")
        return answer

    def put(self, body: Any, *path: str, **params: str | int | bool) -> Any:
        self.watch("before the request", f"issue PUT {'/'.join(path)}")
        answer = super().put(body, *path, **params)
        self.watch("applied, not answered", f"issue PUT {'/'.join(path)}")
        return answer

    def delete(self, *path: str, **params: str | int | bool) -> Any:
        self.watch("before the request", f"issue DELETE {'/'.join(path)}")
        answer = super().delete(*path, **params)
        self.watch("applied, not answered", f"issue DELETE {'/'.join(path)}")
        return answer


class WatchedStore(Store):
    """Passes boundaries around each of its commits."""

    watch: Watch = staticmethod(unwatched)

    def intend_all(self, project_link: str, wishes: Sequence[Wish]) -> list[Intent]:
        what = f"intend {', '.join(wish.kind for wish in wishes)}"
        self.watch("not committed", what)
        intents = super().intend_all(project_link, wishes)
        self.watch("committed", what)
        return intents

    def settle_all(self, settlements: Sequence[Settlement]) -> list[list[Link]]:
        changes = [type(effect).__name__ for each in settlements for effect in each.effects]
        what = f"settle {', '.join(changes) or 'nothing'}"
        self.watch("not committed", what)
        links = super().settle_all(settlements)
        self.watch("committed", what)
        return links

    def set_watermark(self, project_link: str, side: SideName, at: datetime) -> None:
        self.watch("not committed", f"watermark {side}")
        super().set_watermark(project_link, side, at)
        self.watch("committed", f"watermark {side}")

    def set_fingerprint(self, project_link: str, fingerprint: str) -> None:
        self.watch("not committed", "fingerprint")
        super().set_fingerprint(project_link, fingerprint)
        self.watch("committed", "fingerprint")

    def set_held(self, project_link: str, kind: HeldKind, held: Held | None) -> None:
        self.watch("not committed", f"held {kind}")
        super().set_held(project_link, kind, held)
        self.watch("committed", f"held {kind}")

    def use_approval(self, project_link: str, digest: str) -> None:
        self.watch("not committed", "approval")
        super().use_approval(project_link, digest)
        self.watch("committed", "approval")


def side_of(request: str) -> Side:
    """The server to which a request of these went."""
    return Side.INCIDENT if request.startswith("incident ") else Side.ISSUE
