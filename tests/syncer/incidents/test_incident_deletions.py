"""Taking marks and comments off incidents: nothing is removed that isn't ours."""

from dataclasses import replace

import pytest

from syncer.core.records import CommentDraft, Mark, Present, Record
from syncer.errors import Denied, Rejected
from syncer.incidents import IncidentProject
from syncer.incidents.headings import with_heading
from tests.contract.bench import draft, mark, read, twin
from tests.contract.incident_bench import MARK_FIELD, IncidentBench
from tests.syncer.incidents.scripted import Asked, Reply, scripted
from tests.syncer.incidents.stage import bare_project, bodies, forget, model, old_and_new, requests

COMMENT = CommentDraft("Jane Doe", "It happens twice.", Mark("demo", "10234"))
NOTICE = replace(COMMENT, body="This comment was deleted in Jira.")

INCIDENT = "b849f98e-62b2-460c-97ef-49e6c478a3f9"


def only(port: IncidentProject, record_id: str) -> Record:
    [(_, seen)] = port.read([record_id])
    assert isinstance(seen, Present), seen
    return seen.record


@old_and_new
class TestMarks:
    """What people see of a mark, and removing it."""

    def test_a_mark_that_a_person_removed_is_not_shown(self, bench: IncidentBench) -> None:
        made = bench.port.create(draft(bench, "Made"))
        assert made.shows_mark is True
        model(bench).edit(made.id, FieldValues={MARK_FIELD: None})
        assert read(bench, made.id).shows_mark is False

    def test_a_mark_of_ours_that_names_another_twin_is_shown_all_the_same(self, bench: IncidentBench) -> None:
        made = bench.port.create(draft(bench, "Made"))
        bench.port.write_mark(made, twin(2))
        assert read(bench, made.id).shows_mark is True

    @pytest.mark.parametrize("text", ["see DEMO-7", "DEMO-7 [syncer:elsewhere:10012]"])
    def test_a_text_that_is_no_mark_of_ours_is_no_evidence_and_stays(self, bench: IncidentBench, text: str) -> None:
        made = bench.port.create(draft(bench, "Made"))
        model(bench).edit(made.id, FieldValues={MARK_FIELD: text})
        assert read(bench, made.id).shows_mark is None
        forget(bench)
        bench.port.remove_mark(made.id, mark())
        assert [method for method, _ in requests(bench)] == ["GET"]
        assert model(bench).incident(made.id).field_values[MARK_FIELD] == text

    def test_a_field_that_was_renamed_does_not_look_as_if_people_had_removed_marks(self, bench: IncidentBench) -> None:
        made = bench.port.create(draft(bench, "Made"))
        port = bench.bound(mark_field="No such field")
        assert only(port, made.id).shows_mark is None
        port.close()

    def test_without_a_field_for_marks_none_is_observed_and_none_removed(self, bench: IncidentBench) -> None:
        port = bench.bound(mark_field=None)
        made = port.create(draft(bench, "Unmarked"))
        forget(bench)
        port.remove_mark(made.id, mark())
        port.close()
        assert made.shows_mark is None
        assert requests(bench) == []

    def test_only_the_mark_is_removed(self, bench: IncidentBench) -> None:
        made = bench.port.create(draft(bench, "Made"))
        model(bench).edit(made.id, FieldValues={"Cycle": "Cycle 1"})
        bench.port.remove_mark(made.id, mark())
        assert model(bench).incident(made.id).field_values == {"Cycle": "Cycle 1"}

    def test_who_may_not_write_is_told_so(self, bench: IncidentBench) -> None:
        made = bench.port.create(draft(bench, "Made"))
        bench.behave(read_only=True)
        with pytest.raises(Denied):
            bench.port.remove_mark(made.id, mark())
        assert read(bench, made.id).shows_mark is True


class TestStubbornFields:
    """Servers that take one way of clearing a custom field for "unchanged", or both."""

    def test_null_is_sent_where_an_empty_text_left_the_mark(self) -> None:
        sent = clearing(works_with=None)
        assert sent == ["", None]

    def test_null_is_not_sent_where_an_empty_text_was_enough(self) -> None:
        assert clearing(works_with="") == [""]

    def test_a_mark_that_stays_whatever_is_sent_is_for_a_person(self) -> None:
        with pytest.raises(Rejected, match="did not clear 'Jira key' of incident #12.*by hand"):
            clearing(works_with="nothing")

    def test_field_values_that_were_not_sent_say_nothing_of_the_mark(self) -> None:
        with scripted(lambda _: Reply(body={"Id": INCIDENT, "Comments": []})) as server:
            port = bare_project(server.url, MARK_FIELD)
            assert only(port, INCIDENT).shows_mark is None
            port.close()


def clearing(works_with: str | None) -> list[str | None]:
    """What is sent to remove a mark from a server where one value clears and any other is passed over."""
    held = {MARK_FIELD: f"DEMO-7 [syncer:demo:{mark().twin_id}]"}
    sent: list[str | None] = []

    def script(asked: Asked) -> Reply:
        if asked.method == "PUT":
            sent.append(asked.body["FieldValues"][MARK_FIELD])
            if sent[-1] == works_with:
                held[MARK_FIELD] = ""
        return Reply(body={"Id": INCIDENT, "IncidentNumber": 12, "Comments": [], "FieldValues": held})

    with scripted(script) as server:
        port = bare_project(server.url, MARK_FIELD)
        try:
            port.remove_mark(INCIDENT, mark())
        finally:
            port.close()
    return sent


@old_and_new
class TestComments:
    """Comments that were deleted on the other side."""

    def test_a_notice_stands_in_for_the_comment_below_its_heading(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Discussed")
        bench.person_comments(record_id, "First")
        made = bench.port.add_comment(record_id, COMMENT)
        bench.port.delete_comment(record_id, made.id, NOTICE)
        assert bodies(bench, record_id) == ["First", "This comment was deleted in Jira."]
        stored = {comment.id: comment.body for comment in model(bench).incident(record_id).comments}
        assert stored[made.id] == with_heading("Jane Doe", COMMENT.mark, NOTICE.body)

    def test_a_server_that_refuses_the_edit_rejects_and_the_comment_stays(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Discussed")
        made = bench.port.add_comment(record_id, COMMENT)
        bench.behave(comment_edit_accepted=False)
        with pytest.raises(Rejected):
            bench.port.delete_comment(record_id, made.id, NOTICE)
        assert bodies(bench, record_id) == [COMMENT.body]

    def test_a_comment_that_a_person_deleted_is_not_written_again(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Discussed")
        made = bench.port.add_comment(record_id, COMMENT)
        model(bench).delete_comment(record_id, made.id)
        bench.port.delete_comment(record_id, made.id, NOTICE)
        assert bodies(bench, record_id) == []
