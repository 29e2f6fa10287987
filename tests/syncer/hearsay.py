"""Mappings, and what two servers say about them, for tests of what becomes of it."""

from collections.abc import Mapping
from typing import Any

from mappings.model import Mapping as LinkMapping
from mappings.problems import Loc
from syncer.core.records import Catalogue, FieldInfo, Option, Side
from syncer.linting import Heard, remarks
from syncer.linting_fields import Remark
from tests.syncer.core.builders import mapping, option

SUMMARY = {"kind": "copy", "incident": "Summary", "issue": "summary"}
USERS = {"kind": "users", "incident": "AssignedTo", "issue": "assignee"}
STATUS = {
    "kind": "status",
    "incident": "Status",
    "issue": "status",
    "values": [{"incident": "New", "issue": "To Do"}, {"incident": "Closed", "issue": "Done"}],
}
PRIORITY = {
    "kind": "table",
    "incident": "Priority",
    "issue": "priority",
    "values": [{"incident": "High", "issue": "High"}],
}
SEVERITY = {"kind": "automap", "incident": "FieldValues.Severity", "issue": "customfield_10010"}
VERSIONS = {"kind": "versions", "incident": "FixedVersions", "issue": "fixVersions"}


def linked(*entries: Mapping[str, Any], **changes: Any) -> LinkMapping:
    """A mapping of Summary and what is given."""
    return mapping(fields=[SUMMARY, *entries], **changes)


def info(name: str, **more: Any) -> FieldInfo:
    return FieldInfo(name, **{"name": name, "shape": "text", **more})


def survey(side: Side, *fields: FieldInfo, **options: tuple[Option, ...]) -> Catalogue:
    """What a side tells that is as everybody expects it, but for the given."""
    usual: dict[Side, tuple[FieldInfo, ...]] = {
        Side.INCIDENT: (info("Summary", required=True), info("FieldValues.Jira key")),
        Side.ISSUE: (info("summary", required=True), info("labels", shape="words")),
    }
    told = {
        "type": (option("1", "Bug"),),
        "status": (option("new", "New"), option("closed", "Closed"), option("todo", "To Do"), option("done", "Done")),
        "priority": (option("high", "High"), option("low", "Low")),
    }
    return Catalogue(side, {**told, **options}, {each.id: each for each in (*usual[side], *fields)})


def heard(incidents: Catalogue | None = None, issues: Catalogue | None = None, **more: Any) -> Heard:
    surveys = {Side.INCIDENT: incidents or survey(Side.INCIDENT), Side.ISSUE: issues or survey(Side.ISSUE)}
    return Heard(surveys, **more)


def told(link: LinkMapping, said: Heard) -> list[tuple[Loc, str]]:
    """What has to be put right."""
    return [(each.fault.loc, each.fault.sentence) for each in remarks(link, said) if each.error]


def notes(link: LinkMapping, said: Heard) -> list[Remark]:
    return [each for each in remarks(link, said) if not each.error]
