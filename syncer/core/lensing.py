"""The lens of one mapped field: by its kind, by the shapes that its two fields turn out to have, over ids.

What doesn't fit is told in words that name the place in the mapping, and the field is parked: nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mappings.fields import Shape, field_of, noun
from mappings.kinds import (
    AutomapField,
    Chosen,
    ComponentsField,
    CopyField,
    FieldMapping,
    IssueText,
    LabelsField,
    Row,
    SetField,
    StatusField,
    TableField,
    TemplateField,
    Unmapped,
    UsersField,
    VersionsField,
)
from mappings.lenses import ChoiceLens, Lens, Relation, SetLens, Untranslatable
from mappings.problems import Fault, Loc
from mappings.prose import ProseLens
from mappings.scalars import ScalarLens, WordsLens, as_word
from mappings.values import Value
from syncer.core.records import Catalogue, Side
from syncer.core.relate import Catalogues, Kinds, display_names, find_or_tell, matches, resolve

LIMITS: Mapping[str, int] = {"summary": 255, "description": 32767, "environment": 32767}
"""The longest texts of an issue's own fields, in UTF-16 units (Jira's default; `jira.text.field.character.limit`)."""
RICH = frozenset({"description", "environment"})
"""An issue's own fields that hold wiki markup."""
LINE = 255

SCALARS: frozenset[Shape] = frozenset({"text", "number", "date", "moment"})


@dataclass(frozen=True, slots=True)
class RefusingLens:
    """Of a field that can't be carried as the mapping has it: every value waits, and says why."""

    sentence: str

    def get(self, incident: Value, issue: Value) -> Value:
        raise Untranslatable(self.sentence)

    def put(self, issue: Value, incident: Value) -> Value:
        raise Untranslatable(self.sentence)


def shape_of(catalogue: Catalogue, name: str) -> Shape:
    """The shape of a field of that side; a custom field that its server doesn't tell about counts as text."""
    spec = field_of(catalogue.side.word, name)
    if spec is not None and spec.shape is not None:
        return spec.shape
    info = catalogue.fields.get(name)
    return info.shape if info is not None else "text"


