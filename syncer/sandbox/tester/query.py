"""Answers TQL over incidents and script runs: which fields there are, what they can be asked, how they sort.

| field                                         | operators            | compared with                  |
|-----------------------------------------------|----------------------|--------------------------------|
| Project                                       | =                    | name or id                     |
| Id                                            | =, IN                | id                             |
| Name (the JSON member Summary)                | =, ~                 | text                           |
| Status, Priority, Type, Component             | =, !=, IN, NOT IN    | text or id                     |
| AssignedTo                                    | =, !=, IN, NOT IN    | login                          |
| custom fields by name                         | =, !=, ~, IN, NOT IN | text, any of several           |

Sorting: CreatedAt, LastUpdatedAt, Name. Anything else is refused. Assumed: case does not matter, a value
that nothing has matches nothing, and without ORDER BY the last updated comes first.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from syncer.sandbox.tester.catalogue import Catalogue
from syncer.sandbox.tester.custom import found_by
from syncer.sandbox.tester.errors import Refused
from syncer.sandbox.tester.records import Incident, ScriptRun
from syncer.sandbox.tester.tql import Comparison, Condition, Order, parse

R = TypeVar("R", Incident, ScriptRun)

_CHOICE = ("=", "!=", "IN", "NOT IN")

_NEWEST_FIRST = (Order("LastUpdatedAt", descending=True),)


@dataclass(frozen=True, slots=True)
class Field(Generic[R]):
    """What a field can be asked, and all that it is equal to for one record."""

    operators: tuple[str, ...]
    values: Callable[[R], Iterable[str | None]]


@dataclass(frozen=True, slots=True)
class Vocabulary(Generic[R]):
    """The fields and the sort keys of one kind of record, by name in lower case."""

    fields: Mapping[str, Field[R]]
    keys: Mapping[str, Callable[[R], Any]]


def select(tql: str, records: Iterable[R], words: Vocabulary[R]) -> list[R]:
    """The records that match, sorted. Raises Refused for a malformed query and for unknown fields."""
    query = parse(tql)
    holds = _test(query.condition, words)
    found = sorted((one for one in records if holds(one)), key=lambda one: one.id)
    for order in reversed(query.order or _NEWEST_FIRST):
        key = words.keys.get(order.field.lower())
        if key is None:
            raise Refused(f"TQL cannot order by {order.field!r}.")
        found.sort(key=key, reverse=order.descending)
    return found


def incident_words(catalogue: Catalogue) -> Vocabulary[Incident]:
    """What TQL can say about incidents."""

    def both(*ids: str | None) -> Iterable[str | None]:
        return (*ids, *(catalogue.text(pick_id) for pick_id in ids))

    def custom(name: str) -> Field[Incident]:
        return Field((*_CHOICE, "~"), lambda one: found_by(one.field_values.get(name)))

    fields: dict[str, Field[Incident]] = {
        "project": Field(("=",), lambda _: (catalogue.project_id, catalogue.project_name)),
        "id": Field(("=", "IN"), lambda one: (one.id,)),
        "name": Field(("=", "~"), lambda one: (one.summary,)),
        "status": Field(_CHOICE, lambda one: both(one.status)),
        "priority": Field(_CHOICE, lambda one: both(one.priority)),
        "type": Field(_CHOICE, lambda one: both(one.type)),
        "component": Field(_CHOICE, lambda one: both(*one.components)),
        "assignedto": Field(_CHOICE, lambda one: (catalogue.login(one.assigned_to),)),
    }
    fields |= {name.lower(): custom(name) for name in catalogue.fields}
    return Vocabulary(
        fields,
        {
            "createdat": lambda one: one.created_at,
            "lastupdatedat": lambda one: one.updated_at,
            "name": lambda one: one.summary.lower(),
        },
    )


def run_words(catalogue: Catalogue) -> Vocabulary[ScriptRun]:
    """What TQL can say about script runs."""
    return Vocabulary(
        {
            "project": Field(("=",), lambda _: (catalogue.project_id, catalogue.project_name)),
            "id": Field(("=", "IN"), lambda one: (one.id,)),
            "name": Field(("=", "~"), lambda one: (one.name,)),
            "status": Field(_CHOICE, lambda one: (one.status,)),
            "assignedto": Field(_CHOICE, lambda one: (catalogue.login(one.assigned_to),)),
        },
        {
            "createdat": lambda one: one.created_at,
            "lastupdatedat": lambda one: one.updated_at,
            "name": lambda one: one.name.lower(),
        },
    )


def _test(condition: Condition | None, words: Vocabulary[R]) -> Callable[[R], bool]:
    if condition is None:
        return lambda _: True
    if isinstance(condition, Comparison):
        return _comparison(condition, words)
    parts = [_test(part, words) for part in condition.parts]
    if condition.joint == "AND":
        return lambda one: all(part(one) for part in parts)
    return lambda one: any(part(one) for part in parts)


def _comparison(asked: Comparison, words: Vocabulary[R]) -> Callable[[R], bool]:
    field = words.fields.get(asked.field.lower())
    if field is None:
        raise Refused(f"TQL knows no field {asked.field!r}.")
    if asked.operator not in field.operators:
        allowed = ", ".join(field.operators)
        raise Refused(f"TQL cannot ask {asked.field} with {asked.operator}; it can with {allowed}.")
    wanted = {value.lower() for value in asked.values}

    def holds(one: R) -> bool:
        values = {value.lower() for value in field.values(one) if value is not None}
        if asked.operator == "~":
            return any(part in value for value in values for part in wanted)
        return values.isdisjoint(wanted) == (asked.operator in ("!=", "NOT IN"))

    return holds
