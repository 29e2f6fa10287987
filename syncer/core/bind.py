"""Bind a mapping's names to the ids of both catalogues, so that merging compares ids and never names.

    mapping (names)  +  catalogues (ids)  +  version links  ->  Bound (lenses over ids)

What a name can't be found for is a problem in words; the values it would have carried are parked, never guessed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mappings.fields import incident_field, issue_field
from mappings.lenses import ChoiceLens, CopyLens, Lens, Relation, SetLens
from mappings.model import (
    ComponentsField,
    Conflict,
    CopyField,
    Direction,
    FieldMapping,
    Row,
    StatusField,
    TableField,
    UsersField,
    VersionsField,
)
from mappings.model import Mapping as LinkMapping
from mappings.values import Value
from state.rows import VersionLink
from syncer.core.records import Catalogue, Option, Side
from syncer.core.relate import Catalogues, display_names, matches, resolve, unmatched

OptionKind: TypeAlias = Literal["version", "component"]


@dataclass(frozen=True, slots=True)
class BoundField:
    """One mapped field with its lens; `incident` and `issue` are the field's names on the two sides."""

    incident: str
    issue: str
    lens: Lens
    direction: Direction
    conflict: Conflict

    def on(self, side: Side) -> str:
        """The field's name on `side`."""
        return self.incident if side is Side.INCIDENT else self.issue

    def carries_to(self, side: Side) -> bool:
        """Whether changes travel to `side` at all."""
        return self.direction.carries(side.word)

    def translate(self, to: Side, value: Value, held: Value) -> Value:
        """The value that `to` should hold for the other side's `value`, given what it holds now.

        Raises `Untranslatable`."""
        return self.lens.get(value, held) if to is Side.ISSUE else self.lens.put(value, held)

    def agreeable(self, side: Side, value: Value) -> Value:
        """The part of `value` that both sides can agree on: a set without the elements that can't travel."""
        if not isinstance(self.lens, SetLens) or not isinstance(value, frozenset):
            return value
        relation = self.lens.relation
        related = relation.issues_of if side is Side.INCIDENT else relation.incidents_of
        return frozenset(option for option in value if related(option))


@dataclass(frozen=True, slots=True)
class Bound:
    """A mapping ready to merge with.

    `problems` are sentences about names that neither catalogue knows; `pairings` are versions found to be the same
    and not yet recorded; `missing` are options that the mapping wants created on the issue side, by kind and name.
    """

    mapping: LinkMapping
    catalogues: Catalogues
    fields: tuple[BoundField, ...]
    problems: tuple[str, ...]
    pairings: tuple[tuple[Option, Option], ...]
    missing: tuple[tuple[OptionKind, str], ...]

    def show(self, side: Side, field_name: str, value: Value) -> str:
        """A value as a person knows it: names for ids, "-" for nothing."""
        spec = incident_field(field_name) if side is Side.INCIDENT else issue_field(field_name)
        kind = spec.catalogue if spec else None
        if value is None or value == frozenset():
            return "-"
        if isinstance(value, str):
            return self.catalogues[side].name(kind, value) if kind else value
        return ", ".join(sorted(self.catalogues[side].name(kind, item) if kind else item for item in value))


PLANNED_ID = "planned:"
"""Prefix of the stand-in id of an option that a plan would create; such a plan is shown, never executed."""


def bind(
    mapping: LinkMapping, catalogues: Catalogues, version_links: Iterable[VersionLink], *, anticipate: bool = False
) -> Bound:
    """Lenses over ids for every field of `mapping`.

    With `anticipate`, options that the mapping would have created are treated as if they were there, under
    stand-in ids: for a plan that is only shown.
    """
    version_links = tuple(version_links)
    missing: list[tuple[OptionKind, str]] = []
    if mapping.versions.create:
        missing += [
            ("version", name) for name in unmatched(mapping.versions.values, catalogues, "version", version_links)
        ]
    for field in mapping.fields:
        if isinstance(field, ComponentsField) and field.create:
            missing += [("component", name) for name in unmatched(field.components, catalogues, "component", ())]
    if anticipate:
        catalogues = {**catalogues, Side.ISSUE: _with_planned(catalogues[Side.ISSUE], missing)}
    problems: list[str] = []
    standing = tuple(link for link in version_links if _stands(link, catalogues))
    versions = _version_relation(mapping, catalogues, standing, problems)
    broken = [link for link in version_links if link not in standing]
    problems += _dissolved(broken, versions, catalogues)
    fields = tuple(
        BoundField(
            incident=field.incident,
            issue=field.issue,
            lens=_lens(field, catalogues, versions, problems),
            direction=mapping.direction_of(field),
            conflict=mapping.conflict_of(field),
        )
        for field in mapping.fields
    )
    pairings = tuple(_new_pairings(versions, catalogues, standing))
    return Bound(mapping, catalogues, fields, tuple(problems), pairings, tuple(dict.fromkeys(missing)))


