"""What a write does to an incident, with both positions of the sandbox's switches."""

import pytest

from syncer.core.records import Draft
from syncer.errors import InDoubt, Rejected
from syncer.sandbox.faults import Fault
from tests.contract.bench import draft, mark, read, twin
from tests.contract.incident_bench import IncidentBench
from tests.syncer.incidents.scripted import Asked, Reply, scripted
from tests.syncer.incidents.stage import bare_project, forget, model, old_and_new, requests


class TestWriting:
    """Creating, updating, marks."""

    @old_and_new
    @pytest.mark.parametrize("null_clears", [True, False])
    def test_a_value_that_can_not_be_cleared_is_rejected_before_anything_else_changes(
        self, bench: IncidentBench, null_clears: bool
    ) -> None:
        bench.behave(null_clears=null_clears)
        person = bench.port.catalogue().of("user")[0].id
        made = bench.port.create(Draft({"Summary": "Old", "AssignedTo": person}, twin()))
        if null_clears:
            after = bench.port.update(made.id, {"Summary": "New", "AssignedTo": None})
            assert (after.values["Summary"], after.values["AssignedTo"]) == ("New", None)
            return
        with pytest.raises(Rejected, match="did not clear AssignedTo of incident #0"):
            bench.port.update(made.id, {"Summary": "New", "AssignedTo": None})
        assert read(bench, made.id).values == made.values

    @pytest.mark.parametrize("status", [200, 201])
    def test_either_success_code_of_a_create_is_one(self, bench: IncidentBench, status: int) -> None:
        bench.behave(post_status=status)
        assert bench.port.create(draft(bench, "Made")).mark == mark()

    @pytest.mark.parametrize(("version", "links"), [("4.6.0.0", None), ("4.10.2", []), ("6.4.1.0", [])])
    def test_a_new_incident_is_kept_out_of_enterprise_testers_own_link_where_it_has_links(
        self, version: str, links: list[str] | None
    ) -> None:
        def answer(asked: Asked) -> Reply:
            made = {"Id": "i1", "Comments": [], **(asked.body or {})}
            return Reply(201, made) if asked.method == "POST" else Reply(body={"Version": version})

        with scripted(answer) as server:
            port = bare_project(server.url)
            port.create(Draft({"Summary": "Made"}, twin()))
            port.close()
            [sent] = [asked.body for asked in server.asked if asked.method == "POST"]
        assert sent.get("ExternalSystemLinkIds") == links

    def test_the_mark_shows_people_the_key_of_the_issue(self, bench: IncidentBench) -> None:
        made = bench.port.create(draft(bench, "Made"))
        shown = model(bench).incident(made.id).field_values["Jira key"]
        assert shown == f"DEMO-7 [syncer:demo:{mark().twin_id}]"

    def test_a_mark_that_stands_is_not_written_again(self, bench: IncidentBench) -> None:
        made = bench.port.create(draft(bench, "Made"))
        forget(bench)
        bench.port.write_mark(made, twin())
        assert not requests(bench)

    def test_without_a_field_for_marks_nothing_is_marked_and_nothing_can_be_found(self, bench: IncidentBench) -> None:
        port = bench.bound(mark_field=None)
        made = port.create(draft(bench, "Unmarked"))
        port.write_mark(made, twin())
        assert made.mark is None
        assert "Jira key" not in model(bench).incident(made.id).field_values
        with pytest.raises(Rejected, match="mark_field"):
            port.find(mark(), bench.now())
        port.close()

    def test_an_update_without_changes_only_reads(self, bench: IncidentBench) -> None:
        record = read(bench, bench.person_creates("Same"))
        forget(bench)
        assert bench.port.update(record.id, {}).values == record.values
        assert {method for method, _ in requests(bench)} == {"GET"}

    def test_after_an_update_comments_are_not_observed_rather_than_partly(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Discussed")
        bench.person_comments(record_id, "First")
        assert bench.port.update(record_id, {"Summary": "New"}).comments is None

    def test_a_success_without_the_incident_in_it_is_in_doubt(self, bench: IncidentBench) -> None:
        bench.fault(Fault(effect="status", status=201, method="POST", body="{}"))
        with pytest.raises(InDoubt):
            bench.port.create(draft(bench, "Perhaps"))

    def test_a_refusal_carries_the_servers_own_words(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Titled")
        with pytest.raises(Rejected, match="Summary must not be empty"):
            bench.port.update(record_id, {"Summary": None})
