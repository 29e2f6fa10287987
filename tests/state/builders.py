"""Short ways to the values that the state DB's tests put in."""

from collections.abc import Mapping
from datetime import UTC, datetime

from state import Store
from state.effects import Effect, NewLink
from state.rows import Baseline, HistoryEntry, Intent, Link, SideName, Wish

NOON = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


def new_link(
    n: int, project_link: str = "shop", baselines: Mapping[SideName, Baseline] | None = None, **changes: str
) -> NewLink:
    """The nth incident and the nth issue, or others by `incident_id` and `issue_id`."""
    return NewLink(
        project_link=project_link,
        incident_id=changes.get("incident_id", f"guid-{n}"),
        issue_id=changes.get("issue_id", f"{10_000 + n}"),
        incident_key=f"INC-{n}",
        issue_key=f"SHOP-{n}",
        marked=frozenset({"issue"}),
        created_at=NOON,
        baselines=baselines or {},
    )


def linked(store: Store, n: int = 1, baselines: Mapping[SideName, Baseline] | None = None) -> Link:
    """The nth link, made."""
    [link] = store.settle(None, [new_link(n, baselines=baselines)])
    return link


def settled(store: Store, *effects: Effect) -> None:
    store.settle(None, effects)


def intended(store: Store, n: int = 1, project_link: str = "shop") -> Intent:
    wish = Wish("create issue", None, f"guid-{n}", None, {"summary": f"Crash {n}"}, NOON)
    return store.intend(project_link, wish)


def entry(n: int = 1, project_link: str = "shop") -> HistoryEntry:
    return HistoryEntry(
        at=NOON,
        project_link=project_link,
        cycle="c-1",
        kind="create issue",
        side="issue",
        incident_id=f"guid-{n}",
        issue_id=f"{10_000 + n}",
        sentence=f"created SHOP-{n} for INC-{n}",
        outcome="settled",
    )
