"""What a mapping gets wrong about single fields, held against what one server tells of them. Pure.

| remark | about |
|---|---|
| the server doesn't have the field | its name, also within templates and conditions |
| the field can't be written, or not on new or on existing records | its name |
| new records need a field that nothing fills | `fields` |
| a text that is longer than its field | the text |
| people who can't be assigned, options that are switched off | the name of the one that would be written |
| values that would wait, as nothing stands for them | the rows |
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from mappings.expressions import ExpressionError, names, template
from mappings.fields import CUSTOM_PREFIX, field_of
from mappings.kinds import (
    COMPUTED_PREFIX,
    Chosen,
    FieldMapping,
    Row,
    SetField,
    TemplateField,
    UsersField,
)
from mappings.lenses import ChoiceLens, SetLens
from mappings.model import Mapping as LinkMapping
from mappings.problems import Fault, Loc, did_you_mean, listed
from syncer.core.bind import Bound
from syncer.core.lensing import catalogue_kind
from syncer.core.records import Catalogue, FieldInfo, Option, Side
from syncer.core.relate import MOST_NAMES, find

BY_WORKFLOW = frozenset({"status", "resolution"})
"""Fields of an issue that are written by transitions, and so are on no screen of their own."""

FILLED: Mapping[Side, frozenset[str]] = {
    Side.INCIDENT: frozenset({"Summary", "Type", "Status", "Priority"}),
    Side.ISSUE: frozenset({"summary", "issuetype", "project", "reporter"}),
}
"""Fields of a new record that are never empty. Assumed: the form of incidents fills its choices in by itself."""

_ROWS = ("values", "users", "components")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is to be said about a place. Errors have to be put right, others are for consideration.

    `about` is the name that it is about, where a server's own check may tell the same."""

    fault: Fault
    error: bool = True
    about: str = ""


def field_remarks(mapping: LinkMapping, side: Side, survey: Catalogue) -> Iterator[Remark]:
    """All that can be said with the survey of one side."""
    yield from _lost(mapping, side, survey)
    yield from _required(mapping, side, survey)
    for place, entry in enumerate(mapping.fields):
        name = entry.on(side.word)
        if name.startswith(COMPUTED_PREFIX) or not _way(mapping, entry, side):
            continue
        info = survey.fields.get(name)
        if info is not None:
            yield from _screens(info, side, ("fields", place, side.word))
            yield from _limit(entry, info, ("fields", place))
        yield from _switched_off(entry, side, survey, ("fields", place))


def named_fields(mapping: LinkMapping, side: Side) -> Iterator[tuple[Loc, str]]:
    """Every field of one side that the mapping names, with its place."""
    for place, entry in enumerate(mapping.fields):
        if not entry.on(side.word).startswith(COMPUTED_PREFIX):
            yield ("fields", place, side.word), entry.on(side.word)
    for loc, text in mapping.expressions.items():
        yield from ((loc, name) for where, name in sorted(names(text)) if where == side.word)


def lost_places(mapping: LinkMapping, side: Side, survey: Catalogue) -> Iterator[Loc]:
    """Where custom fields are named that the server doesn't offer; nowhere, where it tells of no fields."""
    for loc, name in named_fields(mapping, side):
        spec = field_of(side.word, name)
        if _custom(side, survey) and spec is not None and spec.shape is None and name not in survey.fields:
            yield loc


def waiting(bound: Bound, lost: Collection[Loc]) -> Iterator[Remark]:
    """Values of a choice that nothing stands for on the other side: records that have them wait."""
    told: set[str] = set()
    made = {name for _, name in bound.missing}
    for place, (field, entry) in enumerate(zip(bound.fields, bound.mapping.fields, strict=True)):
        loc: Loc = ("fields", place)
        relation = field.lens.relation if isinstance(field.lens, ChoiceLens | SetLens) else None
        if relation is None or relation.omit or isinstance(entry, UsersField) or _within(loc, lost):
            continue
        for side in (side for side in Side if field.carries_to(side.other)):
            related = relation.issues_of if side is Side.INCIDENT else relation.incidents_of
            options = bound.catalogues[side].of(catalogue_kind(side, field.on(side)))
            ids = [each.id for each in options if each.active and not related(each.id) and each.name not in made]
            said = relation.complaint(ids[:MOST_NAMES], side.other) if ids else ""
            if said and said not in told:
                told.add(said)
                rows: Loc = (*loc, "values") if getattr(entry, "values", ()) else (*loc, side.word)
                yield Remark(Fault(rows, f"values that would wait: {said}"), error=False)


def _within(loc: Loc, lost: Collection[Loc]) -> bool:
    return any(each[: len(loc)] == loc for each in lost)


def _way(mapping: LinkMapping, entry: FieldMapping, to: Side) -> bool:
    """Whether an entry writes to a side."""
    if isinstance(entry, SetField | TemplateField):
        return entry.target == to.word
    return mapping.direction_of(entry).carries(to.word)


def _custom(side: Side, survey: Catalogue) -> list[str]:
    """The custom fields that the server tells of."""
    return [name for name in survey.fields if (spec := field_of(side.word, name)) is not None and spec.shape is None]


