"""How a value is read from a request, by the kind of its field; what can't be read is a `FieldError`.

| kind                          | in a request                              | kept as                  |
|-------------------------------|-------------------------------------------|--------------------------|
| line, text, string, url       | text or null                              | text, None where empty   |
| number, date                  | number, `yyyy-mm-dd`                      | float, text              |
| moment                        | `yyyy-mm-ddThh:mm:ss.SSS+hhmm`            | time                     |
| user                          | `{"accountId"}`, Data Center `{"name"}`   | login                    |
| priority, issuetype, project  | `{"id"}`, `{"name"}`, `{"key"}`           | id                       |
| cascade                       | `{"id", "child": {"id"}}`, or by `value`  | "id" or "id/id"          |
| versions, components, options | list of `{"id"}`, `{"name"}`, `{"value"}` | tuple of ids             |
| labels                        | list of words                             | tuple of text            |
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from syncer.sandbox.jira.catalogue import PRIORITIES, RESOLUTIONS, TYPES
from syncer.sandbox.jira.errors import FieldError
from syncer.sandbox.jira.fields import MULTI, Field, Kind
from syncer.sandbox.jira.records import Value
from syncer.sandbox.jira.store import Store

MOST_LINE = 255
MOST_TEXT = 32_767
MOST_NUMBER = 1e14
TOO_LONG = "The entered text is too long. It exceeds the allowed limit of 32,767 characters."

Reader = Callable[[Store, str, Field, Any], Value]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"(?!9999)[1-9]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


def size(text: str) -> int:
    """How long Jira finds a text: it counts in UTF-16, an emoji twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_value(store: Store, project_id: str, field: Field, raw: Any) -> Value:
    """The value of a whole field. Raises FieldError."""
    if field.kind in MULTI:
        if raw is None:
            return ()
        if not isinstance(raw, list):
            raise FieldError("data was not an array")
        return tuple(dict.fromkeys(read_element(store, project_id, field, one) for one in raw))
    return _READERS[field.kind](store, project_id, field, raw)


def read_element(store: Store, project_id: str, field: Field, raw: Any) -> str:
    """One element of a field that holds several. Raises FieldError."""
    match field.kind:
        case "labels":
            return _label(raw)
        case "versions":
            return _chosen("Version", raw, ((one.id, one.name) for one in store.versions_of(project_id)))
        case "components":
            return _chosen("Component", raw, ((one.id, one.name) for one in store.components_of(project_id)))
    return _chosen("Option", raw, ((one.id, one.value) for one in field.options), member="value")


def _label(raw: Any) -> str:
    if not isinstance(raw, str):
        raise FieldError("expected String")
    if not raw or any(letter.isspace() for letter in raw):
        raise FieldError(f"The label '{raw}' contains spaces which is invalid.")
    if size(raw) > MOST_LINE:
        raise FieldError(f"The label '{raw}' is longer than the allowed {MOST_LINE} characters.")
    return raw


def _chosen(what: str, raw: Any, choices: Iterable[tuple[str, str]], member: str = "name") -> str:
    if not isinstance(raw, dict):
        raise FieldError("expected Object")
    known = list(choices)
    if raw.get("id") is not None:
        wanted = str(raw["id"])
        if any(wanted == choice_id for choice_id, _ in known):
            return wanted
        raise FieldError(f"{what} id '{wanted}' is not valid")
    if not isinstance(raw.get(member), str):
        raise FieldError(f"expected 'id' or '{member}' property to be a string")
    for choice_id, name in known:
        if name.casefold() == raw[member].casefold():
            return choice_id
    raise FieldError(f"{what} {member} '{raw[member]}' is not valid")


def _text_of(raw: Any) -> str:
    if raw is not None and not isinstance(raw, str):
        raise FieldError("Operation value must be a string")
    return raw or ""


def _line(store: Store, _project_id: str, _field: Field, raw: Any) -> Value:
    text = _text_of(raw)
    if "\n" in text or "\r" in text:
        raise FieldError("The summary is invalid because it contains newline characters.")
    text = store.stored_line(text)
    if not text:
        raise FieldError("You must specify a summary of the issue.")
    if size(text) > MOST_LINE:
        raise FieldError("Summary must be less than 255 characters.")
    return text


def _text(store: Store, _project_id: str, _field: Field, raw: Any) -> Value:
    text = _text_of(raw)
    if size(text) > MOST_TEXT:
        raise FieldError(TOO_LONG)
    return store.stored_text(text) or None


