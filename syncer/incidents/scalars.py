"""The smallest things in the JSON of Enterprise Tester: ids, times, numbers and texts, as they are compared."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

_NEVER = "0001-01-01"
_MOST_DIGITS = 40


def guid(text: str) -> str:
    """The id as it is compared: the vendor's examples have both letter cases."""
    return str(text).lower()


def moment(text: object) -> datetime | None:
    """A time of the API in UTC; `None` for null, for the year 1 and for what is no time."""
    try:
        read = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if read is None or read.year == 1:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def moment_text(given: object) -> str | None:
    """A time of the API as a value of the shape moment; `None` where `moment` gives none."""
    read = moment(given)
    return None if read is None else read.strftime("%Y-%m-%dT%H:%M:%SZ")


def day(given: object) -> str | None:
    """The day that a date names, `None` for what is no date.

    Assumed: a date is the day that stands there, whatever time and zone follow it."""
    if not isinstance(given, str) or given[10:11] not in ("", "T", " "):
        return None
    try:
        read = date.fromisoformat(given[:10])
    except ValueError:
        return None
    return None if read.year == 1 else read.isoformat()


def number(given: object) -> str | None:
    """A number's shortest decimal text, `None` for what is no number or has no end of digits."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    try:
        read = Decimal(str(given).strip())
    except InvalidOperation:
        return None
    if not read.is_finite() or abs(read.adjusted()) > _MOST_DIGITS:
        return None
    return format(read.normalize(), "f") if read else "0"


def plain(given: object) -> str | None:
    """A text; `None` for an empty one and for the year 1, and JSON for what is no text."""
    if given is None or given == "":
        return None
    if not isinstance(given, str):
        return json.dumps(given, ensure_ascii=False, sort_keys=True)
    return None if given == _NEVER or given.startswith(f"{_NEVER}T") else given
