"""A server in memory: its records, what its users may do to them, and how it stores texts. No port, no faults."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from mappings.values import Value, Values
from syncer.core.records import Listed, Mark, Option, Side
from syncer.errors import Rejected
from tests.simulation.clock import Clock, ClockOfOne
from tests.simulation.flavours import Flavour
from tests.simulation.rows import Deed, Happening, Indexed, Remark, Row, State, Who

Normaliser: TypeAlias = Literal["none", "trim", "lower", "collapse"]

NORMALISERS: Mapping[Normaliser, Callable[[str], str]] = {
    "none": lambda text: text,
    "trim": lambda text: text.strip(),
    "lower": lambda text: text.lower(),
    "collapse": lambda text: "\n".join(" ".join(line.split()) for line in text.splitlines()),
}


class Server:
    """One project on one server. `deeds` is the world's log; `listing` is what its index says, `lag` late."""

    def __init__(
        self, flavour: Flavour, clock: Clock, deeds: list[Deed], skew: timedelta = timedelta(), *, counts: bool = True
    ) -> None:
        self.flavour = flavour
        self.side: Side = flavour.side
        self.clock = clock
        self.time = ClockOfOne(clock, flavour.resolution, skew)
        self.deeds = deeds
        self.rows: dict[str, Row] = {}
        self.options: dict[str, list[Option]] = {kind: list(each) for kind, each in flavour.options.items()}
        self.step_results: dict[str, tuple[str, str]] = {}
        self.lag = timedelta()
        self.page_size = 50
        self.normalise: Normaliser = "none"
        self.counts_versions = counts
        self.secures_single_records = False
        self.garbled: set[str] = set()
        self.listings_garbled = False
        self._count = 0

    def next_id(self) -> str:
        self._count += 1
        return self.flavour.make_id(self._count)

    def create(self, values: Values, by: Who, mark: Mark | None = None) -> Row:
        """A new record. Raises `Rejected` for values that the server doesn't take."""
        self._validate(values)
        now, new_id = self.time.now(), self.next_id()
        row = Row(new_id, self.flavour.key(self._count), dict(self.flavour.empty), now, now, by)
        row.mark = row.claim = mark
        row.born_of = mark.twin_id if mark else None
        self.rows[new_id] = row
        self._log(row, "born", by, row.born_of or "")
        for name, value in values.items():
            if name in row.values and name not in self.flavour.by_workflow:
                self._store(row, name, value, by)
        self._reindex(row)
        return row

    def edit(self, row: Row, changes: Values, by: Who) -> None:
        """Write the fields, all or, with `Rejected`, none."""
        self._validate(changes)
        for name, value in changes.items():
            self._store(row, name, value, by)
        self.touch(row, by, changes)

    def comment(self, row: Row, author: str, body: str, by: Who, mark: Mark | None = None) -> Remark:
        remark = Remark(self.next_id(), author, self._normal(body), self.time.now(), mark)
        row.remarks[remark.id] = remark
        self._log(row, "comment", by, remark.id, remark.body)
        self.touch(row, by)
        return remark

    def edit_comment(self, row: Row, remark: Remark, body: str, by: Who) -> None:
        remark.body = self._normal(body)
        remark.edited_by_people = by == "person"
        self._log(row, "comment", by, remark.id, remark.body)
        self.touch(row, by)

    def delete_comment(self, row: Row, comment_id: str, by: Who) -> None:
        del row.remarks[comment_id]
        self._log(row, "comment gone", by, comment_id)
        self.touch(row, by)

    def set_mark(self, row: Row, mark: Mark, by: Who) -> None:
        row.mark = row.claim = mark
        row.dissolved, row.shown = None, True
        self._log(row, "mark", by, mark.twin_id)
        self.touch(row, by)

    def become(self, row: Row, state: State, by: Who) -> None:
        """Let a record be deleted, hidden from us, archived, moved to another project, or come back."""
        row.state = state
        self._log(row, "state", by, state)
        self._reindex(row)

    def unmark(self, row: Row, by: Who, dissolved: Mark | None = None) -> None:
        """Take the mark off; `dissolved` is what stays in its place, where we did it."""
        if by == "us" or self.side is Side.INCIDENT:
            row.mark = row.claim = None
            row.dissolved = dissolved
        row.shown = False
        self._log(row, "unmark", by, "" if row.mark is row.dissolved is None else "not for good")
        self.touch(row, by)

    def clone(self, row: Row) -> Row:
        """Somebody copies a record: with what a search finds it by, and on the incident side with the mark itself."""
        made = self.create({name: row.values[name] for name in row.values if row.values[name] is not None}, "person")
        self._log(made, "clone", "person", row.id)
        made.claim = row.claim
        made.mark = row.mark if self.side is Side.INCIDENT else None
        self._reindex(made)
        return made

    def was_read(self, row: Row, *, late: bool = False) -> None:
        """Note that we have been told what the record holds, or held a moment ago."""
        self._log(row, "late read" if late else "read", "us")
        if not late:
            row.touched_at = None

    def link_result(self, row: Row, result_id: str, title: str) -> None:
        """Somebody links a step result with an incident."""
        self.step_results[result_id] = (title, f"{self.flavour.url}result/{result_id}")
        row.results.add(result_id)
        self._log(row, "result", "person", result_id)
        self.touch(row, "person")

    def unlink_result(self, row: Row, result_id: str) -> None:
        """Somebody takes one off an incident, or off an issue that shows it."""
        row.results.discard(result_id)
        self._log(row, "result", "person", result_id)
        self.touch(row, "person")

    def restrict(self, row: Row, remark: Remark) -> None:
        """Somebody restricts a comment to a few people."""
        remark.restricted = True
        self._log(row, "restricted", "person", remark.id)
        self.touch(row, "person")

    def add_option(self, kind: str, name: str) -> Option:
        there = next((option for option in self.options[kind] if option.name == name), None)
        if there is None:
            there = Option(f"{kind}-{len(self.options[kind]) + 1}", name)
            self.options[kind].append(there)
        return there

    def rename_option(self, kind: str, option_id: str, name: str) -> None:
        self.options[kind] = [replace(o, name=name) if o.id == option_id else o for o in self.options[kind]]

    def indexed(self) -> Iterator[tuple[Row, Indexed]]:
        """What the index says now of all records that it has, by the time of their last update."""
        seen_until = self.clock.now() - self.lag
        found = []
        for row in self.rows.values():
            known = [entry for entry in row.index if entry.at <= seen_until]
            if known and known[-1].listed:
                found.append((row, known[-1]))
        yield from sorted(found, key=lambda each: (each[1].updated_at, each[0].id))

    def lines(self) -> Iterable[Listed]:
        for row, entry in self.indexed():
            yield Listed(row.id, row.key, entry.updated_at, self.stamp_of(entry.updated_at, row))

    def stamp_of(self, updated_at: datetime, row: Row) -> str:
        """The revision, as an adapter makes it of what its server tells."""
        told = updated_at.isoformat()
        return f"{told}/{row.version}" if self.counts_versions and self.side is Side.INCIDENT else told

    def touch(self, row: Row, by: Who, changes: Iterable[str] = ()) -> None:
        row.version += 1
        row.updated_at = self.time.now()
        row.saved_by = by
        row.edits.append((row.updated_at, by, frozenset(changes)))
        self._reindex(row)

    def _reindex(self, row: Row) -> None:
        row.index.append(Indexed(self.clock.now(), row.updated_at, row.state == "present", row.claim))

    def _store(self, row: Row, name: str, value: Value, by: Who) -> None:
        held = (self._normal(value) or None) if isinstance(value, str) and name in self.flavour.texts else value
        row.values[name] = held
        self._log(row, "field", by, name, held)

    def _normal(self, text: str) -> str:
        return NORMALISERS[self.normalise](text)

    def _validate(self, values: Values) -> None:
        for name, value in values.items():
            kind = self.flavour.kinds.get(name)
            if name not in self.flavour.empty:
                raise Rejected(self.side, f"There is no field '{name}'")
            wanted = value if isinstance(value, frozenset) else {value} - {None}
            if kind is not None and not wanted <= {option.id for option in self.options[kind]}:
                raise Rejected(self.side, f"'{name}' can't be set to {sorted(map(str, wanted))}: choose one of its own")
            if name == self.flavour.title and value is None:
                raise Rejected(self.side, f"'{name}' is required")

    def _log(self, row: Row, what: Happening, by: Who, item: str = "", value: Value = None) -> None:
        now = self.clock.now()
        self.deeds.append(Deed(now, self.side, row.id, what, by, item, value))
        if by == "person":
            row.touched_at = row.touched_at or now
        elif what not in ("read", "late read"):
            row.told = None
