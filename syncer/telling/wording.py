"""One message in words that say what to do next, and as the JSON that chat tools accept.

The words end in somebody's chat: whatever they quote, nothing in them pings anybody, links anywhere or becomes markup.
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import quote

from syncer.telling.events import Group, What
from syncer.telling.telling import Step

FIRST = 3
"""So many events of a message are named, the others counted."""
MOST = 240
"""So many characters of one event's words are shown."""

PAGES = {
    What.CONFLICT: "waiting",
    What.PARKED: "waiting",
    What.HELD: "held",
    What.ACCESS: "cycles",
    What.SILENT: "cycles",
}
SEVERITY = {What.ACCESS: "critical", What.SILENT: "critical"}

# What is said of a conflict says itself how to settle it.
REMEDY = {
    What.PARKED: "Mend the record or the mapping file; each is then tried again by itself.",
    What.HELD: "Look at it with 'syncer held', then approve or discard it.",
    What.ACCESS: "Mend the account or its permissions; 'syncer check' says what is missing.",
    What.SILENT: "The log and 'syncer status' say more.",
    What.TOKEN: "Make a new one, and set SYNCER_JIRA__TOKEN and SYNCER_JIRA__TOKEN_EXPIRES.",
    What.TAKEN_OVER: "Nothing is lost. Look why the first one gave no sign of life for its whole lease.",
}

_LOOKALIKES = str.maketrans("@<>[]*`~|&", "＠‹›［］＊'～¦＆")  # noqa: RUF001 that they look alike is the point
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
_UNDERLINES = re.compile(r"(?<!\w)_+|_+(?!\w)")
_LINKS = re.compile(r"://|(?<=www)\.|(?<=mailto):", re.IGNORECASE)


def body(step: Step, console: str | None) -> dict[str, Any]:
    """The JSON message; `url` leads to the page of the `console` that shows more, None where there is no console."""
    over = step.state == "over"
    text = harmless(sentence(step))
    url = None if console is None else console + page(step.group)
    return {
        "text": f"{text} {url}" if url else text,
        "event": step.group.what.value,
        "state": step.state,
        "project_link": step.group.project_link or None,
        "severity": "info" if over else SEVERITY.get(step.group.what, "warning"),
        "count": step.left,
        "since": iso(step.since),
        "url": url,
    }


def page(group: Group) -> str:
    """The path of the console's page that shows more of such events."""
    where = PAGES.get(group.what)
    return "/" if where is None else f"/links/{quote(group.project_link, safe='')}/{where}"


def iso(at: datetime) -> str:
    """In UTC to the second, as in `2027-01-31T08:00:00Z`."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def sentence(step: Step) -> str:
    """What happened and what to do next."""
    what, link = step.group.what, step.group.project_link
    if step.state == "over":
        return _over(step)
    named = "; ".join(_cut(event.words) for event in step.about[:FIRST])
    more = len(step.about) - FIRST
    listed = f"{named}; and {more} more" if more > 0 else named
    said = {
        What.CONFLICT: f"{_count(step, 'conflict', 'conflicts')} in {link}: {listed}.",
        What.PARKED: f"{_count(step, 'item waits', 'items wait')} for a person in {link}: {listed}.",
        What.HELD: f"Held in {link} until a person decides: {listed}.",
        What.ACCESS: f"{link} stands still, as a server refuses it: {listed}.",
        What.SILENT: f"{link} has had no good cycle since {step.since:%Y-%m-%d %H:%M} UTC: {listed}.",
        What.TOKEN: f"The token for Jira {listed}.",
        What.TAKEN_OVER: f"Another instance has taken over: {listed}.",
    }[what]
    still = f"Still so, since {step.since:%Y-%m-%d %H:%M} UTC. " if step.state == "still" else ""
    return f"{still}{said} {REMEDY.get(what, '')}".strip()


def harmless(text: str) -> str:
    """The text with look-alikes for what chat tools read as a mention, a link or markup, and nothing invisible."""
    seen = _INVISIBLE.sub(" ", text).translate(_LOOKALIKES)
    plain = _UNDERLINES.sub(lambda found: "\uff3f" * len(found[0]), seen)
    return _LINKS.sub(lambda found: "\u2024" if found[0] == "." else found[0].replace(":", "\uff1a"), plain)


def _over(step: Step) -> str:
    what, link = step.group.what, step.group.project_link
    if step.left:
        return f"Over in {link} ({what}): {step.gone}; {step.left} left."
    return {
        What.CONFLICT: f"No conflict is left in {link}.",
        What.PARKED: f"Nothing waits for a person in {link} any more.",
        What.HELD: f"Nothing is held in {link} any more.",
        What.ACCESS: f"{link} goes on: both servers take the account again.",
        What.SILENT: f"{link} has had a good cycle again.",
        What.TOKEN: "The token for Jira doesn't end within two weeks any more.",
        What.TAKEN_OVER: "",
    }[what]


def _count(step: Step, one: str, many: str) -> str:
    number = len(step.about)
    if number < step.left:
        return f"{number} new {one if number == 1 else many} ({step.left} in all)"
    return f"{number} {one if number == 1 else many}"


def _cut(words: str) -> str:
    flat = words.strip().rstrip(".")
    return flat if len(flat) <= MOST else f"{flat[:MOST]} ..."
