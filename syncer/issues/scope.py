"""One Jira project as one mapping sees it: which issues, which fields, whose marks; and what is known of it.

What is known is read once and kept: what it says (ids, types, the kinds of custom fields) is set up by
administrators and hardly moves. The catalogue, which does, is read anew each time (`catalogue.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from jira import JIRA

from syncer.core.records import Side
from syncer.errors import Missing, Rejected, SideError
from syncer.issues.client import JiraClient
from syncer.issues.fields import BUILT_IN, CUSTOM, CustomField, Kind, custom_field
from syncer.issues.marks import Labels
from syncer.issues.search import quoted

Json: TypeAlias = Any

TO_SEE_LEVELS = "SET_ISSUE_SECURITY"


@dataclass(frozen=True, slots=True)
class Project:
    """`service_desk` projects have comments that customers must not see."""

    id: str
    key: str
    service_desk: bool
    types: Mapping[str, str]


CATEGORIES = ("new", "indeterminate", "done")


@dataclass(frozen=True, slots=True)
class Status:
    """`rank` is how far along its category is, 0 to 2; unknown categories count as in between."""

    id: str
    name: str
    rank: int


def status_of(told: Json) -> Status:
    """A status as Jira gives it with issues, transitions and projects."""
    category = (told.get("statusCategory") or {}).get("key")
    rank = CATEGORIES.index(category) if category in CATEGORIES else 1
    return Status(str(told["id"]), told.get("name", str(told["id"])), rank)


class Scope:
    """What every part of this side's adapter works within."""

    def __init__(
        self, client: JiraClient, project: str, only: str | None, labels: Labels, fields: frozenset[str]
    ) -> None:
        self.client = client
        self.key = project
        self.only = only
        self.labels = labels
        self.fields = fields

    @cached_property
    def project(self) -> Project:
        """Raises `Missing` for a project that isn't there or may not be seen."""
        told = self.client.get("project", self.key)
        return Project(
            id=str(told["id"]),
            key=told["key"],
            service_desk=told.get("projectTypeKey") == "service_desk",
            types={str(each["id"]): each["name"] for each in told.get("issueTypes", ())},
        )

    @cached_property
    def _all_fields(self) -> Sequence[Json]:
        return self.client.ask(JIRA.fields)

    @cached_property
    def custom_fields(self) -> Mapping[str, CustomField]:
        """All custom fields of the server, by id."""
        return {each["id"]: custom_field(each) for each in self._all_fields if each["id"].startswith(CUSTOM)}

    @property
    def field_names(self) -> Mapping[str, str]:
        """What people call the fields of the server, by id."""
        return {each["id"]: each.get("name") or each["id"] for each in self._all_fields}

    @cached_property
    def statuses(self) -> Mapping[str, Status]:
        """As `read_statuses`, read once."""
        return self.read_statuses()

    def read_statuses(self) -> Mapping[str, Status]:
        """The statuses of all issue types of the project by id, read now."""
        told = self.client.get("project", self.key, "statuses")
        return {str(each["id"]): status_of(each) for kind in told for each in kind.get("statuses", ())}

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """What the mapped fields are, those left out that can't be; nothing is asked when no custom field is mapped."""
        built_in = {name: BUILT_IN[name] for name in self.fields if name in BUILT_IN}
        if not self.mapped_custom:
            return built_in
        known = ((name, self.custom_fields.get(name)) for name in self.mapped_custom)
        return {**built_in, **{name: field.kind for name, field in known if field is not None and field.kind}}

    @property
    def mapped_custom(self) -> Sequence[str]:
        """The custom fields that the mapping names, in the order of their ids."""
        return sorted(name for name in self.fields if name.startswith(CUSTOM))

    def page_of(self, key: str) -> str:
        """Where people find an issue."""
        return f"{self.client.deployment.site}/browse/{key}"

    def hides_single_records(self) -> bool:
        """Whether single issues can be kept from us, asked now; yes, where it can't be told.

        Levels are listed only for accounts that may set them (Jira REST v2, GET /project/{key}/securitylevel), so to
        others an empty list says nothing. 404 is a project without such levels at all."""
        try:
            if self.client.get("project", self.project.key, "securitylevel").get("levels"):
                return True
            told = self.client.get("mypermissions", projectKey=self.key, permissions=TO_SEE_LEVELS)
            return not told["permissions"].get(TO_SEE_LEVELS, {}).get("havePermission")
        except Missing:
            return False
        except SideError:
            return True

    def jql(self, *clauses: str, order: str = "updated ASC, key ASC") -> str:
        """A query within the project. Naming the project also keeps the query bounded, as Cloud demands."""
        return " AND ".join([f"project = {quoted(self.key)}", *clauses]) + f" ORDER BY {order}"

    def type_id(self, name: str | None) -> str:
        """The id of an issue type of the project, by name. Raises `Rejected` naming those that there are."""
        for type_id, each in self.project.types.items():
            if name is not None and each.casefold() == name.casefold():
                return type_id
        known = ", ".join(self.project.types.values())
        wanted = f"has no issue type '{name}'" if name else "needs an issue type for new issues"
        raise Rejected(Side.ISSUE, f"project {self.key} {wanted}; name one in the mapping: {known}")
