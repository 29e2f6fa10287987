"""Reaching a status: Jira lets nobody write one, there are only transitions, and they differ per workflow.

How the way is found, cheapest first:

    1. a transition that leads straight there;
    2. the shortest way over what is known of the workflow: the transitions that issues were seen to offer;
    3. the same, after looking at another issue of the same type that stands in a status not known yet;
    4. a step towards the nearest status that nothing is known of, never backwards, and looking from there.

What is known only says where to go first: the list is read anew after each step, as conditions may hide a
transition from this issue, and rules of the site may move it elsewhere. No status is entered twice. Where no way is
found, what is known is forgotten and learnt once more: workflows get edited.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from syncer.core.records import Side
from syncer.errors import Rejected
from syncer.issues.demands import Given, demanded, filled, unmet
from syncer.issues.scope import Scope, Status, status_of
from syncer.issues.search import first

Json: TypeAlias = Any

MOST_HOPS = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an issue stands."""

    key: str
    type_id: str
    status: Status


@dataclass(frozen=True, slots=True)
class Step:
    """A transition that an issue offers now; `screen` holds the fields that it shows, by id."""

    id: str
    name: str
    target: Status
    screen: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Wish:
    """The status to be reached, and what may be filled in on the way."""

    status: Status
    given: Given


def standing_of(issue: Json) -> Standing:
    """Where an issue stands that was read with `status` and `issuetype`."""
    fields = issue["fields"]
    return Standing(issue["key"], str(fields["issuetype"]["id"]), status_of(fields["status"]))


def steps_of(transitions: Iterable[Json]) -> list[Step]:
    """The transitions of an issue, as Jira lists them."""
    return [Step(str(t["id"]), t["name"], status_of(t["to"]), t.get("fields") or {}) for t in transitions]


def first_step(
    offered: Iterable[str],
    edges: Callable[[str], Collection[str]],
    is_goal: Callable[[str], bool],
    avoid: Collection[str],
) -> str | None:
    """The first status on a shortest way to a goal; `None` when no way is known. Pure."""
    begins = {status: status for status in offered if status not in avoid}
    waiting = deque(begins)
    while waiting:
        here = waiting.popleft()
        if is_goal(here):
            return begins[here]
        for there in edges(here):
            if there not in begins and there not in avoid:
                begins[there] = begins[here]
                waiting.append(there)
    return None


class Workflow:
    """The workflows of one project, as far as they have shown themselves since the process started."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._client = scope.client
        self._edges: dict[tuple[str, str], frozenset[str]] = {}

    def walk(self, issue_id: str, standing: Standing, wish: Wish) -> None:
        """Take transitions until the issue stands in the wished status.

        Raises `Rejected` naming what stands in the way; the issue then stays where the last step led."""
        passed: set[str] = set()
        while standing.status.id != wish.status.id:
            passed.add(standing.status.id)
            steps = self._offered(issue_id)
            step = self._next(standing, steps, wish, passed) if len(passed) <= MOST_HOPS else None
            if step is None:
                raise Rejected(Side.ISSUE, _unreachable(standing, steps, wish))
            self._take(issue_id, step, wish)
            if step.target.id == wish.status.id:
                return
            standing = standing_of(self._client.get("issue", issue_id, fields="status,issuetype"))

    def _offered(self, issue_id: str) -> Sequence[Step]:
        """The transitions that the issue offers now."""
        return steps_of(self._client.ask(lambda jira: jira.transitions(issue_id, expand="transitions.fields")))

    def _next(self, standing: Standing, steps: Sequence[Step], wish: Wish, passed: Collection[str]) -> Step | None:
        """The step to take now. What this issue offers is noted, for the next ones of its type."""
        kind, offered = standing.type_id, list(dict.fromkeys(step.target.id for step in steps))
        self._edges[kind, standing.status.id] = frozenset(offered)
        into = self._way(standing, offered, wish, passed)
        if into is None:
            for known in list(self._edges):
                if known[0] == kind:
                    self._edges.pop(known, None)
            into = self._way(standing, offered, wish, passed)
        leading = [step for step in steps if step.target.id == into]
        return min(leading, key=lambda step: len(unmet(step.screen, wish.given)), default=None)

    def _way(self, standing: Standing, offered: Iterable[str], wish: Wish, passed: Collection[str]) -> str | None:
        """The status to step into."""
        kind = standing.type_id
        looked: set[str] = set()

        def known(status: str) -> Collection[str]:
            return self._edges.get((kind, status), ())

        def found_out(status: str) -> Collection[str]:
            if (kind, status) not in self._edges and status not in looked:
                looked.add(status)
                self._look(kind, status)
            return known(status)

        def wished(status: str) -> bool:
            return status == wish.status.id

        def unknown(status: str) -> bool:
            return (kind, status) not in self._edges

        return (
            first_step(offered, known, wished, passed)
            or first_step(offered, found_out, wished, passed)
            or first_step(offered, known, unknown, {*passed, *self._off_the_way(standing, wish)})
        )

    def _off_the_way(self, standing: Standing, wish: Wish) -> Iterator[str]:
        """Statuses that aren't entered just to look from there: those behind the present one or past the wished."""
        lowest, highest = standing.status.rank, max(standing.status.rank, wish.status.rank)
        return (each.id for each in self._scope.statuses.values() if not lowest <= each.rank <= highest)

    def _look(self, type_id: str, status_id: str) -> None:
        """Learn from another issue of the same type in that status; nothing is changed by looking.

        What the index says may be out of date, and issues move on: status and transitions are read together."""
        jql = self._scope.jql(f"issuetype = {type_id}", f"status = {status_id}", order="updated DESC")
        found = first(self._client, jql, "status")
        if found is not None:
            issue = self._client.get("issue", found["id"], fields="status,issuetype", expand="transitions")
            there = standing_of(issue)
            offered = frozenset(str(each["to"]["id"]) for each in issue["transitions"])
            self._edges[there.type_id, there.status.id] = offered

    def _take(self, issue_id: str, step: Step, wish: Wish) -> None:
        missing = unmet(step.screen, wish.given)
        if missing:
            raise Rejected(Side.ISSUE, demanded(step.name, step.target.name, missing))
        body: dict[str, Json] = {"transition": {"id": step.id}}
        if fields := filled(step.screen, wish.given):
            body["fields"] = fields
        try:
            self._client.post(body, "issue", issue_id, "transitions")
        except Rejected as problem:
            said = f"the transition '{step.name}' to '{step.target.name}' was refused: {problem}"
            raise Rejected(Side.ISSUE, said, status=problem.status) from problem


def _unreachable(standing: Standing, steps: Sequence[Step], wish: Wish) -> str:
    ways = ", ".join(f"'{step.target.name}' (by '{step.name}')" for step in steps) or "nothing"
    return (
        f"{standing.key} stands in '{standing.status.name}' and no way to '{wish.status.name}' is found; "
        f"from here can be reached: {ways}. Map the status to one that can be reached, or change the workflow"
    )
