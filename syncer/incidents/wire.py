"""How the value of a custom field is written in JSON: every form is read, and the one seen last is written.

| kind             | forms                                                             | held as                |
|------------------|-------------------------------------------------------------------|------------------------|
| text             | "text"; anything else as its JSON                                 | text                   |
| choice           | "High"; {"Text": "High"}                                          | "High"                 |
| choices          | ["a", "b"]; "a, b"; [{"Value": "a", "Text": "a"}]                 | frozenset of texts     |
| cascade          | ["Europe", "Germany"]; "Europe / Germany", also with `>`, `,`, `|`;| "Europe / Germany"    |
|                  | [{"Value": "Europe", ...}, ...]                                   |                        |
| checkbox         | true; "true"; "True"                                              | "true", "false"        |
| date             | "2026-11-22T00:00:00Z"; "2026-11-22"                              | "2026-11-22"           |
| number           | 3.0; "3.0"                                                        | "3"                    |

Assumed: the first form of each, which is written until a server has shown another one; the vendor's pages have
the value of a text box only. A value in none of the forms is held as its text, for a mapping to say what is wrong.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mappings.values import Prose, Value
from syncer.incidents.custom import BETWEEN, CustomField
from syncer.incidents.scalars import day, number, plain

_TEXT_MEMBERS = ("Text", "Value", "Name")
_LEVELS = re.compile(r"[/>,|]")
_BETWEEN_LEVELS = re.compile(r" ?[/>,|] ?")
_NOTHING: tuple[Any, ...] = (None, "", [], {})
_MIDNIGHT = re.compile(r"[T ]00:00.*")


def read(field: CustomField, given: Any, page: str | None = None) -> Value:
    """The value that a server gave; `page` is where people find its incident."""
    if given in _NOTHING:
        return frozenset() if field.kind == "choices" else None
    if field.kind == "choices":
        return frozenset(_several(field, given))
    if field.kind == "text":
        text = plain(given)
        return None if text is None else Prose(text, page=page)
    if field.kind == "cascade":
        return _path_read(field, given)
    if field.kind == "choice":
        only = given[0] if isinstance(given, list) and len(given) == 1 else given
        text = _text(only)
        return None if text is None else _as_option(field, text)
    if field.kind == "checkbox":
        text = plain(given)
        return text.lower() if text is not None and text.lower() in ("true", "false") else text
    return (day(given) if field.kind == "date" else number(given)) or plain(given)


def shows_form(given: Any) -> bool:
    """Whether the form can be seen by a value: by an empty one it can't."""
    return given not in _NOTHING and plain(given) is not None


def written(field: CustomField, value: Value, like: Any) -> Any:
    """The JSON that sets the field, in the form of `like`, a value that the server gave; empty clears.

    Raises `ValueError` for a value that the field can't hold, with what it holds instead."""
    if field.kind == "choices":
        if not isinstance(value, frozenset):
            raise ValueError("a set of options")
        order = [option.id for option in field.options]
        known = [one for one in order if one in value]
        return _list_like(like, [*known, *sorted(value - {*known})], ", ")
    if isinstance(value, frozenset):
        raise ValueError("one value, not several")
    if field.kind == "checkbox":
        return _flag_like(like, value)
    if field.kind == "cascade":
        shown = _BETWEEN_LEVELS.search(like) if isinstance(like, str) else None
        return _list_like(like, _path(field, value) if value else (), shown.group() if shown else ", ")
    if not value or field.kind in ("text", "choice"):
        return str(value or "")
    return _day_like(like, value) if field.kind == "date" else _number_like(like, value)


def same(field: CustomField, wanted: Value, held: Value) -> bool:
    """Whether a server that holds `held` has taken over `wanted`. A text may come back normalised."""
    if field.kind == "text" and wanted is not None:
        return True
    if field.kind == "checkbox":
        return (wanted or "false") == (held or "false")  # there is no third state to clear it to
    return read(field, sorted(wanted) if isinstance(wanted, frozenset) else wanted) == held


def _several(field: CustomField, given: Any) -> list[str]:
    listed = given.get("Items") if isinstance(given, dict) else given
    if isinstance(listed, list):
        return [_as_option(field, text) for one in listed if (text := _text(one)) is not None]
    text = plain(given)
    return [] if text is None else _taken_apart(field, text)


def _taken_apart(field: CustomField, text: str) -> list[str]:
    """The options of "a, b". One that has a comma in itself is looked for first, the longest before others."""
    longest_first = sorted((re.escape(path[0]) for path in field.paths), key=len, reverse=True)
    options = "".join(f"{one}(?=\\s*(?:[,;]|\\Z))|" for one in longest_first)
    found = re.findall(rf"\s*({options}[^,;]+)", text, re.IGNORECASE)
    return [_as_option(field, stripped) for one in found if (stripped := one.strip())]


def _path_read(field: CustomField, given: Any) -> str | None:
    if isinstance(given, list):
        return BETWEEN.join(text for one in given if (text := _text(one)) is not None) or None
    text = _text(given)
    if text is None:
        return None
    bare = _evenly(text)
    known = (BETWEEN.join(path) for path in field.paths)
    return next((path for path in known if _evenly(path).casefold() == bare.casefold()), bare)


def _evenly(text: str) -> str:
    """The levels of a cascade with the same between all of them, whatever stood there."""
    return BETWEEN.join(part.strip() for part in _LEVELS.split(text))


def _path(field: CustomField, value: str) -> Sequence[str]:
    return next((path for path in field.paths if BETWEEN.join(path) == value), tuple(value.split(BETWEEN)))


def _as_option(field: CustomField, text: str) -> str:
    """The option that is meant, whatever its letter case; a text that is no option as it is."""
    known = [BETWEEN.join(path) for path in field.paths]
    return text if text in known else next((one for one in known if one.casefold() == text.casefold()), text)


def _text(one: Any) -> str | None:
    if isinstance(one, dict):
        return next((text for name in _TEXT_MEMBERS if (text := one.get(name)) and isinstance(text, str)), plain(one))
    return plain(one)


def _list_like(like: Any, texts: Sequence[str], between: str) -> Any:
    if isinstance(like, str):
        return between.join(texts)
    example = like[0] if isinstance(like, list) and like else None
    if not isinstance(example, dict):
        return list(texts)
    names = [name for name in _TEXT_MEMBERS if name in example]
    return [dict.fromkeys(names, text) for text in texts]


def _flag_like(like: Any, value: str | None) -> Any:
    if value not in (None, "true", "false"):
        raise ValueError("'true' or 'false'")
    text = value or "false"
    if not isinstance(like, str):
        return text == "true"
    return text.capitalize() if like[:1].isupper() else text


def _day_like(like: Any, value: str) -> str:
    if (chosen := day(value)) is None:
        raise ValueError("a date such as 2026-11-22")
    if isinstance(like, str) and len(like) == len(chosen):
        return chosen
    tail = like[len(chosen) :] if isinstance(like, str) else ""
    return chosen + (tail if _MIDNIGHT.fullmatch(tail) else "T00:00:00Z")


def _number_like(like: Any, value: str) -> Any:
    if (chosen := number(value)) is None:
        raise ValueError("a number such as 2.5")
    if isinstance(like, str):
        return chosen
    return float(Decimal(chosen)) if "." in chosen else int(chosen)
