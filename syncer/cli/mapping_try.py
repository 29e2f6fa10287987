"""`syncer mapping try`: what one incident or issue becomes on the other side; nothing is written."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from syncer.by_hand import link_of
from syncer.cli.console import out, row, say, table
from syncer.cli.session import Session
from syncer.context import ProjectLink
from syncer.core.actions import excerpt
from syncer.core.bind import Bound
from syncer.core.reasons import Reason
from syncer.core.records import Present, Record, Side
from syncer.cycle import bind_now
from syncer.finding import Target, find
from syncer.handwork import look, read
from syncer.trying import CommentTrial, Trial, Why, comment_trials, scope, told, told_here, trials


@dataclass(frozen=True, slots=True)
class _Tried:
    """All that was found out about one record. `twin` is the record that it is linked with, by key, and as it is now
    where it can be read."""

    link: ProjectLink
    bound: Bound
    record: Record
    scope: Why
    twin_key: str | None
    twin: Record | None

    def twin_holds(self, trial: Trial) -> Any:
        if self.twin is None or not trial.there:
            return None
        return told(self.bound, self.twin.side, trial.there, self.twin.values.get(trial.there))


def try_record(session: Session, record: str, link: str | None, *, as_json: bool) -> int:
    """Raises `SyncerError` for a record that can't be found or read. Where several go by that key all are shown."""
    with session.reading(link) as opened:
        tried = [_try(target) for target in find(opened.links, record, opened.linker.link)]
    if as_json:
        print(json.dumps([_plain(each) for each in tried], indent=2, ensure_ascii=False))
    else:
        for each in tried:
            _show(out(), each)
    return 0


def _try(target: Target) -> _Tried:
    link = target.link
    record = read(link, target.side, target.record_id)
    bound = bind_now(link, anticipate=True)
    row = link_of(link, record.side, record.id)
    if row is None:
        why = scope(record, bound)
        return _Tried(link, bound, record, why if why.code else _listed(link, record), None, None)
    there = record.side.other
    twin_id, key = (row.issue_id, row.issue_key) if there is Side.ISSUE else (row.incident_id, row.incident_key)
    seen = look(link, there, twin_id)
    return _Tried(link, bound, record, scope(record, bound), key, seen.record if isinstance(seen, Present) else None)


def _listed(link: ProjectLink, record: Record) -> Why:
    """What the server says to the mapping's condition in its own query language."""
    project = link.mapping.incidents if record.side is Side.INCIDENT else link.mapping.issues
    if project.only is None:
        return Why()
    if any(line.id == record.id for page in link.ports[record.side].listed(None) for line in page):
        return Why()
    place = link.mapping.place((f"{record.side}s", "only"))
    return Why(Reason.OUT_OF_SCOPE, f"its server doesn't list it by the condition at {place}")


def _plain(tried: _Tried) -> dict[str, Any]:
    record, bound = tried.record, tried.bound
    return {
        "project_link": tried.link.name,
        "record": {"side": record.side.word, "key": record.key, "id": record.id, "url": record.url},
        "twin": tried.twin_key,
        "in_scope": tried.scope.code is None,
        **_because(tried.scope),
        "fields": [
            {
                "here": trial.here,
                "value": told_here(bound, trial),
                "there": trial.there,
                "becomes": told(bound, record.side.other, trial.there, trial.after),
                "twin_holds": tried.twin_holds(trial),
                "line": trial.field.place,
                **_because(trial.why),
            }
            for trial in trials(record, bound)
        ],
        "comments": [
            {"id": each.comment.id, "author": each.comment.author, "becomes": each.body, **_because(each.why)}
            for each in comment_trials(record, bound)
        ],
        "problems": _problems(bound),
    }


def _because(why: Why) -> dict[str, Any]:
    return {"code": why.code.value if why.code else None, "reason": why.sentence or None}


def _problems(bound: Bound) -> list[str]:
    return [f"{bound.mapping.place(problem.loc)}: {problem.sentence}" for problem in bound.problems]


def _show(console: Console, tried: _Tried) -> None:
    record, there = tried.record, tried.record.side.other
    linked = tried.twin_key is not None
    becomes = f"{there} {tried.twin_key}, with which it is linked" if linked else f"a new {there}"
    say(console, f"{record.side} {record.key} -> {becomes}  (project link {tried.link.name}; {record.url})", "bold")
    for sentence in _about_scope(tried):
        say(console, sentence)
    columns = [str(record.side), "holds", str(there), "a new one would hold"]
    columns += [f"{tried.twin_key} holds now"] if tried.twin is not None else []
    grid = table(console, "", *columns, "line", "why not")
    for trial in trials(record, tried.bound):
        cells = [trial.here, _cell(told_here(tried.bound, trial)), trial.there or "-"]
        cells.append(_cell(told(tried.bound, there, trial.there, trial.after)))
        cells += [_cell(tried.twin_holds(trial))] if tried.twin is not None else []
        row(grid, *cells, trial.field.place, _why(trial))
    console.print(grid)
    _show_comments(console, list(comment_trials(record, tried.bound)), there)
    for problem in _problems(tried.bound):
        say(console, problem, "red")


def _about_scope(tried: _Tried) -> Iterator[str]:
    twin = f"{tried.record.side.other} {tried.twin_key}"
    if tried.twin_key is not None and tried.twin is None:
        yield f"{twin} can't be read now; 'syncer explain' tells more."
    if tried.scope.code is not None:
        without = "It would get no twin" if tried.twin_key is None else "Were it not linked, it would get no twin"
        yield f"{without}: {tried.scope.sentence} ({tried.scope.code})."
    elif tried.twin_key is None:
        yield "It is in scope: a sync gives it a twin, unless it is held back for another reason."


def _why(trial: Trial) -> str:
    if trial.why.code is not None:
        return f"{trial.why.code}: {trial.why.sentence}"
    return "" if trial.sent else "the server tells nothing of this field; is its name right?"


def _cell(value: Any) -> str:
    return excerpt(", ".join(value) if isinstance(value, list) else value) if value else "-"


def _show_comments(console: Console, comments: Sequence[CommentTrial], there: Side) -> None:
    carried = [each for each in comments if each.body is not None]
    say(console, f"{len(carried)} of {len(comments)} comments would be added to the {there}.")
    for each in comments:
        first = each.body.strip().partition("\n")[0] if each.body is not None else f"not carried: {each.why.sentence}"
        say(console, f"  {each.comment.author}: {excerpt(first, 100)}")
