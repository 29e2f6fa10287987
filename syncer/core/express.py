"""The expressions of a mapping, evaluated for one record and its twin: which fields apply, and what computed ones hold.

    records (ids)  ->  names for people  ->  conditions, templates  ->  values beside those that the servers gave

A computed field's value stands among the values of the side that it is computed from, under a name that no field of
a record has ("=labels"): so it merges, and is agreed on, like any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mappings.expressions import Condition, ExpressionError, Template
from mappings.fields import CUSTOM_PREFIX
from mappings.markup import plain_from_html
from mappings.scalars import in_shape
from mappings.values import Value, Values, rendered
from syncer.core.bind import Bound, BoundField
from syncer.core.records import Record, Side


@dataclass(frozen=True, slots=True)
class View:
    """One record and its twin as the mapping sees them: `values` with computed ones, by side.

    `failed` are fields whose expression failed, with the sentence, `resting` those whose condition doesn't hold; both
    by the field's item. Neither is carried."""

    values: Mapping[Side, Values]
    failed: Mapping[str, str] = field(default_factory=dict)
    resting: frozenset[str] = frozenset()

    def carries(self, item: str) -> bool:
        return item not in self.failed and item not in self.resting


def view(bound: Bound, records: Mapping[Side, Record]) -> View:
    """What the mapping sees of one record, or of a record and its twin."""
    values = {side: dict(record.values) for side, record in records.items()}
    if not any(each.when or each.source for each in bound.fields):
        return View(values)
    context: dict[str, Any] = {side.word: _context(bound, record) for side, record in records.items()}
    failed: dict[str, str] = {}
    resting: set[str] = set()
    for each in bound.fields:
        try:
            if each.when is not None and not _holds(each.when, context):
                resting.add(each.item)
            elif each.source is not None and each.target is not None and each.target.other in records:
                values[each.target.other][each.on(each.target.other)] = _made(each, context)
        except ExpressionError as error:
            failed[each.item] = f"{each.place}: {error}"
    return View(values, failed, frozenset(resting))


def in_scope(bound: Bound, record: Record) -> bool:
    """Whether the mapping's condition for new twins of such records holds. Raises `ExpressionError`."""
    condition = bound.scope.get(record.side)
    return condition is None or condition.holds({record.side.word: _context(bound, record)})


def _holds(condition: Condition, context: Mapping[str, Any]) -> bool:
    """A condition about a record that isn't there yet doesn't hold yet."""
    return condition.sides <= context.keys() and condition.holds(context)


def _made(each: BoundField, context: Mapping[str, Any]) -> Value:
    source = each.source
    return source.render(context).strip() or None if isinstance(source, Template) else source


def _context(bound: Bound, record: Record) -> dict[str, Any]:
    """A record for people: names instead of ids, custom fields of incidents by themselves."""
    told: dict[str, Any] = {"key": record.key, "url": record.url, "FieldValues": {}}
    for name, value in record.values.items():
        holder, key = (told["FieldValues"], name.removeprefix(CUSTOM_PREFIX)) if "." in name else (told, name)
        holder[key] = _told(bound, record, name, value)
    if record.side is Side.ISSUE:
        del told["FieldValues"]
    return told


def _told(bound: Bound, record: Record, name: str, value: Value) -> Any:
    if isinstance(value, frozenset):
        return sorted(_name(bound, record, name, each) for each in value)
    if value is None:
        return ""
    html = rendered(value)
    if html is not None:
        return plain_from_html(html)
    if bound.shape(record.side, name) == "number" and in_shape(value, "number") == value:
        return float(value) if "." in value else int(value)
    return _name(bound, record, name, value)


def _name(bound: Bound, record: Record, field_name: str, held: str) -> str:
    kind = bound.kind(record.side, field_name)
    if kind is None:
        return str(held)
    name = bound.catalogues[record.side].name(kind, held)
    return record.people.get(held, name) if kind == "user" and name == held else name
