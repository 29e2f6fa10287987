"""One mapping file as frozen values: which two projects are linked, and how each field is carried.

The attribute docstrings here and in `mappings.kinds` are what an editor shows to an admin while typing
(`mappings/schema.json`); the rules between the parts are in `mappings.rules`.
"""

import hashlib
import json
from typing import Annotated, Self, TypeAlias

from pydantic import (
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from mappings.deletions import Deletions
from mappings.expressions import names
from mappings.fields import Side
from mappings.kinds import (
    COMPUTED_PREFIX,
    FieldMapping,
    Frozen,
    IncidentText,
    Row,
    SetField,
    TemplateField,
    Text,
    as_typed,
)
from mappings.nodes import Document
from mappings.policies import Conflict, Direction
from mappings.problems import Loc
from mappings.rules import faults

RULE = "mapping_rule"
"""The type of those validation errors that come from `mappings.rules`; their context holds the `Fault`."""

_NAME = r"^[^\s/\\]+( [^\s/\\]+)*$"
LinkName: TypeAlias = Annotated[str, StringConstraints(pattern=_NAME, max_length=64), as_typed(_NAME)]


class IncidentProject(Frozen):
    """The project in Enterprise Tester."""

    project: Text
    """Its name or its GUID."""
    only: Text | None = None
    """A condition in TQL; only incidents that fulfil it get an issue."""
    when: Text | None = None
    """A condition as incident.Priority in ['High', 'Critical']; only incidents for which it holds get an issue."""
    mark_field: Text | None = None
    """The custom field (a text box) that marks an incident as linked and shows its issue's key."""


class IssueProject(Frozen):
    """The project in Jira."""

    project: Text
    """Its key."""
    only: Text | None = None
    """A condition in JQL; only issues that fulfil it get an incident."""
    when: Text | None = None
    """A condition as issue.issuetype == 'Bug'; only issues for which it holds get an incident."""
    type: Text | None = None
    """The type of new issues, where no field is mapped to issuetype."""


class Comments(Frozen):
    """The comments of linked records."""

    direction: Direction = Direction.BOTH
    """Which way comments are carried. The link's own direction narrows it."""
    incident_text: IncidentText = IncidentText.PLAIN
    """What Enterprise Tester holds in comments: plain or html."""


class Versions(Frozen):
    """The versions of both projects."""

    values: tuple[Row, ...] = ()
    """Versions that are called differently on the two sides."""
    create: bool = False
    """Create versions that are missing on the issue side. Enterprise Tester offers no call to create one."""


class Schedule(Frozen):
    """When this project link is looked at, where not as often as all others."""

    every_seconds: Annotated[int, Field(ge=1)] | None = None
    """From the start of one cycle to the start of the next."""
    census_every_seconds: Annotated[int, Field(ge=60)] | None = None
    """Between two complete listings, from which alone a deletion may be suspected."""


class Mapping(Frozen):
    """One project link: an incident project and an issue project, and what is carried between them.

    `comments.direction` is narrowed to the link's direction already; for a field, ask `direction_of`.
    """

    name: LinkName
    """The project link's name; the file's name when left out. Keep it: links are remembered under it."""
    direction: Direction = Direction.BOTH
    """Which way everything is carried; a field may narrow it."""
    conflict: Conflict = Conflict.ASK
    """Who wins when both sides changed one field; a field may choose for itself. `ask` leaves both alone."""
    incidents: IncidentProject
    issues: IssueProject
    fields: Annotated[tuple[FieldMapping, ...], Field(min_length=1)]
    """The fields that are carried. Each one may stand here once."""
    comments: Annotated[Comments, Field(validate_default=True)] = Comments()
    versions: Versions = Versions()
    deletions: Deletions = Deletions()
    schedule: Schedule = Schedule()
    _document: Document | None = PrivateAttr(None)

    @field_validator("comments")
    @classmethod
    def _narrow(cls, comments: Comments, info: ValidationInfo) -> Comments:
        link = info.data.get("direction", Direction.BOTH)
        return comments.model_copy(update={"direction": comments.direction.narrowed(link)})

    @model_validator(mode="after")
    def _obey(self) -> Self:
        broken = [
            InitErrorDetails(
                type=PydanticCustomError(RULE, "{sentence}", {"sentence": fault.sentence, "fault": fault}),
                loc=fault.loc,
                input=None,
            )
            for fault in faults(self.model_dump(mode="json"))
        ]
        if broken:
            raise ValidationError.from_exception_data(type(self).__name__, broken)
        return self

    def direction_of(self, field: FieldMapping) -> Direction:
        """Which way `field` is carried: its own direction, narrowed to the link's; a computed one to what it writes."""
        if isinstance(field, (SetField, TemplateField)):
            return Direction.TO_ISSUE if field.target == "issue" else Direction.TO_INCIDENT
        return (field.direction or self.direction).narrowed(self.direction)

    def conflict_of(self, field: FieldMapping) -> Conflict:
        """Who wins when both sides changed `field`."""
        return field.conflict or self.conflict

    def read_fields(self, side: Side) -> frozenset[str]:
        """The fields of `side` that have to be read: those that are carried, and those that expressions name."""
        carried = {name for name in (field.on(side) for field in self.fields) if not name.startswith(COMPUTED_PREFIX)}
        return frozenset(carried | {name for where, name in self._named() if where == side})

    def written_fields(self, side: Side) -> frozenset[str]:
        """The fields of `side` that are written."""
        return frozenset(field.on(side) for field in self.fields if self.direction_of(field).carries(side))

    def _named(self) -> frozenset[tuple[Side, str]]:
        return frozenset().union(*map(names, self.expressions.values()))

    @property
    def expressions(self) -> dict[Loc, str]:
        """All conditions and templates, by where they stand."""
        found: dict[Loc, str | None] = {
            ("incidents", "when"): self.incidents.when,
            ("issues", "when"): self.issues.when,
        }
        for place, field in enumerate(self.fields):
            found["fields", place, "when"] = field.when
            if isinstance(field, TemplateField):
                found["fields", place, "template"] = field.template
        return {loc: text for loc, text in found.items() if text is not None}

    def found_in(self, document: Document) -> Self:
        """This mapping, knowing where its parts stand in its file."""
        self._document = document
        return self

    def place(self, loc: Loc) -> str:
        """Where a part stands, as "shop.yaml:12"; the link's name for a mapping that was not read from a file."""
        if self._document is None:
            return self.name
        return f"{self._document.file}:{self._document.value_at(loc)[0]}"

    @property
    def document(self) -> Document | None:
        """The file that the mapping was read from."""
        return self._document

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hex, of what the mapping carries: not of layout, order of fields or spelt-out defaults.

        The blocks `deletions` and `schedule` are left out: they change no field, and tightening them must not wait for
        an approval."""
        content = self.model_dump(mode="json", exclude={"fields", "deletions", "schedule"}, exclude_defaults=True)
        content["fields"] = [
            # The kind is the default of its class, and would be left out.
            field.model_dump(mode="json", exclude_defaults=True) | {"kind": field.kind}
            for field in sorted(self.fields, key=lambda field: (field.incident or "", field.issue or ""))
        ]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
