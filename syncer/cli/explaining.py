"""`syncer explain`: all that is known of one record, and why it is as it is; nothing is written anywhere."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.console import Console

from mappings.kinds import COMPUTED_PREFIX
from mappings.policies import Direction
from syncer.cli.console import out, row, say, table
from syncer.cli.session import Session
from syncer.core.actions import excerpt
from syncer.core.records import Side
from syncer.errors import SyncerError
from syncer.explaining import Explanation, SideLine, explained
from syncer.explaining_comments import ItemLine
from syncer.explaining_fields import FieldLine
from syncer.finding import Target, find
from syncer.looking import look, recalled

ARROWS = {Direction.TO_ISSUE: "->", Direction.TO_INCIDENT: "<-", Direction.BOTH: "<->"}


def explain(session: Session, record: str, link: str | None, *, as_json: bool) -> int:
    """Exit code 1 where a side didn't answer. Raises `SyncerError` for a record that nothing and nobody knows."""
    with session.reading(link) as opened:
        told = explanations(find(opened.links, record, opened.linker.link))
    if as_json:
        print(json.dumps([asdict(each) for each in told], indent=2, ensure_ascii=False, default=_plain))
    else:
        for each in told:
            _show(out(), each)
    return 0 if all(each.answered for each in told) else 1


def explanations(targets: Sequence[Target]) -> list[Explanation]:
    """One for each record that was found: several project links may have one by that key."""
    return [_explanation(target) for target in targets]


def _explanation(target: Target) -> Explanation:
    try:
        seen = look(target)
    except SyncerError as error:
        return explained(target, recalled(target), None, str(error))
    twin = seen.situation.record(target.side.other)
    return explained(target, recalled(target, twin.id if twin is not None else None), seen)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else sorted(value)


def _show(console: Console, told: Explanation) -> None:
    say(console, f"{told.record}  (project link {told.project_link})", "bold")
    say(console, f"{told.code}: {told.sentence}", "bold")
    for sentence in _head(told):
        say(console, f"  {sentence}")
    for side in told.sides:
        say(console, f"  {side.side:10}{_side(side)}")
    _show_fields(console, told.fields)
    _show_items(console, "comment", told.comments)
    _show_items(console, "step result", told.results)
    _show_attempts(console, told)
    _show_history(console, told)


def _head(told: Explanation) -> Iterator[str]:
    """What is said in sentences, the most important first."""
    if told.detail and not told.in_doubt:
        yield told.detail
    yield from (f"in doubt since {_moment(each.since)}: {each.sentence}" for each in told.in_doubt)
    for held in told.held:
        yield f"held since {_moment(held.since)}: {held.reason}"
        yield from (f"  {line}" for line in held.lines)
        yield f"  it goes on after: syncer approve {held.digest}"
    yield from (f"next: {sentence}" for sentence in told.next)
    yield from (f"note: {sentence}" for sentence in told.notes)
    if told.link is not None:
        marked = " and ".join(told.link.marked) or "nothing"
        yield f"linked since {_moment(told.link.since)}; marked: {marked}"
    for grave in told.dissolved:
        ids = f"incident {grave.incident_id} and issue {grave.issue_id}"
        yield f"the link of {ids} was dissolved {_moment(grave.since)}: {grave.reason}"


def _side(side: SideLine) -> str:
    named = " ".join(each for each in (side.key, f"({side.record_id})" if side.record_id else None) if each)
    when = f", updated {_moment(side.updated_at)}" if side.updated_at is not None else ""
    told = f"{side.state}{f': {side.why}' if side.why else ''}{when}"
    return " ".join(each for each in (named, told, side.url) if each)


def _show_fields(console: Console, fields: Sequence[FieldLine]) -> None:
    grid = table(console, "", "incident", "", "issue", "rule", "incident holds", "issue holds", "agreed on", "decision")
    for each in fields:
        holds = [_cell(each.now, side) for side in Side]
        rule = f"{each.kind}, {each.place}"
        decision = str(each.code) if each.decision == each.code.sentence else f"{each.code}: {each.decision}"
        names = ["(computed)" if name.startswith(COMPUTED_PREFIX) else name for name in (each.incident, each.issue)]
        row(grid, names[0], ARROWS[each.direction], names[1], rule, *holds, _agreed(each), decision)
    console.print(grid)


def _agreed(each: FieldLine) -> str:
    """What both held at the last agreement; one value where it reads the same on both sides."""
    texts = list(dict.fromkeys(_cell(each.agreed, side) for side in Side if side.word in each.agreed))
    return " | ".join(texts) if texts else "never"


def _cell(values: dict[Any, str | None], side: Side) -> str:
    return excerpt(values.get(side.word) or "-")


def _show_items(console: Console, what: str, items: Sequence[ItemLine]) -> None:
    if items:
        grid = table(console, "", what, "side", "decision")
        for each in items:
            row(grid, each.item.partition(" ")[2], each.side, f"{each.code}: {each.decision}")
        console.print(grid)


def _show_attempts(console: Console, told: Explanation) -> None:
    if told.attempts:
        grid = table(console, "", "waits", "since", "tries", "last try", "next try", "why")
        for each in told.attempts:
            times = [_moment(each.since), str(each.tries), _moment(each.last_try_at), _moment(each.next_try_at)]
            row(grid, each.item, *times, f"{each.code}: {each.reason}")
        console.print(grid)


def _show_history(console: Console, told: Explanation) -> None:
    if told.history:
        grid = table(console, "", "number", "time", "what was done", "outcome")
        for entry in told.history:
            outcome = f"{entry.outcome}: {entry.detail}" if entry.detail else entry.outcome
            row(grid, str(entry.id), _moment(entry.at), entry.sentence, outcome)
        console.print(grid)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
