"""Promises about creating and updating records, about marks and about mirrored comments."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mappings.values import Value
from syncer.core.records import CommentDraft, Mark, Present, Unknown
from syncer.errors import Missing, Rejected
from tests.contract.bench import Bench, as_told, comments, draft, mark, options, read, twin, unstamped


class WritingContract:
    """Creating and updating records, and their marks."""

    def test_a_created_record_carries_its_mark_and_is_what_the_server_holds(self, bench: Bench) -> None:
        record = bench.port.create(draft(bench, "Made by us"))
        assert record.mark == mark()
        assert record.values[bench.fields.title] == "Made by us"
        assert record.values[bench.fields.text] == "first line\n\nsecond line"
        assert as_told(read(bench, record.id), record) == unstamped(record)

    def test_a_created_record_is_found_by_its_mark_and_by_no_other(self, bench: Bench) -> None:
        since = bench.now()
        bench.person_creates("No mark")
        first = bench.port.create(draft(bench, "First", 1))
        bench.port.create(draft(bench, "Second", 2))
        found = bench.port.find(mark(1), since)
        assert found is not None
        assert (found.id, found.mark, found.values) == (first.id, mark(1), first.values)
        assert bench.port.find(mark(3), since) is None
        assert bench.port.find(replace(mark(1), installation="other"), since) is None

    def test_an_update_writes_the_given_fields_and_nothing_else(self, bench: Bench) -> None:
        names = bench.fields
        record = bench.port.create(draft(bench, "Before"))
        bench.person_edits(record.id, {names.text: "Written by a person"})
        after = bench.port.update(record.id, {names.title: "After"})
        assert after.values == {**record.values, names.title: "After", names.text: "Written by a person"}
        assert after.mark == record.mark
        assert as_told(read(bench, record.id), after) == unstamped(after)

    def test_choices_are_written_and_cleared_by_id(self, bench: Bench) -> None:
        names = bench.fields
        record = bench.port.create(draft(bench, "Choices"))
        some, other = options(bench, names.choices_kind)[:2]
        one = options(bench, names.choice_kind)[1]
        after = bench.port.update(record.id, {names.choices: frozenset({some, other}), names.choice: one})
        assert after.values[names.choice] == one
        assert after.values[names.choices] == frozenset({some, other})
        for fewer in (frozenset({other}), frozenset[str]()):
            after = bench.port.update(record.id, {names.choices: fewer})
            assert after.values[names.choices] == fewer
        assert after.values[names.choice] == one

    def test_a_text_is_cleared_or_the_refusal_is_told(self, bench: Bench) -> None:
        record = bench.port.create(draft(bench, "To be cleared"))
        try:
            after = bench.port.update(record.id, {bench.fields.text: None})
        except Rejected:
            assert read(bench, record.id).values[bench.fields.text] is not None
        else:
            assert after.values[bench.fields.text] is None

    def test_the_answer_to_a_write_is_what_the_server_holds_not_what_was_sent(self, bench: Bench) -> None:
        bench.normalise()
        record = bench.port.create(draft(bench, "SHOUTED"))
        assert record.values[bench.fields.title] == "shouted"
        after = bench.port.update(record.id, {bench.fields.title: "SHOUTED AGAIN"})
        assert after.values[bench.fields.title] == "shouted again"
        assert read(bench, record.id).values == after.values
        assert (record.mark, after.mark) == (mark(), mark()), "a mark outlives what servers do to texts"

    def test_a_value_that_can_not_be_set_is_rejected_with_nothing_changed(self, bench: Bench) -> None:
        names = bench.fields
        record = bench.port.create(draft(bench, "Untouched"))
        bad: dict[str, Value] = {names.title: "Touched", names.choices: frozenset({bench.absent_id})}
        with pytest.raises(Rejected) as refusal:
            bench.port.update(record.id, bad)
        assert str(refusal.value).strip()
        assert read(bench, record.id).values == record.values

    def test_writing_to_a_record_that_is_not_there_is_missing(self, bench: Bench) -> None:
        with pytest.raises(Missing):
            bench.port.update(bench.absent_id, {bench.fields.title: "Nobody"})

    def test_a_deleted_record_is_gone_and_deleting_it_again_is_no_error(self, bench: Bench) -> None:
        record = bench.port.create(draft(bench, "Deleted", 1))
        other = bench.port.create(draft(bench, "Kept", 2))
        bench.port.delete(record.id)
        bench.port.delete(record.id)
        seen = dict(bench.port.read([record.id, other.id]))
        assert isinstance(seen[record.id], Unknown)
        assert isinstance(seen[other.id], Present)

    def test_a_mark_is_written_once_and_again_changes_nothing(self, bench: Bench) -> None:
        record_id = bench.person_creates("Adopted")
        before = read(bench, record_id)
        bench.port.write_mark(before, twin())
        marked = read(bench, record_id)
        assert marked.mark == mark()
        assert marked.values == before.values
        for known in (before, marked):
            bench.port.write_mark(known, twin())
        assert unstamped(read(bench, record_id)) == unstamped(marked)

    def test_a_mark_can_be_made_to_say_another_twin(self, bench: Bench) -> None:
        record = bench.port.create(draft(bench, "Moved"))
        bench.port.write_mark(record, twin(2))
        assert read(bench, record.id).mark == mark(2)

    def test_fields_that_others_edited_are_told_from_our_own(self, bench: Bench) -> None:
        record = bench.port.create(draft(bench, "Ours"))
        assert record.updated_at is not None
        until = record.updated_at + timedelta(hours=1)
        bench.port.update(record.id, {bench.fields.title: "Still ours"})
        assert bench.port.edited_by_others(record.id, record.updated_at, until) == frozenset()
        bench.person_edits(record.id, {bench.fields.title: "Theirs"})
        assert bench.fields.title in bench.port.edited_by_others(record.id, record.updated_at, until)


COMMENT = CommentDraft("Jane Doe", "It happens *twice*.\n\nAlways on Mondays.", Mark("demo", "10234"))


class CommentContract:
    """Mirrored comments."""

    def test_a_mirrored_comment_comes_back_with_author_mark_and_body(self, bench: Bench) -> None:
        record_id = bench.person_creates("Discussed")
        theirs = bench.person_comments(record_id, "A person's own words")
        made = bench.port.add_comment(record_id, COMMENT)
        seen = comments(read(bench, record_id))
        assert [comment.id for comment in seen] == [theirs, made.id]
        assert seen[1] == made
        assert (made.author, made.body, made.mark) == (COMMENT.author, COMMENT.body, COMMENT.mark)
        assert (seen[0].author, seen[0].body, seen[0].mark) == (bench.person, "A person's own words", None)

    def test_a_heading_survives_a_server_that_changes_texts(self, bench: Bench) -> None:
        bench.normalise()
        record_id = bench.person_creates("Discussed")
        made = bench.port.add_comment(record_id, COMMENT)
        assert (made.mark, made.body) == (COMMENT.mark, COMMENT.body.lower())
        assert comments(read(bench, record_id)) == (made,)

    def test_editing_a_mirrored_comment_changes_that_one_only(self, bench: Bench) -> None:
        record_id = bench.person_creates("Discussed")
        first = bench.port.add_comment(record_id, COMMENT)
        second = bench.port.add_comment(record_id, replace(COMMENT, body="Other", mark=Mark("demo", "10235")))
        edited = bench.port.edit_comment(record_id, first.id, replace(COMMENT, body="Only on Sundays."))
        assert (edited.id, edited.body, edited.mark) == (first.id, "Only on Sundays.", COMMENT.mark)
        assert comments(read(bench, record_id)) == (edited, second)

    def test_a_comment_that_is_not_there_can_not_be_edited(self, bench: Bench) -> None:
        record_id = bench.person_creates("Discussed")
        with pytest.raises((Missing, Rejected)):
            bench.port.edit_comment(record_id, bench.absent_id, COMMENT)
        assert comments(read(bench, record_id)) == ()