def _string(_store: Store, _project_id: str, _field: Field, raw: Any) -> Value:
    text = _text_of(raw)
    if size(text) > MOST_LINE:
        limit = f"It exceeds the allowed limit of {MOST_LINE} characters."
        raise FieldError(f"The entered text is too long. {limit}")
    return text or None


def _url(store: Store, project_id: str, field: Field, raw: Any) -> Value:
    text = _string(store, project_id, field, raw)
    if text is not None and not _URL.fullmatch(str(text)):
        raise FieldError("Not a valid URL")
    return text


def _number(_store: Store, _project_id: str, _field: Field, raw: Any) -> Value:
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise FieldError("Operation value must be a number")
    if not abs(raw) <= MOST_NUMBER:  # said like this, NaN is refused too
        raise FieldError(f"'{raw}' is an invalid number")
    return float(raw)


def _date(_store: Store, _project_id: str, _field: Field, raw: Any) -> Value:
    text = _text_of(raw)
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise FieldError(f"Error parsing date string: {text}")


def _moment(_store: Store, _project_id: str, _field: Field, raw: Any) -> Value:
    text = _text_of(raw)
    if not text:
        return None
    try:
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise FieldError(f"Error parsing time: {text}")


def _user(store: Store, _project_id: str, field: Field, raw: Any) -> Value:
    member = "accountId" if store.cloud else "name"
    if raw is None:
        return None
    if not isinstance(raw, dict) or member not in raw:
        raise FieldError(f"expected '{member}' property to be a string")
    reference = raw[member]
    if not reference:
        return None
    user = store.user(str(reference))
    if user is None:
        raise FieldError(f"User '{reference}' does not exist.")
    if field.id == "assignee" and not store.may_be_assigned(user):
        raise FieldError(f"User '{reference}' cannot be assigned issues.")
    if not user.active:
        raise FieldError(f"User '{reference}' is not active.")
    return user.login


def _priority(_store: Store, _project_id: str, _field: Field, raw: Any) -> Value:
    return _chosen("Priority", raw, ((one.id, one.name) for one in PRIORITIES))


def _resolution(_store: Store, _project_id: str, _field: Field, raw: Any) -> Value:
    return _chosen("Resolution", raw, ((one.id, one.name) for one in RESOLUTIONS))


def _issue_type(_store: Store, _project_id: str, _field: Field, raw: Any) -> Value:
    try:
        return _chosen("Issue type", raw, ((one.id, one.name) for one in TYPES))
    except FieldError:
        raise FieldError("Specify a valid issue type") from None


def _project(store: Store, _project_id: str, _field: Field, raw: Any) -> Value:
    reference = (raw.get("id") or raw.get("key")) if isinstance(raw, dict) else None
    found = store.find_project(str(reference)) if reference is not None else None
    if found is None:
        raise FieldError("Specify a valid project ID or key")
    return found.id


def _option(_store: Store, _project_id: str, field: Field, raw: Any) -> Value:
    if raw is None:
        return None
    return _chosen("Option", raw, ((one.id, one.value) for one in field.options), member="value")


def _cascade(store: Store, project_id: str, field: Field, raw: Any) -> Value:
    parent_id = _option(store, project_id, field, raw)
    if parent_id is None or raw.get("child") is None:
        return parent_id
    parent = next(one for one in field.options if one.id == parent_id)
    child_id = _chosen("Option", raw["child"], ((one.id, one.value) for one in parent.children), member="value")
    return f"{parent_id}/{child_id}"


def _parent(store: Store, project_id: str, _field: Field, raw: Any) -> Value:
    reference = (raw.get("id") or raw.get("key")) if isinstance(raw, dict) else None
    parent = store.locate(str(reference)) if reference is not None else None
    if parent is None or parent.text("project") != project_id:
        raise FieldError("Could not find issue by id or key.")
    return parent.id


_READERS: dict[Kind, Reader] = {
    "line": _line,
    "text": _text,
    "string": _string,
    "url": _url,
    "number": _number,
    "date": _date,
    "moment": _moment,
    "user": _user,
    "priority": _priority,
    "resolution": _resolution,
    "issuetype": _issue_type,
    "project": _project,
    "option": _option,
    "cascade": _cascade,
    "parent": _parent,
}
