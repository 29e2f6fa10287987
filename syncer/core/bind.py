"""Bind a mapping's names to the ids of both catalogues, so that merging compares ids and never names.

    mapping (names)  +  catalogues (ids)  +  version links  ->  Bound (lenses over ids)

What a name can't be found for is a problem in words; the values it would have carried are parked, never guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mappings.expressions import Condition, Template, condition
from mappings.fields import Shape, field_of
from mappings.kinds import ComponentsField, FieldMapping, SetField, TemplateField
from mappings.lenses import Lens, Relation, SetLens
from mappings.model import Mapping as LinkMapping
from mappings.policies import Conflict, Direction
from mappings.problems import Fault, Loc
from mappings.values import Value
from state.rows import VersionLink
from syncer.core.computed import computed
from syncer.core.lensing import Lensmaker, shape_of
from syncer.core.records import Option, Side
from syncer.core.relate import Catalogues, Kinds, display_names, matches, resolve, unmatched

OptionKind: TypeAlias = Literal["version", "component"]


@dataclass(frozen=True, slots=True)
class BoundField:
    """One mapped field with its lens; `incident` and `issue` are the field's names on the two sides.

    `source` is what a computed field is made of, a value or a template; its name on the side that it is computed from
    is no field of a record. `read_only`: the receiving side's edits are put back; `only_add`: nothing is ever taken
    from a set. `when` is the field's condition. `place` is where the field stands in the mapping, for people, and `loc`
    for programs.
    """

    incident: str
    issue: str
    lens: Lens
    direction: Direction
    conflict: Conflict
    source: Value | Template = None
    when: Condition | None = None
    read_only: bool = False
    only_add: bool = False
    place: str = ""
    loc: Loc = ()

    @property
    def item(self) -> str:
        """What the field is called where it waits: its name on the side that has it, the incident's first."""
        spec = field_of("incident", self.incident)
        # What only the server writes may be mapped several times, one way: the field that is written is its own.
        several = spec is not None and spec.read_only
        return self.issue if self.target is Side.ISSUE or several else self.incident

    @property
    def target(self) -> Side | None:
        """The side that a computed field writes; `None` for a field that is carried over."""
        return None if self.source is None else Side.ISSUE if self.direction is Direction.TO_ISSUE else Side.INCIDENT

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

    `problems` are sentences about names that neither catalogue knows, with their places; `pairings` are versions found
    to be the same and not yet recorded; `missing` are options that the mapping wants created on the issue side, by
    kind and name. `scope` are the conditions for new twins, by the side of the record that would get one.
    """

    mapping: LinkMapping
    catalogues: Catalogues
    fields: tuple[BoundField, ...]
    problems: tuple[Fault, ...]
    pairings: tuple[tuple[Option, Option], ...]
    missing: tuple[tuple[OptionKind, str], ...]
    scope: Mapping[Side, Condition] = field(default_factory=dict)

    def shape(self, side: Side, name: str) -> Shape:
        """The shape of a field; a custom field that its server doesn't tell about counts as text."""
        return shape_of(self.catalogues[side], name)

    def kind(self, side: Side, name: str) -> str | None:
        """Under which kind a catalogue holds what the field's ids stand for; `None` for a field without ids."""
        spec = field_of(side.word, name)
        return "user" if self.shape(side, name) == "user" else spec.catalogue if spec is not None else None

    def show(self, side: Side, field_name: str, value: Value) -> str:
        """A value as a person knows it: names for ids, "-" for nothing."""
        kind = self.kind(side, field_name)
        if value is None or value == frozenset():
            return "-"
        if isinstance(value, str):
            return self.catalogues[side].name(kind, value) if kind else value
        return ", ".join(sorted(self.catalogues[side].name(kind, item) if kind else item for item in value))


VERSIONS = Kinds("version", "version")

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
    for each in mapping.fields:
        if isinstance(each, ComponentsField) and each.create:
            missing += [("component", name) for name in unmatched(each.components, catalogues, "component", ())]
    if anticipate:
        planned = ((kind, Option(f"{PLANNED_ID}{name}", name)) for kind, name in missing)
        catalogues = {**catalogues, Side.ISSUE: catalogues[Side.ISSUE].with_options(planned)}
    problems: list[Fault] = []
    standing = tuple(link for link in version_links if _stands(link, catalogues))
    versions = _version_relation(mapping, catalogues, standing, problems)
    broken = [link for link in version_links if link not in standing]
    problems += _dissolved(broken, versions, catalogues)
    maker = Lensmaker(catalogues, versions, problems)
    fields = tuple(_bound(mapping, place, each, maker) for place, each in enumerate(mapping.fields))
    pairings = tuple(_new_pairings(versions, catalogues, standing))
    scope = {Side.INCIDENT: mapping.incidents.when, Side.ISSUE: mapping.issues.when}
    conditions = {side: condition(text) for side, text in scope.items() if text is not None}
    return Bound(mapping, catalogues, fields, tuple(problems), pairings, tuple(dict.fromkeys(missing)), conditions)


def _bound(mapping: LinkMapping, place: int, each: FieldMapping, maker: Lensmaker) -> BoundField:
    loc: Loc = ("fields", place)
    source: Value | Template = None
    if isinstance(each, (SetField, TemplateField)):
        lens, source = computed(each, loc, maker)
    else:
        lens = maker.lens(each, loc)
    return BoundField(
        incident=each.on("incident"),
        issue=each.on("issue"),
        lens=lens,
        direction=mapping.direction_of(each),
        conflict=mapping.conflict_of(each),
        source=source,
        when=None if each.when is None else condition(each.when),
        read_only=each.read_only,
        only_add=bool(getattr(each, "only_add", False)),
        place=mapping.place(loc),
        loc=loc,
    )


def _stands(link: VersionLink, catalogues: Catalogues) -> bool:
    """Whether both versions of a pair are still there. A pair that lost one is kept: nothing is removed from any
    record because of it, and the version is not created again, which a person deleted."""
    ids = {side: {option.id for option in catalogues[side].of("version")} for side in Side}
    return link.incident_version_id in ids[Side.INCIDENT] and link.issue_version_id in ids[Side.ISSUE]


def _dissolved(broken: Iterable[VersionLink], versions: Relation, catalogues: Catalogues) -> Iterator[Fault]:
    for link in broken:
        for side, own, other in (
            (Side.INCIDENT, link.incident_version_id, versions.issues_of(link.incident_version_id)),
            (Side.ISSUE, link.issue_version_id, versions.incidents_of(link.issue_version_id)),
        ):
            name = catalogues[side].name("version", own)
            if name != own and not other:
                sentence = f"version '{name}' of the {side} side lost its counterpart; records keep what they have"
                yield Fault(("versions",), sentence)


def _version_relation(
    mapping: LinkMapping, catalogues: Catalogues, links: tuple[VersionLink, ...], problems: list[Fault]
) -> Relation:
    """Pinned pair first, then the mapping's rows, then the name: a renamed version keeps its counterpart."""
    rows = [(link.incident_version_id, link.issue_version_id) for link in links]
    listed = resolve(mapping.versions.values, catalogues, VERSIONS, ("versions", "values"), problems)
    rows += [row for row in listed if row not in rows]
    rows += matches(catalogues, VERSIONS, {i for i, _ in rows}, {j for _, j in rows})
    advice = "create a version of that name there, or add a row to versions in the mapping"
    return Relation(tuple(rows), display_names(catalogues, VERSIONS), advice)


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
