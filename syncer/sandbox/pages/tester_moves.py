"""What changed in an incident from one state to the next, in words."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from syncer.sandbox.pages.shapes import Move
from syncer.sandbox.pages.tester_fields import MANY, ONE, told
from syncer.sandbox.tester.catalogue import Catalogue
from syncer.sandbox.tester.records import Comment, Incident

MOST = 15
_LONG = 80


def moves(catalogue: Catalogue, states: Sequence[Incident], name_of: Callable[[str], str]) -> list[Move]:
    """The last changes, newest first. `states` are oldest first; what led to the first one nobody knows any more."""
    recent = states[-MOST - 1 :]
    found = [
        Move(name_of(after.updated_by), after.updated_at, what)
        for before, after in pairwise(recent)
        if (what := _differences(catalogue, before, after))
    ]
    first = states[0]
    if len(states) <= MOST + 1:
        found.insert(0, Move(name_of(first.created_by), first.created_at, ["Created"]))
    return found[::-1]


def _differences(catalogue: Catalogue, before: Incident, after: Incident) -> list[str]:
    old, new = _told(catalogue, before), _told(catalogue, after)
    texts = [_words(name, old.get(name, ""), new.get(name, "")) for name in {**old, **new}]
    return [text for text in texts if text] + _remarks(before.comments, after.comments)


def _told(catalogue: Catalogue, incident: Incident) -> Mapping[str, str]:
    """Every field of the incident for people, by its label."""

    def texts(ids: Sequence[str]) -> str:
        return ", ".join(catalogue.picks[one].text for one in ids)

    held: dict[str, Any] = {
        "Summary": incident.summary,
        "Description": incident.description or "",
        "Assigned to": catalogue.login(incident.assigned_to) or "",
    }
    held |= {label: catalogue.text(getattr(incident, attribute)) or "" for label, attribute, _ in ONE.values()}
    held |= {label: texts(getattr(incident, attribute)) for label, attribute, _ in MANY.values()}
    return held | {name: told(value) for name, value in incident.field_values.items()}


def _words(name: str, old: str, new: str) -> str:
    if old == new:
        return ""
    if max(len(old), len(new)) > _LONG:
        return f"{name} changed"
    return f"{name}: {old or 'none'} → {new or 'none'}"


def _remarks(before: Sequence[Comment], after: Sequence[Comment]) -> list[str]:
    old, new = ({one.id: one.body for one in comments} for comments in (before, after))
    counts = {
        "added": len(new.keys() - old.keys()),
        "deleted": len(old.keys() - new.keys()),
        "edited": sum(1 for one in old.keys() & new.keys() if old[one] != new[one]),
    }
    return [f"{count} comment{'s' * (count > 1)} {how}" for how, count in counts.items() if count]
