"""Promises about creating several records with as few requests as a side needs."""

from collections.abc import Sequence
from dataclasses import replace

from syncer.core.records import Draft, Mark, Record
from syncer.errors import Rejected, SideError
from tests.contract.bench import TWIN_ID, Bench, as_told, draft, listed, mark, read, unstamped


class CreatingContract:
    """Creating several records together, as many at once as the side takes."""

    def test_records_created_together_are_told_in_the_order_asked_each_with_its_own_mark(self, bench: Bench) -> None:
        records = sound(created(bench, [draft(bench, f"Made by us {number}", number) for number in (2, 3, 1)]))
        assert [record.mark for record in records] == [mark(2), mark(3), mark(1)]
        titles = [record.values[bench.fields.title] for record in records]
        assert titles == ["Made by us 2", "Made by us 3", "Made by us 1"]
        for record in records:
            assert as_told(read(bench, record.id), record) == unstamped(record)

    def test_records_created_together_are_found_by_their_marks(self, bench: Bench) -> None:
        since = bench.now()
        records = sound(created(bench, [draft(bench, f"Made by us {number}", number) for number in (1, 2)]))
        assert [found and found.id for found in (bench.port.find(mark(number), since) for number in (1, 2))] == [
            record.id for record in records
        ]
        assert bench.port.find(mark(3), since) is None

    def test_one_that_is_refused_is_told_and_keeps_no_other_from_being_made(self, bench: Bench) -> None:
        before = set(listed(bench, None))
        first, refusal, third = created(bench, [draft(bench, "First", 1), refused(bench, 2), draft(bench, "Third", 3)])
        assert isinstance(refusal, Rejected)
        assert str(refusal).strip()
        records = sound([first, third])
        assert [record.mark for record in records] == [mark(1), mark(3)]
        assert set(listed(bench, None)) - before == {record.id for record in records}

    def test_where_all_are_refused_each_is_told_and_none_is_made(self, bench: Bench) -> None:
        before = set(listed(bench, None))
        outcomes = created(bench, [refused(bench, 1), refused(bench, 2)])
        assert [type(outcome) for outcome in outcomes] == [Rejected, Rejected]
        assert set(listed(bench, None)) == before

    def test_creating_nothing_gives_nothing(self, bench: Bench) -> None:
        before = set(listed(bench, None))
        assert list(bench.port.create_all([])) == []
        assert set(listed(bench, None)) == before


class BatchContract:
    """As many records at once as a side takes; live servers only, as it is a long exchange."""

    def test_as_many_as_a_side_takes_at_once_are_all_made(self, bench: Bench) -> None:
        before = set(listed(bench, None))
        drafts = [draft(bench, f"Made by us {n}") for n in range(bench.port.most_at_once)]
        drafts = [replace(each, twin=replace(each.twin, mark=_many(n))) for n, each in enumerate(drafts)]
        records = sound(bench.port.create_all(drafts))
        assert [record.mark for record in records] == [each.twin.mark for each in drafts]
        assert set(listed(bench, None)) - before == {record.id for record in records}
        assert len({record.id for record in records}) == bench.port.most_at_once


def created(bench: Bench, drafts: Sequence[Draft]) -> list[Record | SideError]:
    """What became of the drafts, of which no more are asked for at once than the side takes. An error that concerns
    all of those that were asked for together is told for each of them."""
    outcomes: list[Record | SideError] = []
    for start in range(0, len(drafts), bench.port.most_at_once):
        together = drafts[start : start + bench.port.most_at_once]
        try:
            outcomes += bench.port.create_all(together)
        except Rejected as refusal:
            outcomes += [refusal] * len(together)
    return outcomes


def sound(outcomes: Sequence[Record | SideError]) -> list[Record]:
    """The records; fails the test where one wasn't made."""
    records = [outcome for outcome in outcomes if isinstance(outcome, Record)]
    assert len(records) == len(outcomes), outcomes
    return records


def refused(bench: Bench, number: int) -> Draft:
    """A draft that no server takes."""
    sane = draft(bench, "Refused", number)
    return replace(sane, values={**sane.values, bench.fields.choices: frozenset({bench.absent_id})})


def _many(number: int) -> Mark:
    return replace(mark(), twin_id=f"{TWIN_ID[:-2]}{number:02}")
