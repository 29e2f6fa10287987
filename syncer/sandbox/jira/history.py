"""How a field's value is told in the changelog: its id and what people read."""

from collections.abc import Iterator

from syncer.sandbox.jira.catalogue import NAMES
from syncer.sandbox.jira.fields import FIELD_BY_ID, Field
from syncer.sandbox.jira.records import ChangeItem, Value, Values
from syncer.sandbox.jira.store import Store

_NAMES = {"versions": "Version", "fixVersions": "Fix Version", "components": "Component"}
"""History calls these fields by names of its own; it tells one element per item."""


def changes(store: Store, held: Values, new: Values) -> list[ChangeItem]:
    """The changelog items for those of the new values that differ from what is held."""
    moved = [name for name, value in new.items() if held.get(name) != value]
    return [item for name in moved for item in _moved(store, FIELD_BY_ID[name], held.get(name), new[name])]


def _moved(store: Store, field: Field, old: Value, new: Value) -> Iterator[ChangeItem]:
    if field.kind in ("versions", "components"):
        yield from _elements(store, field, _ids(old), _ids(new))
        return
    name = field.name if field.custom else _NAMES.get(field.id, field.id)
    yield ChangeItem(name, field.id, field.custom, *_told(store, field, old), *_told(store, field, new))


def _elements(store: Store, field: Field, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[ChangeItem]:
    name = _NAMES[field.id]
    for gone in (one for one in old if one not in new):
        yield ChangeItem(name, field.id, False, gone, _option_name(store, field, gone), None, None)
    for come in (one for one in new if one not in old):
        yield ChangeItem(name, field.id, False, None, None, come, _option_name(store, field, come))


def _told(store: Store, field: Field, value: Value) -> tuple[str | None, str | None]:
    if isinstance(value, tuple):
        texts = [_option_name(store, field, one) for one in value]
        ids = None if field.kind == "labels" else str(list(value))
        return ids, (" " if field.kind == "labels" else ",").join(texts)
    if value is None:
        return None, None
    text = str(value)
    if field.kind == "user":
        user = store.users[text]
        return (user.account_id if store.cloud else user.key), user.display_name
    if field.kind == "cascade":
        return None, _path(field, text)
    if field.kind in ("status", "priority", "resolution", "issuetype", "option", "project", "parent"):
        return text, _option_name(store, field, text)
    return None, text


def _option_name(store: Store, field: Field, value: str) -> str:
    match field.kind:
        case "versions":
            return _name_of(store.versions.get(value), value)
        case "components":
            return _name_of(store.components.get(value), value)
        case "project":
            return store.projects[value].name
        case "parent":
            return store.issues[value].key
        case "option" | "options":
            return next(one.value for one in field.options if one.id == value)
    return NAMES.get(field.kind, {}).get(value, value)


def _path(field: Field, path: str) -> str:
    """Both levels of a cascade in the words of the history."""
    parent_id, _, child_id = path.partition("/")
    parent = next(one for one in field.options if one.id == parent_id)
    below = [f"Level 1 values: {one.value}({one.id})" for one in parent.children if one.id == child_id]
    return "".join([f"Parent values: {parent.value}({parent.id})", *below])


def _name_of(record: object, otherwise: str) -> str:
    return str(getattr(record, "name", otherwise))


def _ids(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
