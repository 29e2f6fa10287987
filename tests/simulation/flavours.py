"""How the two modelled servers differ in what they hold: names of fields, options, ids, and the steps of the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from mappings.values import Value
from syncer.core.records import Option, Side


@dataclass(frozen=True, slots=True)
class Flavour:
    """One side's server. `kinds` are the catalogue kinds of those fields that hold ids; `empty` is what a record holds
    that nobody has filled in; `by_workflow` are fields that new records get from their server."""

    side: Side
    title: str
    text: str
    status: str
    priority: str
    versions: str
    resolution: timedelta
    options: Mapping[str, tuple[Option, ...]]
    empty: Mapping[str, Value]
    by_workflow: frozenset[str]
    make_id: Callable[[int], str]
    key: Callable[[int], str]
    url: str
    most_at_once: int = 1
    """So many records are created with one request."""

    @property
    def texts(self) -> frozenset[str]:
        return frozenset({self.title, self.text})

    @property
    def kinds(self) -> Mapping[str, str]:
        return {self.status: "status", self.priority: "priority", self.versions: "version"}


def _options(kind: str, *names: str) -> tuple[Option, ...]:
    return tuple(Option(f"{kind}-{number}", name) for number, name in enumerate(names, 1))


_PEOPLE = tuple(
    Option(f"user-{login}", name, aliases=(f"{login}@example.com", login))
    for login, name in (("syncer", "Sync Service"), ("joeb", "Joe Bloggs"), ("annak", "Anna Krüger"))
)


def _catalogue(
    types: tuple[str, ...], statuses: tuple[str, ...], priorities: tuple[str, ...]
) -> dict[str, tuple[Option, ...]]:
    return {
        "type": _options("type", *types),
        "status": _options("status", *statuses),
        "priority": _options("priority", *priorities),
        "resolution": _options("resolution", "Fixed", "Won't fix"),
        "component": _options("component", "Reports", "Search"),
        "version": _options("version", "1.0", "2.0", "3.0"),
        "user": _PEOPLE,
    }


INCIDENTS = Flavour(
    side=Side.INCIDENT,
    title="Summary",
    text="Description",
    status="Status",
    priority="Priority",
    versions="AffectedVersions",
    resolution=timedelta(seconds=1),
    options=_catalogue(("Defect", "Task"), ("New", "Open", "In Progress", "Closed"), ("High", "Low")),
    empty={
        "Summary": None,
        "Description": None,
        "Status": "status-1",
        "Priority": None,
        "AffectedVersions": frozenset(),
    },
    by_workflow=frozenset(),
    make_id=lambda number: f"00000000-0000-4000-8000-{number:012d}",
    key=lambda number: f"#{number}",
    url="http://tester.example/incident/",
)
"""Enterprise Tester."""

ISSUES = Flavour(
    most_at_once=3,
    side=Side.ISSUE,
    title="summary",
    text="description",
    status="status",
    priority="priority",
    versions="versions",
    resolution=timedelta(milliseconds=1),
    options=_catalogue(("Bug", "Task"), ("To Do", "In Progress", "Done"), ("High", "Low", "Lowest")),
    empty={
        "summary": None,
        "description": None,
        "status": "status-1",
        "priority": None,
        "versions": frozenset(),
    },
    by_workflow=frozenset({"status"}),
    make_id=lambda number: str(10_000 + number),
    key=lambda number: f"SIM-{number}",
    url="http://jira.example/browse/",
)
"""Jira."""
