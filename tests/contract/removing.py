"""Promises about taking things off a record again: marks, mirrored comments, step-result links; and about the roll.

Beside `bench` these tests need a fixture `step_result`: one that a record can be linked with. Its `incident_id`
plays no part.
"""

from dataclasses import replace

import pytest

from syncer.core.records import Side, StepResult
from syncer.errors import Missing, Rejected, Unavailable
from tests.contract.bench import Bench, comments, draft, listed, mark, read, twin
from tests.contract.writing import COMMENT

NOTICE = replace(COMMENT, body="This comment was deleted in Jira.")


class RemovingContract:
    """Marks and comments that are taken away."""

    def test_a_record_shows_its_mark_until_it_is_removed_and_nothing_else_changes(self, bench: Bench) -> None:
        since = bench.now()
        bench.port.create(draft(bench, "Other", 2))
        record = bench.port.create(draft(bench, "Parted"))
        bench.port.write_mark(record, twin())
        assert read(bench, record.id).shows_mark is True
        bench.port.remove_mark(record.id, mark())
        after = read(bench, record.id)
        assert (after.mark, after.values) == (None, record.values)
        assert not after.shows_mark, "gone, or not looked for without a mark"
        assert bench.port.find(mark(1), since) is None
        assert bench.port.find(mark(2), since) is not None

    def test_the_roll_names_all_who_are_there_and_nobody_who_was_deleted(self, bench: Bench) -> None:
        bench.cap_pages(2)
        made = [bench.port.create(draft(bench, f"Record {number}", number)).id for number in range(1, 6)]
        bench.port.delete(made[2])
        called = [each for page in bench.port.ids() for each in page]
        assert {*made} & {*called} == {*made} - {made[2]}
        assert set(called) == set(listed(bench, None))

    def test_a_roll_that_fails_raises_and_is_never_short(self, bench: Bench) -> None:
        bench.person_creates("Not called")
        bench.garble_listings()
        with pytest.raises(Unavailable):
            list(bench.port.ids())

    def test_removing_a_mark_that_is_not_there_is_no_error(self, bench: Bench) -> None:
        record_id = bench.person_creates("Never marked")
        before = read(bench, record_id)
        assert not before.shows_mark
        bench.port.remove_mark(record_id, mark())
        assert read(bench, record_id).values == before.values

    def test_a_mark_can_be_written_again_after_it_was_removed(self, bench: Bench) -> None:
        record = bench.port.create(draft(bench, "Parted and joined"))
        bench.port.remove_mark(record.id, mark())
        bench.port.write_mark(read(bench, record.id), twin())
        after = read(bench, record.id)
        assert (after.mark, after.shows_mark) == (mark(), True)

    def test_no_mark_can_be_removed_from_a_record_that_is_not_there(self, bench: Bench) -> None:
        with pytest.raises(Missing):
            bench.port.remove_mark(bench.absent_id, mark())

    def test_a_deleted_comment_is_gone_or_says_so_and_the_others_stay(self, bench: Bench) -> None:
        record_id = bench.person_creates("Discussed")
        theirs = bench.person_comments(record_id, "A person's own words")
        made = bench.port.add_comment(record_id, COMMENT)
        bench.port.delete_comment(record_id, made.id, NOTICE)
        bench.port.delete_comment(record_id, made.id, NOTICE)
        seen = comments(read(bench, record_id))
        assert seen[0].id == theirs
        assert seen[0].body == "A person's own words"
        left = [(comment.id, comment.author, comment.mark, comment.body) for comment in seen[1:]]
        assert left in ([], [(made.id, NOTICE.author, NOTICE.mark, NOTICE.body)])

    def test_deleting_a_comment_that_is_not_there_is_no_error(self, bench: Bench) -> None:
        record_id = bench.person_creates("Discussed")
        theirs = bench.person_comments(record_id, "A person's own words")
        bench.port.delete_comment(record_id, bench.absent_id, NOTICE)
        assert [comment.id for comment in comments(read(bench, record_id))] == [theirs]

    def test_a_comment_of_a_record_that_is_gone_is_gone_with_it(self, bench: Bench) -> None:
        bench.port.delete_comment(bench.absent_id, bench.absent_id, NOTICE)


class ResultContract:
    """Step-result links."""

    def test_a_step_result_is_shown_once_and_hidden_again(self, bench: Bench, step_result: StepResult) -> None:
        record_id = bench.port.create(draft(bench, "Found by a test")).id
        assert not shown(bench, record_id, step_result)
        own_id = bench.port.show_result(record_id, step_result)
        assert own_id
        assert shown(bench, record_id, step_result)
        assert bench.port.show_result(record_id, step_result) == own_id
        bench.port.hide_result(record_id, step_result.id)
        assert not shown(bench, record_id, step_result)
        bench.port.hide_result(record_id, step_result.id)

    def test_a_step_result_is_shown_on_that_record_only(self, bench: Bench, step_result: StepResult) -> None:
        first, second = (bench.port.create(draft(bench, f"Found {n}", n)).id for n in (1, 2))
        bench.port.show_result(first, step_result)
        assert not shown(bench, second, step_result)
        bench.port.show_result(second, step_result)
        bench.port.hide_result(first, step_result.id)
        assert (shown(bench, first, step_result), shown(bench, second, step_result)) == (False, True)

    def test_parting_a_record_from_a_step_result_leaves_the_record_as_it_was(
        self, bench: Bench, step_result: StepResult
    ) -> None:
        record = bench.port.create(draft(bench, "Found by a test"))
        bench.port.write_mark(record, twin())
        bench.port.show_result(record.id, step_result)
        bench.port.hide_result(record.id, step_result.id)
        after = read(bench, record.id)
        assert (after.values, after.mark, after.shows_mark) == (record.values, mark(), True)

    def test_only_incidents_have_step_results_of_their_own(self, bench: Bench, step_result: StepResult) -> None:
        record_id = bench.port.create(draft(bench, "Found by a test")).id
        bench.port.show_result(record_id, step_result)
        own = [replace(step_result, incident_id=record_id)] if bench.port.side is Side.INCIDENT else []
        assert list(bench.port.step_results()) == own

    def test_a_step_result_can_not_be_shown_on_a_record_that_is_not_there(
        self, bench: Bench, step_result: StepResult
    ) -> None:
        with pytest.raises((Missing, Rejected)):
            bench.port.show_result(bench.absent_id, step_result)


def shown(bench: Bench, record_id: str, result: StepResult) -> bool:
    """Whether the record is linked with the step result, as each side lets it be seen."""
    if bench.port.side is Side.INCIDENT:
        stands = bench.port.reads_result(result.id, record_id)
        assert stands is not None
        return stands
    results = read(bench, record_id).results
    assert results is not None, "results must be observed when an issue is read by id"
    return result.id in results
