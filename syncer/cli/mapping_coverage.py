"""`syncer mapping coverage`: how much of the last records the mapping can carry, and what it can't.

What is printed here names people and quotes what they wrote, so it goes to the terminal alone and never to a log.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from syncer.cli.console import out, row, say, table, watching
from syncer.cli.errors import complain
from syncer.cli.session import Session
from syncer.context import Progress, ProjectLink
from syncer.core.actions import excerpt
from syncer.core.bind import Bound
from syncer.core.records import Listed, Present, Record, Side
from syncer.coverage import FieldCount, SideCount, about_people, count, share, travelling
from syncer.cycle import bind_now
from syncer.suggesting import suggestion
from syncer.trying import told

MOST_SENTENCES = 20
"""So many values that don't fit are shown of each field; JSON has all."""


@dataclass(frozen=True, slots=True)
class _Covered:
    """What was counted for one project link; `unread` are sentences about records that couldn't be read."""

    name: str
    bound: Bound
    sides: list[SideCount] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)

    @property
    def fields(self) -> list[FieldCount]:
        return [each for side in self.sides for each in side.fields]

    @property
    def share(self) -> str:
        return share(sum(side.carried for side in self.sides), sum(side.values for side in self.sides))


def coverage(session: Session, link: str | None, last: int, *, as_json: bool) -> int:
    """What can't be carried is a result, and no error. A link that can't be looked at doesn't hide the others."""
    covered: list[_Covered] = []
    failed = False
    with session.reading(link) as opened:
        for each in opened.links:
            try:
                with watching(each.name) as progress:
                    covered.append(_cover(each, last, progress))
            except Exception as error:
                complain(error, debug=session.debug, about=each.name)
                failed = True
    if as_json:
        print(json.dumps([_plain(each) for each in covered], indent=2, ensure_ascii=False))
    else:
        for result in covered:
            _show(out(), result)
    return 1 if failed else 0


def _cover(link: ProjectLink, last: int, progress: Progress) -> _Covered:
    covered = _Covered(link.name, bind_now(link, anticipate=True))
    for side in travelling(covered.bound):
        ids = _last(link, side, last, progress)
        records = _read(link, side, ids, covered.unread, progress)
        covered.sides.append(count(side, covered.bound, records))
    return covered


def _last(link: ProjectLink, side: Side, last: int, progress: Progress) -> list[str]:
    """The ids of those that were updated last."""
    progress.begin(f"list {side}s", None)
    listed: dict[str, Listed] = {}
    for page in link.ports[side].listed(None):
        listed.update((line.id, line) for line in page)
        progress.advance(f"list {side}s", len(page))
    newest = sorted(listed.values(), key=lambda line: line.updated_at)
    return [line.id for line in newest[-last:]]


def _read(
    link: ProjectLink, side: Side, ids: Sequence[str], unread: Counter[str], progress: Progress
) -> Iterator[Record]:
    progress.begin(f"read {side}s", len(ids))
    for _, seen in link.ports[side].read(ids):
        if isinstance(seen, Present):
            yield seen.record
        else:
            unread[f"the {side} side: {getattr(seen, 'reason', 'gone')}"] += 1
        progress.advance(f"read {side}s")


def _plain(covered: _Covered) -> dict[str, Any]:
    values, carried = sum(s.values for s in covered.sides), sum(s.carried for s in covered.sides)
    return {
        "project_link": covered.name,
        "share": covered.share,
        "values": values,
        "carried": carried,
        "records": {side.side.word: side.records for side in covered.sides},
        "out_of_scope": {side.side.word: side.out_of_scope for side in covered.sides},
        "scope_failed": [each for side in covered.sides for each in _counted(side.failed)],
        "unread": _counted(covered.unread),
        "problems": _problems(covered.bound),
        "fields": [_plain_field(covered.bound, each) for each in covered.fields],
    }