def _lens(field: FieldMapping, catalogues: Catalogues, versions: Relation, problems: list[str]) -> Lens:
    match field:
        case CopyField():
            return CopyLens()
        case TableField() | StatusField():
            return ChoiceLens(_table(field, catalogues, problems))
        case UsersField():
            return ChoiceLens(_by_rows_then_name(field.users, catalogues, "user", problems))
        case ComponentsField():
            return SetLens(_by_rows_then_name(field.components, catalogues, "component", problems))
        case VersionsField():
            return SetLens(versions)


def _table(field: TableField | StatusField, catalogues: Catalogues, problems: list[str]) -> Relation:
    incident_spec, issue_spec = incident_field(field.incident), issue_field(field.issue)
    incident_kind = (incident_spec.catalogue if incident_spec else None) or ""
    issue_kind = (issue_spec.catalogue if issue_spec else None) or ""
    rows = list(resolve(field.values, catalogues, incident_kind, issue_kind, problems))
    names = display_names(catalogues, incident_kind) | display_names(catalogues, issue_kind)
    return Relation(tuple(rows), names, f"add a row to the values of {field.incident} in the mapping")


def _by_rows_then_name(rows: Iterable[Row], catalogues: Catalogues, kind: str, problems: list[str]) -> Relation:
    listed = list(resolve(rows, catalogues, kind, kind, problems))
    listed += matches(catalogues, kind, {i for i, _ in listed}, {j for _, j in listed})
    advice = f"add a row for it to the mapping, or a {kind} of that name"
    return Relation(tuple(listed), display_names(catalogues, kind), advice)


def _stands(link: VersionLink, catalogues: Catalogues) -> bool:
    """Whether both versions of a pair are still there. A pair that lost one is kept: nothing is removed from any
    record because of it, and the version is not created again, which a person deleted."""
    ids = {side: {option.id for option in catalogues[side].of("version")} for side in Side}
    return link.incident_version_id in ids[Side.INCIDENT] and link.issue_version_id in ids[Side.ISSUE]


def _dissolved(broken: Iterable[VersionLink], versions: Relation, catalogues: Catalogues) -> Iterator[str]:
    for link in broken:
        for side, own, other in (
            (Side.INCIDENT, link.incident_version_id, versions.issues_of(link.incident_version_id)),
            (Side.ISSUE, link.issue_version_id, versions.incidents_of(link.issue_version_id)),
        ):
            name = catalogues[side].name("version", own)
            if name != own and not other:
                yield f"version '{name}' of the {side} side lost its counterpart; records keep what they have"


def _version_relation(
    mapping: LinkMapping, catalogues: Catalogues, links: tuple[VersionLink, ...], problems: list[str]
) -> Relation:
    """Pinned pair first, then the mapping's rows, then the name: a renamed version keeps its counterpart."""
    rows = [(link.incident_version_id, link.issue_version_id) for link in links]
    rows += [
        row for row in resolve(mapping.versions.values, catalogues, "version", "version", problems) if row not in rows
    ]
    rows += matches(catalogues, "version", {i for i, _ in rows}, {j for _, j in rows})
    advice = "create a version of that name there, or add a row to versions in the mapping"
    return Relation(tuple(rows), display_names(catalogues, "version"), advice)


def _new_pairings(
    versions: Relation, catalogues: Catalogues, links: tuple[VersionLink, ...]
) -> Iterator[tuple[Option, Option]]:
    incidents = {link.incident_version_id for link in links}
    issues = {link.issue_version_id for link in links}
    by_id = {side: {option.id: option for option in catalogues[side].of("version")} for side in Side}
    for incident_id, issue_id in versions.rows:
        fresh = incident_id not in incidents and issue_id not in issues
        if fresh and not issue_id.startswith(PLANNED_ID):
            yield by_id[Side.INCIDENT][incident_id], by_id[Side.ISSUE][issue_id]
            incidents.add(incident_id)
            issues.add(issue_id)


def _with_planned(catalogue: Catalogue, missing: Iterable[tuple[OptionKind, str]]) -> Catalogue:
    options = dict(catalogue.options)
    for kind, name in missing:
        options[kind] = (*options.get(kind, ()), Option(f"{PLANNED_ID}{name}", name))
    return Catalogue(catalogue.side, options)