def _lost(mapping: LinkMapping, side: Side, survey: Catalogue) -> Iterator[Remark]:
    """Of an issue's fields the server's own check tells it better: it knows those that can't be mirrored."""
    if side is Side.ISSUE:
        return
    lost, offered = set(lost_places(mapping, side, survey)), _custom(side, survey)
    for loc, name in named_fields(mapping, side):
        if loc in lost and name not in survey.fields:
            known = ", ".join(each.removeprefix(CUSTOM_PREFIX) for each in offered[:MOST_NAMES])
            said = f"incidents have no field {name}; the custom ones are {known}{did_you_mean(name, offered)}"
            yield Remark(Fault(loc, said), about=f"'{name}'")


def _required(mapping: LinkMapping, side: Side, survey: Catalogue) -> Iterator[Remark]:
    """Which fields the one type of new issues needs, the server's own check tells; here, those of any type."""
    if not mapping.direction.carries(side.word) or (side is Side.ISSUE and mapping.issues.type is not None):
        return
    filled = {entry.on(side.word) for entry in mapping.fields if _way(mapping, entry, side)}
    mark = f"{CUSTOM_PREFIX}{mapping.incidents.mark_field}"
    for info in survey.fields.values():
        if info.required and info.id not in filled | FILLED[side] | {mark}:
            said = f"new {side}s need {_label(info)}, and nothing here fills it; map it, or make it optional there"
            yield Remark(Fault(("fields",), said), about=f"'{info.id}'")
    labels = survey.fields.get("labels")
    if side is Side.ISSUE and labels is not None and "create" not in labels.screens:
        said = "the screen for new issues lacks the field Labels, which carries our mark; add it to the screen"
        yield Remark(Fault(("issues", "project"), said))


def _screens(info: FieldInfo, side: Side, loc: Loc) -> Iterator[Remark]:
    if info.id in BY_WORKFLOW or {"create", "edit"} <= info.screens:
        return
    other = f"carry it to_{side.other} only, or map another field"
    if side is Side.INCIDENT:
        said = f"Enterprise Tester lets nobody write {_label(info)}; {other}"
    else:
        missing = [what for screen, what in (("create", "new"), ("edit", "existing")) if screen not in info.screens]
        said = f"{_label(info)} isn't on the screen of {listed(missing, 'and')} issues; put it there, or {other}"
    yield Remark(Fault(loc, said))


def _label(info: FieldInfo) -> str:
    return info.id if info.name in info.id else f"{info.id} ({info.name})"


def _limit(entry: FieldMapping, info: FieldInfo, loc: Loc) -> Iterator[Remark]:
    if info.limit is None or info.shape != "text":
        return
    match entry:
        case SetField():
            at, length, whole = (*loc, "value"), len(entry.value), "this has"
        case TemplateField():
            at, length, whole = (*loc, "template"), _shortest(entry.template), "with all fields empty this has"
        case _:
            return
    if length > info.limit:
        said = f"{_label(info)} holds {info.limit:,} characters, and {whole} {length:,}; shorten it"
        yield Remark(Fault(at, said))


def _shortest(source: str) -> int:
    """The characters of a template's text where all fields are empty; 0 where it then has none."""
    context: dict[str, object] = {}
    for side in Side:
        read = {name for where, name in names(source) if where == side.word}
        custom = {name.removeprefix(CUSTOM_PREFIX): "" for name in read if name.startswith(CUSTOM_PREFIX)}
        context[side.word] = {**dict.fromkeys((*read, "key", "url"), ""), "FieldValues": custom}
    try:
        return len(template(source).render(context))
    except ExpressionError:
        return 0


def _switched_off(entry: FieldMapping, side: Side, survey: Catalogue, loc: Loc) -> Iterator[Remark]:
    """Options that would be written, and that nobody can choose."""
    kind = catalogue_kind(side, entry.on(side.word))
    info = survey.fields.get(entry.on(side.word))
    if isinstance(entry, UsersField) or (info is not None and info.shape == "user"):
        kind = "user"
    for at, name in written(entry, side, loc):
        option = _option(survey, kind, name)
        if option is None or option.active:
            continue
        if kind == "user":
            said = f"nothing can be assigned to '{name}' on the {side} side; name somebody else, who is active there"
            yield Remark(Fault(at, said))
        else:
            said = f"'{name}' is switched off on the {side} side, and can't be chosen there"
            yield Remark(Fault(at, said), error=False)


def written(entry: FieldMapping, side: Side, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """The names that an entry may write on a side; of several rows that fit, the first one counts."""
    for block in _ROWS:
        rows: tuple[Row, ...] = getattr(entry, block, ())
        seen: set[str] = set()
        for place, row in enumerate(rows):
            name, source = (row.incident, row.issue) if side is Side.INCIDENT else (row.issue, row.incident)
            if source not in seen:
                yield (*loc, block, place, side.word), name
            seen.add(source)
    default = getattr(entry.default, side.word) if isinstance(entry, Chosen) else None
    if default is not None:
        yield (*loc, "default", side.word), default
    if isinstance(entry, SetField):
        yield (*loc, "value"), entry.value


def _option(survey: Catalogue, kind: str, name: str) -> Option | None:
    found = find(survey, kind, name)
    return next((option for option in survey.of(kind) if option.id == found), None)