@dataclass(frozen=True, slots=True)
class Lensmaker:
    """Makes the lenses of one mapping. `problems` collects what doesn't fit; `versions` relates versions."""

    catalogues: Catalogues
    versions: Relation
    problems: list[Fault]

    def lens(self, field: FieldMapping, loc: Loc) -> Lens:
        """The lens of a field that carries a value over. Computed fields have one of their own."""
        match field:
            case CopyField():
                return self._copy(field, loc)
            case AutomapField() | TableField():
                return self._options(field, loc)
            case StatusField():
                kinds = Kinds("status", "status")
                return ChoiceLens(self._relation(field, field.values, kinds, (*loc, "values"), by_name=False))
            case UsersField():
                return self._users(field, loc)
            case ComponentsField():
                kinds = Kinds("component", "component")
                return SetLens(self._by_rows_then_name(field.components, kinds, (*loc, "components")))
            case VersionsField():
                return SetLens(self.versions)
            case LabelsField():
                return self._labels(field, loc)
            case SetField() | TemplateField():
                raise TypeError("a computed field carries no value over: see `syncer.core.computed`")

    def shape(self, side: Side, name: str) -> Shape:
        """See `shape_of`."""
        return shape_of(self.catalogues[side], name)

    def prose(self, incident: Literal["plain", "html"], issue: str, issue_text: IssueText | None) -> ProseLens:
        """Between a text of an incident and the text field `issue`."""
        info = self.catalogues[Side.ISSUE].fields.get(issue)
        rich = issue in RICH or (info is not None and info.rich)
        kind: Literal["wiki", "plain", "line"] = issue_text.value if issue_text else "wiki" if rich else "line"
        told = info.limit if info is not None else None
        return ProseLens(incident, kind, LIMITS.get(issue) or told or (None if rich or issue_text else LINE))

    def refuse(self, loc: Loc, sentence: str) -> RefusingLens:
        """Tell about the place, and give the lens that parks the field."""
        self.problems.append(Fault(loc, sentence))
        return RefusingLens(sentence)

    def _copy(self, field: CopyField, loc: Loc) -> Lens:
        incident, issue = self.shape(Side.INCIDENT, field.incident), self.shape(Side.ISSUE, field.issue)
        for name, shape in ((field.incident, incident), (field.issue, issue)):
            if shape not in SCALARS:
                return self._misfit(loc, "copy", name, shape)
        if incident == issue == "text":
            return self.prose(field.incident_text.value, field.issue, field.issue_text)
        return ScalarLens(incident, issue)

    def _misfit(self, loc: Loc, kind: str, name: str, shape: Shape) -> Lens:
        use = {"choice": "table or automap", "choices": "table or automap", "user": "users", "words": "labels"}
        said = f"'{kind}' doesn't carry {name}, which is {noun(shape)}; use kind: {use.get(shape, 'copy')}"
        return self.refuse((*loc, "kind"), said)

    def _options(self, field: AutomapField | TableField, loc: Loc) -> Lens:
        shapes = [self.shape(Side.INCIDENT, field.incident), self.shape(Side.ISSUE, field.issue)]
        for name, shape in zip((field.incident, field.issue), shapes, strict=True):
            if shape not in ("choice", "choices"):
                return self._misfit(loc, field.kind, name, shape)
        if shapes[0] != shapes[1]:
            said = (
                f"{field.incident} is {noun(shapes[0])} and {field.issue} is {noun(shapes[1])}; map fields of one kind"
            )
            return self.refuse((*loc, "issue"), said)
        kinds = Kinds(catalogue_kind(Side.INCIDENT, field.incident), catalogue_kind(Side.ISSUE, field.issue))
        by_name = isinstance(field, AutomapField)
        relation = self._relation(field, field.values, kinds, (*loc, "values"), by_name=by_name)
        return ChoiceLens(relation) if shapes[0] == "choice" else SetLens(relation)

    def _users(self, field: UsersField, loc: Loc) -> Lens:
        for side in Side:
            shape = self.shape(side, field.on(side.word))
            if shape != "user":
                return self._misfit(loc, "users", field.on(side.word), shape)
        return ChoiceLens(self._relation(field, field.users, Kinds("user", "user"), (*loc, "users"), by_name=True))

    def _labels(self, field: LabelsField, loc: Loc) -> Lens:
        incident, issue = self.shape(Side.INCIDENT, field.incident), self.shape(Side.ISSUE, field.issue)
        if issue != "words":
            return self._misfit(loc, "labels", field.issue, issue)
        if incident == "text":
            return WordsLens()
        if incident != "choices":
            return self._misfit(loc, "labels", field.incident, incident)
        kind = catalogue_kind(Side.INCIDENT, field.incident)
        options = self.catalogues[Side.INCIDENT].of(kind)
        advice = f"add it to the options of {field.incident} in Enterprise Tester"
        names = {option.id: option.name for option in options}
        return SetLens(Relation(tuple((option.id, as_word(option.name)) for option in options), names, advice))

    def _relation(self, field: Chosen, rows: tuple[Row, ...], kinds: Kinds, loc: Loc, *, by_name: bool) -> Relation:
        """The rows, then names where `by_name`, then the default."""
        related = list(resolve(rows, self.catalogues, kinds, loc, self.problems))
        if by_name:
            related += matches(self.catalogues, kinds, {i for i, _ in related}, {j for _, j in related})
        entry = loc[:-1]
        default = {
            side: None if name is None else self._default(side, kinds, name, (*entry, "default", side.word))
            for side, name in ((Side.INCIDENT, field.default.incident), (Side.ISSUE, field.default.issue))
        }
        named = f"a row for it to the mapping, or a {kinds.issue} of that name" if by_name else ""
        return Relation(
            tuple(related),
            display_names(self.catalogues, kinds),
            f"add {named}" if named else f"add a row to the values of {field.incident} in the mapping",
            default[Side.INCIDENT],
            default[Side.ISSUE],
            omit=field.unmapped is Unmapped.OMIT,
        )

    def _default(self, side: Side, kinds: Kinds, name: str, loc: Loc) -> str | None:
        return find_or_tell(self.catalogues[side], kinds.on(side), name, loc, self.problems)

    def _by_rows_then_name(self, rows: tuple[Row, ...], kinds: Kinds, loc: Loc) -> Relation:
        related = list(resolve(rows, self.catalogues, kinds, loc, self.problems))
        related += matches(self.catalogues, kinds, {i for i, _ in related}, {j for _, j in related})
        advice = f"add a row for it to the mapping, or a {kinds.issue} of that name"
        return Relation(tuple(related), display_names(self.catalogues, kinds), advice)


def catalogue_kind(side: Side, name: str) -> str:
    """Under which kind a catalogue holds the options of a field."""
    spec = field_of(side.word, name)
    return (spec.catalogue if spec else None) or name
