"""Short builders for the values of the core, so that a test reads as its data."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mappings.lenses import ChoiceLens, CopyLens, Relation, SetLens
from mappings.model import Mapping as LinkMapping
from mappings.policies import Conflict, Direction
from mappings.values import Value
from state.rows import Baseline, CommentLink, Link
from syncer.core.bind import Bound, BoundField
from syncer.core.records import Catalogue, Comment, Mark, Option, Present, Record, Side
from syncer.core.situation import Situation

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
INSTALLATION = "lab"
INCIDENT_ID, ISSUE_ID = "4bb709c2-e0e7-4af3-9f60-a045016a9610", "10001"
PRIORITIES = Relation((("i-high", "1"), ("i-low", "3"), ("i-low", "4")), {"i-high": "High", "i-none": "Odd"})
VERSIONS = Relation((("v1", "101"), ("v2", "102"), ("v3", "103")), {"v9": "Nightly"})

MAPPING: dict[str, Any] = {
    "name": "shop",
    "incidents": {"project": "Shop", "mark_field": "Jira key"},
    "issues": {"project": "SHOP", "type": "Bug"},
    "fields": [
        {"kind": "copy", "incident": "Summary", "issue": "summary"},
    ],
}


def mapping(**changes: Any) -> LinkMapping:
    return LinkMapping.model_validate({**MAPPING, **changes})


def copied(
    incident: str = "Summary",
    issue: str = "summary",
    *,
    direction: Direction = Direction.BOTH,
    conflict: Conflict = Conflict.ASK,
) -> BoundField:
    return BoundField(incident, issue, CopyLens(), direction, conflict)


def priority(conflict: Conflict = Conflict.ASK) -> BoundField:
    return BoundField("Priority", "priority", ChoiceLens(PRIORITIES), Direction.BOTH, conflict)


def versions(direction: Direction = Direction.BOTH) -> BoundField:
    return BoundField("FixedVersions", "fixVersions", SetLens(VERSIONS), direction, Conflict.ASK)


def bound(*fields: BoundField, **changes: Any) -> Bound:
    empty = {side: Catalogue(side, {}) for side in Side}
    return Bound(mapping(**changes), empty, fields or (copied(),), (), (), ())


def incident(*comments: Comment, mark: Mark | None = None, updated: datetime = NOW, **values: Value) -> Record:
    held = {"Summary": "Pump fails", **values}
    return Record(
        Side.INCIDENT, INCIDENT_ID, "INC-7", "http://et/incident/7", held, tuple(comments), mark, "r1", updated
    )


def issue(*comments: Comment, mark: Mark | None = None, updated: datetime = NOW, **values: Value) -> Record:
    held = {"summary": "Pump fails", **values}
    return Record(
        Side.ISSUE, ISSUE_ID, "SHOP-1", "http://jira/browse/SHOP-1", held, tuple(comments), mark, "r2", updated
    )


def link(marked: frozenset[Any] = frozenset({"incident", "issue"})) -> Link:
    return Link(1, "shop", INCIDENT_ID, ISSUE_ID, "INC-7", "SHOP-1", marked, NOW)


def baselines(incident_values: Mapping[str, Value], issue_values: Mapping[str, Value]) -> dict[Side, Baseline]:
    return {Side.INCIDENT: Baseline(incident_values), Side.ISSUE: Baseline(issue_values)}


def linked(
    left: Record,
    right: Record,
    agreed: tuple[Mapping[str, Value], Mapping[str, Value]] | None = None,
    comments: tuple[CommentLink, ...] = (),
) -> Situation:
    """A link of two present records; by default both last agreed on what they hold."""
    base = baselines(*agreed) if agreed else baselines(left.values, right.values)
    return Situation(link(), Present(left), Present(right), base, comments)


def option(option_id: str, name: str, *aliases: str, active: bool = True) -> Option:
    return Option(option_id, name, active, aliases)
