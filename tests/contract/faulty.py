"""Promises about lost answers and stopped servers."""

import pytest

from syncer.core.records import Draft, Unknown
from syncer.errors import InDoubt, Unavailable
from syncer.ports import Needs
from tests.contract.bench import Bench, comments, draft, listed, mark, read, twin
from tests.contract.writing import COMMENT


class FaultContract:
    """What happens when answers are lost and servers stop; live servers only."""

    def test_a_lost_answer_to_a_create_is_in_doubt_and_resolved_by_the_mark(self, bench: Bench) -> None:
        before, since = set(listed(bench, None)), bench.now()
        bench.drop_next_answer()
        with pytest.raises(InDoubt):
            bench.port.create(draft(bench, "Lost and found"))
        found = bench.port.find(mark(), since)
        assert found is not None
        assert found.values[bench.fields.title] == "Lost and found"
        assert set(listed(bench, None)) - before == {found.id}, "a create is never repeated by the adapter"

    def test_a_lost_answer_to_several_creates_leaves_all_in_doubt_and_each_is_found_by_its_mark(
        self, bench: Bench
    ) -> None:
        before, since = set(listed(bench, None)), bench.now()
        numbers = range(1, min(3, bench.port.most_at_once) + 1)
        drafts = [draft(bench, f"Lost and found {number}", number) for number in numbers]
        bench.drop_next_answer()
        with pytest.raises(InDoubt):
            bench.port.create_all(drafts)
        found = {number: bench.port.find(mark(number), since) for number in numbers}
        titles = {number: record and record.values[bench.fields.title] for number, record in found.items()}
        assert titles == {number: f"Lost and found {number}" for number in numbers}
        assert set(listed(bench, None)) - before == {record.id for record in found.values() if record}

    def test_a_lost_answer_to_an_update_is_in_doubt(self, bench: Bench) -> None:
        record_id = bench.person_creates("Before")
        bench.drop_next_answer()
        with pytest.raises(InDoubt):
            bench.port.update(record_id, {bench.fields.title: "After"})
        assert read(bench, record_id).values[bench.fields.title] == "After"

    def test_a_lost_answer_to_a_comment_is_in_doubt_and_resolved_by_its_mark(self, bench: Bench) -> None:
        record_id = bench.person_creates("Discussed")
        bench.drop_next_answer()
        with pytest.raises(InDoubt):
            bench.port.add_comment(record_id, COMMENT)
        assert [comment.mark for comment in comments(read(bench, record_id))] == [COMMENT.mark]

    def test_a_lost_answer_to_a_deletion_is_in_doubt(self, bench: Bench) -> None:
        record = bench.port.create(draft(bench, "Deleted"))
        bench.drop_next_answer()
        with pytest.raises(InDoubt):
            bench.port.delete(record.id)
        [(_, observation)] = bench.port.read([record.id])
        assert isinstance(observation, Unknown)

    def test_a_server_that_is_down_is_unavailable_and_nothing_was_done(self, bench: Bench) -> None:
        record_id = bench.person_creates("Out of reach")
        bench.stop()
        with pytest.raises(Unavailable):
            listed(bench, None)
        with pytest.raises(Unavailable):
            list(bench.port.read([record_id]))
        with pytest.raises(Unavailable):
            bench.port.update(record_id, {bench.fields.title: "After"})
        with pytest.raises(Unavailable):
            bench.port.create(draft(bench, "Never sent") if bench.fields.choice_by_default else _bare(bench))

    def test_the_check_of_a_server_that_is_down_says_so_without_raising(self, bench: Bench) -> None:
        bench.stop()
        findings = list(bench.port.check(Needs(writes=True)))
        assert any(not finding.ok for finding in findings)


def _bare(bench: Bench) -> Draft:
    """A draft that asks the server for nothing first."""
    return Draft({bench.fields.title: "Never sent"}, twin())