def _plain_field(bound: Bound, each: FieldCount) -> dict[str, Any]:
    people = about_people(each, bound)
    return {
        "from": _name(each, each.side),
        "to": _name(each, each.side.other),
        "side": each.side.word,
        "line": each.field.place,
        "values": each.values,
        "carried": each.carried,
        "left_alone": each.left_alone,
        "never": each.never,
        "people": people,
        "unmapped": list(_unmapped(bound, each)),
        "unfit": _counted(each.unfit),
        "failed": _counted(each.failed),
        "simplified": {"texts": each.simplified, "lost": dict(each.lost.most_common())},
        "cut": {"texts": each.cut, "longest": each.longest},
    }


def _unmapped(bound: Bound, each: FieldCount) -> Iterator[dict[str, Any]]:
    """The options without a counterpart, most frequent first, each with the row that it takes."""
    for option_id, number in _most(each.unmapped):
        advice = suggestion(bound, each.field, each.side, option_id)
        value = told(bound, each.side, each.field.on(each.side), option_id)
        yield {"value": value, "count": number, "add": advice.row, "under": advice.under, "line": advice.place}


def _counted(sentences: Counter[str]) -> list[dict[str, Any]]:
    return [{"sentence": sentence, "count": number} for sentence, number in _most(sentences)]


def _most(counter: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first; those alike by name, so that two runs print the same."""
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))


def _problems(bound: Bound) -> list[str]:
    return [f"{bound.mapping.place(problem.loc)}: {problem.sentence}" for problem in bound.problems]


def _name(each: FieldCount, side: Side) -> str:
    """The field's name; a computed field has none on the side that it is made from."""
    return "(a template)" if each.field.target is side.other else each.field.on(side)


def _show(console: Console, covered: _Covered) -> None:
    looked = " and ".join(f"the last {side.records} {side.side}s" for side in covered.sides) or "nothing to carry"
    say(console, f"{covered.name}: {covered.share} can be carried ({looked})", "bold")
    for sentence in _about_records(covered):
        say(console, sentence, "red")
    grid = table(console, "", "from", "", "to", "values", "carried", "left alone", "line")
    for each in covered.fields:
        of = share(each.carried, each.values).partition(" of ")[0]
        cells = (_name(each, each.side), "->", _name(each, each.side.other), f"{each.values:,}", of)
        row(grid, *cells, f"{each.left_alone:,}" if each.left_alone else "", each.field.place)
    console.print(grid)
    _show_unmapped(console, covered)
    for each in covered.fields:
        for sentence in _remarks(each):
            names = f"{_name(each, each.side)} -> {_name(each, each.side.other)}"
            say(console, f"{each.field.place}: {names}: {sentence}")


def _about_records(covered: _Covered) -> Iterator[str]:
    yield from _problems(covered.bound)
    for sentence, number in _most(covered.unread):
        yield f"{number} not read, {sentence}"
    for side in covered.sides:
        if side.out_of_scope:
            yield f"{side.out_of_scope} {side.side}s are out of scope by the mapping's condition"
        for sentence, number in _most(side.failed):
            yield f"{number} {side.side}s: {sentence}"


def _show_unmapped(console: Console, covered: _Covered) -> None:
    for people, title in ((False, "Values that no rule maps"), (True, "People unknown on the other side")):
        fields = [each for each in covered.fields if each.unmapped and about_people(each, covered.bound) is people]
        if not fields:
            continue
        grid = table(console, title, "field", "value", "count", "add to the mapping", "under")
        for each in fields:
            for found in _unmapped(covered.bound, each):
                under = f"{found['under']}, {found['line']}" if found["under"] else found["line"]
                row(grid, _name(each, each.side), excerpt(found["value"]), f"{found['count']:,}", found["add"], under)
        console.print(grid)


def _remarks(each: FieldCount) -> Iterator[str]:
    for sentence, number in _most(each.failed):
        yield f"failed for {number:,} records: {sentence}"
    for sentence, number in _most(each.unfit)[:MOST_SENTENCES]:
        yield f"{number:,} can't be held there: {sentence}"
    if each.simplified:
        yield f"texts simplified: {each.simplified:,}; they lose {', '.join(name for name, _ in _most(each.lost))}"
    if each.cut:
        yield f"texts cut: {each.cut:,}; the longest has {each.longest:,} characters"
    if each.never and not each.sent:
        yield "the server tells nothing of this field in any record; is its name right?"
    elif each.never:
        yield "empty in all records; is it the right field?"
