"""`syncer status`: how each project link is doing, from the state DB alone."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from state import Store
from state.rows import CycleRow, Intent, Parked
from syncer.cli.console import age, counted, out, row, say, table
from syncer.cli.plan_table import first, say_more
from syncer.cli.session import Session, chosen


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """What the state DB knows of one project link; `parked` is oldest first."""

    project_link: str
    last_good: CycleRow | None
    last: CycleRow | None
    links: int
    parked: list[Parked]
    in_doubt: list[Intent]
    watermarks: dict[str, datetime | None]


def status(session: Session, only: str | None, *, as_json: bool, limit: int) -> int:
    settings = session.settings()
    names = [mapping.name for mapping in chosen(settings, only)]
    store = Store.open_readonly(settings.state.url)
    try:
        statuses = [status_of(store, name) for name in names]
    finally:
        store.close()
    now = datetime.now(UTC)
    if as_json:
        print(json.dumps([_as_json(each) for each in statuses], indent=2))
        return 0
    for each in statuses:
        _show(out(), each, now, limit)
    return 0


def status_of(store: Store, name: str) -> LinkStatus:
    return LinkStatus(
        name,
        next(iter(store.last_cycles(name, 1, "done")), None),
        next(iter(store.last_cycles(name, 1)), None),
        store.count_links(name),
        store.parked(name),
        store.open_intents(name),
        {"incident": store.watermark(name, "incident"), "issue": store.watermark(name, "issue")},
    )


def _show(console: Console, status: LinkStatus, now: datetime, limit: int) -> None:
    say(console, status.project_link, "bold")
    good = status.last_good
    ended = good.finished_at if good is not None else None
    say(console, f"  last good cycle   {age(ended, now) + ' ago' if ended else 'none yet'}")
    if status.last is not None:
        say(console, f"  last cycle        {_cycle(status.last, now)}")
    say(console, f"  links             {status.links}")
    say(console, f"  waiting           {len(status.parked)}")
    say(console, f"  in doubt          {len(status.in_doubt)}")
    marks = ", ".join(f"{side}s up to {_moment(at)}" for side, at in status.watermarks.items())
    say(console, f"  read              {marks}")
    if status.parked:
        grid = table(console, f"Waiting in {status.project_link}", "record", "what", "for", "tries", "why")
        for item in first(status.parked, limit):
            row(grid, item.record_key, item.item, age(item.since, now), str(item.tries), item.reason)
        console.print(grid)
        say_more(console, len(status.parked), limit, "waiting items")
    if status.in_doubt:
        grid = table(console, f"In doubt in {status.project_link}", "for", "what")
        for intent in first(status.in_doubt, limit):
            row(grid, age(intent.intended_at, now), str(intent.payload.get("sentence", intent.kind)))
        console.print(grid)
        say_more(console, len(status.in_doubt), limit, "items in doubt")


def _cycle(cycle: CycleRow, now: datetime) -> str:
    match cycle.outcome:
        case "done":
            return f"done: {counted(cycle.counts)}"
        case "failed":
            return f"failed: {cycle.detail}"
        case "running":
            return f"began {age(cycle.started_at, now)} ago and has not ended: it runs now, or its process was killed"


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at is not None else "nothing yet"


def _as_json(status: LinkStatus) -> Any:
    """In JSON's own types: times as ISO text, payloads left out, as they hold texts of records."""
    body = asdict(status)
    body["in_doubt"] = [
        {
            "kind": intent.kind,
            "incident_id": intent.incident_id,
            "issue_id": intent.issue_id,
            "since": intent.intended_at,
        }
        for intent in status.in_doubt
    ]
    return json.loads(json.dumps(body, default=lambda value: value.isoformat()))
