"""Comments, where servers may differ most: nobody's words are lost or doubled."""

from dataclasses import replace

import pytest

from syncer.core.records import CommentDraft, Mark
from syncer.errors import InDoubt, Rejected
from syncer.incidents.headings import with_heading
from syncer.sandbox.faults import Fault
from tests.contract.bench import read
from tests.contract.incident_bench import IncidentBench
from tests.syncer.incidents.scripted import Reply, in_turn, scripted
from tests.syncer.incidents.stage import bare_project, bodies, model, old_and_new

COMMENT = CommentDraft("Jane Doe", "It happens twice.", Mark("demo", "10234"))


class TestComments:
    """Comments, where servers differ most."""

    def test_a_comment_that_carries_the_mark_already_is_not_added_again(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Discussed")
        made = bench.port.add_comment(record_id, COMMENT)
        assert bench.port.add_comment(record_id, COMMENT) == made
        assert len(model(bench).incident(record_id).comments) == 1

    def test_the_id_of_jiras_comment_is_left_for_the_testers_own_screens(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Discussed")
        bench.port.add_comment(record_id, COMMENT)
        assert model(bench).incident(record_id).comments[0].ticket_comment_id == "10234"

    def test_a_server_that_does_not_let_comments_be_edited_rejects(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Discussed")
        made = bench.port.add_comment(record_id, COMMENT)
        bench.behave(comment_edit_accepted=False)
        with pytest.raises(Rejected):
            bench.port.edit_comment(record_id, made.id, replace(COMMENT, body="Changed"))
        assert bodies(bench, record_id) == ["It happens twice."]

    def test_an_edit_that_the_server_silently_passes_over_is_rejected(self) -> None:
        standing = {"Id": "c1", "Body": with_heading("Jane Doe", COMMENT.mark, "Old"), "CreatedById": "u1"}
        with scripted(in_turn(Reply(body={"Items": [standing], "Total": 1}))) as server:
            port = bare_project(server.url)
            with pytest.raises(Rejected, match="does not let comments be edited"):
                port.edit_comment("i1", "c1", COMMENT)
            port.close()
            assert server.methods() == ["GET", "PUT", "GET"]

    @old_and_new
    def test_a_server_that_replaces_comments_is_found_out_and_what_was_lost_is_entered_again(
        self, bench: IncidentBench
    ) -> None:
        record_id = bench.person_creates("Discussed")
        bench.person_comments(record_id, "First")
        bench.person_comments(record_id, "Second")
        bench.behave(comments_replace=True)
        with pytest.raises(Rejected, match="dropped the 2 other comments"):
            bench.port.add_comment(record_id, COMMENT)
        record = read(bench, record_id)
        assert record.comments is not None
        assert sorted((comment.author, comment.body) for comment in record.comments) == [
            ("Jane Doe", "It happens twice."),
            ("Joe Bloggs", "First"),
            ("Joe Bloggs", "Second"),
        ]

    def test_once_found_out_comments_are_added_and_edited_without_loss(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Discussed")
        bench.person_comments(record_id, "First")
        bench.behave(comments_replace=True)
        with pytest.raises(Rejected):
            bench.port.add_comment(record_id, COMMENT)
        made = bench.port.add_comment(record_id, replace(COMMENT, body="Third", mark=Mark("demo", "10235")))
        assert made.body == "Third"
        bench.port.edit_comment(record_id, made.id, replace(COMMENT, body="3rd", mark=Mark("demo", "10235")))
        assert sorted(bodies(bench, record_id)) == ["3rd", "First", "It happens twice."]

    def test_the_first_comment_of_all_is_added_on_either_kind_of_server(self, bench: IncidentBench) -> None:
        bench.behave(comments_replace=True)
        record_id = bench.person_creates("Discussed")
        assert bench.port.add_comment(record_id, COMMENT).body == COMMENT.body

    def test_a_comment_that_can_not_be_read_back_is_in_doubt_not_undone(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Discussed")
        path = f"/incident/{record_id}/comments"
        bench.fault(Fault(effect="status", status=500, method="GET", path=path, skip=1, times=None))
        with pytest.raises(InDoubt, match="can't be read back"):
            bench.port.add_comment(record_id, COMMENT)
        assert len(model(bench).incident(record_id).comments) == 1
