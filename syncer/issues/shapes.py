"""Jira's JSON and our values: pure translation, both ways, nothing asked and nothing sent.

| form | in JSON | as a value |
|---|---|---|
| text | text or null | text, `None` when empty |
| number | a number or null | its shortest decimal text |
| date | "2026-11-22" or null | the same |
| moment | "2026-11-22T15:03:05.000+0100" or null | "2026-11-22T14:03:05Z" |
| id | `{"id": ...}` or null | the id |
| path | `{"id": ..., "child": {"id": ...}}` or null | the ids from the top, "10600/10601" |
| user | `{"accountId": ...}` on Cloud, `{"name": ...}` on Data Center, or null | that id |
| ids | a list of `{"id": ...}` | frozenset of ids |
| words | a list of texts | frozenset of texts, among the labels without our own mark |

A field that is missing in the JSON was not observed, and neither was one that isn't in the form of its kind.
"""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from mappings.values import Prose, Value, Values
from syncer.issues.fields import ASSIGNEE, LABELS, Form, Kind

Json: TypeAlias = Any


class UnknownShape(Exception):
    """A value that isn't in the form of its field's kind."""


def moment(text: str) -> datetime:
    """Jira's time ("2025-07-24T13:05:26.000+0200"), in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def person_id(person: Json) -> str | None:
    """What identifies a person: `accountId` on Cloud, which has no `name`; `name`, the login, on Data Center."""
    if not person:
        return None
    told: str | None = person.get("accountId") or person.get("name")
    return told


def people(fields: Mapping[str, Json]) -> dict[str, str]:
    """The names of the people whom the fields hold, by id."""
    told = [(person_id(held), held.get("displayName")) for held in fields.values() if isinstance(held, dict)]
    return {who: str(name) for who, name in told if who is not None and name}


def observed(issue: Json, kinds: Mapping[str, Kind], is_mark: Callable[[str], bool], page: str) -> Values:
    """The values of those fields of an issue that are there; labels for which `is_mark` holds are left out."""
    fields, html = issue["fields"], issue.get("renderedFields") or {}
    values: dict[str, Value] = {}
    for name, kind in kinds.items():
        if name not in fields:
            continue
        try:
            value = _READERS[kind.form](fields[name])
        except UnknownShape:
            continue
        if kind.form == "text" and isinstance(value, str):
            value = prose(value, html.get(name) if kind.rich else None, page)
        if name == LABELS and isinstance(value, frozenset):
            value = frozenset(label for label in value if not is_mark(label))
        values[name] = value
    return values


def prose(text: str, html: Json, page: str | None) -> Prose:
    """A text with what the server renders it to and the page that it stands on, where they are known."""
    return Prose(text, html if isinstance(html, str) else None, page)


def _text(held: Json) -> Value:
    if held is None or isinstance(held, str):
        return held or None
    raise UnknownShape


def _number(held: Json) -> Value:
    if held is None:
        return None
    if isinstance(held, bool) or not isinstance(held, int | float) or not math.isfinite(held):
        raise UnknownShape
    text = format(Decimal(repr(held)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _date(held: Json) -> Value:
    text = _text(held)
    if text is None:
        return None
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError:
        raise UnknownShape from None


def _moment(held: Json) -> Value:
    text = _text(held)
    if text is None:
        return None
    try:
        told = datetime.fromisoformat(str(text))
        if told.tzinfo is not None:
            return _seconds(told) + "Z"
    except (ValueError, OverflowError):
        pass
    raise UnknownShape


def _id(held: Json) -> Value:
    match held:
        case None:
            return None
        case {"id": str() | int() as told}:
            return str(told)
    raise UnknownShape


def _path(held: Json) -> Value:
    top = _id(held)
    below = _id(held.get("child")) if top is not None else None
    return top if below is None else f"{top}/{below}"


def _user(held: Json) -> Value:
    if not held:
        return None
    if isinstance(held, dict) and (told := person_id(held)) is not None:
        return told
    raise UnknownShape


def _ids(held: Json) -> Value:
    if held is None:
        return frozenset()
    if not isinstance(held, list):
        raise UnknownShape
    return frozenset(told for each in held if isinstance(told := _id(each), str))


def _words(held: Json) -> Value:
    if held is not None and not (isinstance(held, list) and all(isinstance(each, str) for each in held)):
        raise UnknownShape
    return frozenset(held or ())


_READERS: Mapping[Form, Callable[[Json], Value]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "moment": _moment,
    "id": _id,
    "path": _path,
    "user": _user,
    "ids": _ids,
    "words": _words,
}


def writable(values: Values, *, cloud: bool, kinds: Mapping[str, Kind]) -> dict[str, Json]:
    """`fields` of a create or an edit; a field that is none of `kinds` is written as text."""
    return {name: _written(name, value, cloud, kinds.get(name)) for name, value in values.items()}


def _written(name: str, value: Value, cloud: bool, kind: Kind | None) -> Json:
    form = "text" if kind is None else kind.form
    if isinstance(value, frozenset):
        return sorted(value) if form == "words" else [{"id": option_id} for option_id in sorted(value)]
    if form in ("ids", "words"):
        return [] if value is None else [value if form == "words" else {"id": value}]
    if name == ASSIGNEE:
        # A null inside the object and not in its place: that is what both deployments document for "nobody".
        return {person_member(cloud): value}
    return None if value is None else written(form, value, cloud=cloud)


def written(form: str, text: str, *, cloud: bool) -> Json:
    """One value in a form. What doesn't fit the form goes as it is: Jira's own refusal names the field best."""
    match form:
        case "id":
            return {"id": text}
        case "path":
            top, _, below = text.partition("/")
            return {"id": top, **({"child": {"id": below}} if below else {})}
        case "user":
            return {person_member(cloud): text}
        case "number":
            return number(text)
        case "moment":
            return _time(text)
    return str(text)


def person_member(cloud: bool) -> str:
    """By which member a request names a person."""
    return "accountId" if cloud else "name"


def number(text: str) -> float | str:
    """The number that a text says; the text itself where it says none that Jira could hold."""
    try:
        told = Decimal(text)
    except InvalidOperation:
        return text
    if not told.is_finite() or not math.isfinite(float(told)):
        return text
    return int(told) if told == told.to_integral_value() else float(told)


def _time(text: str) -> str:
    """Jira takes times with milliseconds and an offset without a colon, and no others."""
    try:
        told = datetime.fromisoformat(text)
        return text if told.tzinfo is None else f"{_seconds(told)}.000+0000"
    except (ValueError, OverflowError):
        return text


def _seconds(told: datetime) -> str:
    return told.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()
