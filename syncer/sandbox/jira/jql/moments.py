"""Times in JQL.

| written                      | means                                                              |
|------------------------------|--------------------------------------------------------------------|
| `"2025-07-24 13:05"`         | that minute's first millisecond, in the caller's profile time zone |
| `"2025-07-24"`               | midnight there                                                     |
| `-15m`, `-2h`, `"-1w 2d"`    | counted from now                                                   |
| `1732877091000`              | milliseconds since 1970, no zone; not everywhere                   |
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from syncer.sandbox.jira.errors import JiraError

_FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
_PERIOD = re.compile(r"([+-]?)((?:\d+[wdhm]\s*)+)")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}


def read_moment(text: str, field: str, now: datetime, zone: ZoneInfo, *, epoch: bool) -> datetime:
    """The moment that a JQL value means. Raises JiraError 400 where it means none."""
    try:
        if epoch and text.isdecimal():
            return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(text))
        found = _written(text, zone) or _counted(text, now)
    except (OverflowError, ValueError):
        found = None
    if found is None:
        raise JiraError(400, _refusal(text, field))
    return found


def _written(text: str, zone: ZoneInfo) -> datetime | None:
    for form in _FORMATS:
        try:
            written = datetime.strptime(text, form)
        except ValueError:
            continue
        return written.replace(tzinfo=zone).astimezone(UTC)
    return None


def _counted(text: str, now: datetime) -> datetime | None:
    period = _PERIOD.fullmatch(text.strip())
    if period is None:
        return None
    size = timedelta()
    for number, unit in re.findall(r"(\d+)([wdhm])", period[2]):
        size += timedelta(**{_UNITS[unit]: int(number)})
    return now - size if period[1] == "-" else now + size


def _refusal(text: str, field: str) -> str:
    return (
        f"Date value '{text}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    )
