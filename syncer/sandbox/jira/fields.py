"""The fields of an issue: their ids, kinds, options, and who may write them where.

The kind of a field decides everything else: how a value is read from a request (`values`), how it is kept
(ids, logins and text, all immutable), how it is shown (`views.fields`) and told in the history (`history`).
"""

from dataclasses import dataclass
from typing import Literal

from syncer.sandbox.jira.catalogue import SUBTASK, IssueType

Kind = Literal[
    "line", "text", "string", "url", "number", "date", "moment", "user", "labels", "versions", "components",
    "option", "options", "cascade", "priority", "resolution", "status", "category", "issuetype", "project", "parent",
    "comments",
]  # fmt: skip
Screen = Literal["create", "edit", "none"]

MULTI: frozenset[Kind] = frozenset({"labels", "versions", "components", "options"})
"""Kinds that hold a tuple, and that know the verbs `add` and `remove`."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value to choose; only those of a cascade have children."""

    id: str
    value: str
    children: tuple["Option", ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `screens` says on which screens it lies, so where it may be set; `plugin` is a custom field's type."""

    id: str
    name: str
    kind: Kind
    clauses: tuple[str, ...] = ()
    screens: frozenset[Screen] = frozenset({"create", "edit"})
    required: bool = False
    options: tuple[Option, ...] = ()
    plugin: str = ""

    @property
    def custom(self) -> bool:
        return self.id.startswith("customfield_")

    @property
    def operations(self) -> list[str]:
        return ["add", "set", "remove"] if self.kind in MULTI else ["set"]


NOWHERE: frozenset[Screen] = frozenset()
SEVERITY = (Option("10510", "Blocker"), Option("10511", "Major"), Option("10512", "Minor"))
PLATFORMS = (
    Option("10520", "Windows"),
    Option("10521", "Linux"),
    Option("10522", "Android"),
    Option("10523", "iOS"),
)
AREAS = (Option("10530", "Login"), Option("10531", "Payment"), Option("10532", "Reporting"))
RISKS = (Option("10540", "Low"), Option("10541", "Medium"), Option("10542", "High"))
REGIONS = (
    Option("10600", "Europe", (Option("10601", "Germany"), Option("10602", "France"))),
    Option("10610", "Asia", (Option("10611", "Japan"),)),
)

FIELDS = (
    Field("summary", "Summary", "line", ("summary",), required=True),
    Field("issuetype", "Issue Type", "issuetype", ("issuetype", "type"), required=True),
    Field("project", "Project", "project", ("project",), required=True),
    Field("parent", "Parent", "parent", ("parent",), frozenset({"create"})),
    Field("description", "Description", "text", ("description",)),
    Field("environment", "Environment", "text", ("environment",)),
    Field("priority", "Priority", "priority", ("priority",)),
    Field("labels", "Labels", "labels", ("labels",)),
    Field("components", "Components", "components", ("component",)),
    Field("versions", "Affects versions", "versions", ("affectedVersion",)),
    Field("fixVersions", "Fix versions", "versions", ("fixVersion",)),
    Field("assignee", "Assignee", "user", ("assignee",)),
    Field("reporter", "Reporter", "user", ("reporter",)),
    Field("duedate", "Due date", "date", ("due", "duedate")),
    Field("status", "Status", "status", ("status",), NOWHERE),
    Field("statusCategory", "Status Category", "category", ("statusCategory",), NOWHERE),
    Field("resolution", "Resolution", "resolution", ("resolution",), NOWHERE),
    Field("creator", "Creator", "user", ("creator",), NOWHERE),
    Field("created", "Created", "moment", ("created", "createdDate"), NOWHERE),
    Field("updated", "Updated", "moment", ("updated", "updatedDate"), NOWHERE),
    Field("resolutiondate", "Resolved", "moment", ("resolutiondate", "resolved"), NOWHERE),
    Field("archiveddate", "Archived", "moment", (), NOWHERE),
    Field("archivedby", "Archiver", "user", (), NOWHERE),
    Field("comment", "Comment", "comments", ("comment",), NOWHERE),
    Field("customfield_10010", "Severity", "option", options=SEVERITY, plugin="select"),
    Field("customfield_10011", "Cycle", "string", plugin="textfield"),
    Field("customfield_10012", "Found on", "date", plugin="datepicker"),
    Field("customfield_10013", "Story points", "number", plugin="float"),
    Field("customfield_10014", "Platforms", "options", options=PLATFORMS, plugin="multiselect"),
    Field("customfield_10015", "Reviewer", "user", plugin="userpicker"),
    Field("customfield_10016", "Steps", "text", plugin="textarea"),
    Field("customfield_10017", "Region", "cascade", options=REGIONS, plugin="cascadingselect"),
    Field("customfield_10018", "Affected areas", "options", options=AREAS, plugin="multicheckboxes"),
    Field("customfield_10019", "Page", "url", plugin="url"),
    Field("customfield_10020", "Logged by", "string", plugin="textfield"),
    Field("customfield_10021", "Seen at", "moment", plugin="datetime"),
    Field("customfield_10022", "Risk", "option", options=RISKS, plugin="radiobuttons"),
    Field("customfield_10023", "Topics", "labels", plugin="labels"),
)
FIELD_BY_ID = {field.id: field for field in FIELDS}


def on_screen(field: Field, screen: Screen, kind: IssueType) -> bool:
    """True if the field can be set there for issues of that type; only sub-tasks have a parent."""
    return screen in field.screens and (field.kind != "parent" or kind.id == SUBTASK.id)
