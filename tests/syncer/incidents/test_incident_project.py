"""What the incident side promises beyond the contract suite, with both positions of the sandbox's switches."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from syncer.core.records import CommentDraft, Draft, Mark, Present, Record, Unknown
from syncer.errors import Denied, InDoubt, Missing, Rejected, Unavailable
from syncer.incidents import IncidentProject
from syncer.sandbox import tester
from syncer.sandbox.faults import Fault
from tests.contract.bench import draft, listed, mark, read, twin
from tests.contract.incident_bench import IncidentBench, Profile, TesterServer, bench_before

COMMENT = CommentDraft("Jane Doe", "It happens twice.", Mark("demo", "10234"))


@pytest.fixture(scope="module")
def server() -> Iterator[TesterServer]:
    running = TesterServer()
    yield running
    running.stop()


@pytest.fixture(params=["6.x"])
def bench(request: pytest.FixtureRequest, server: TesterServer) -> Iterator[IncidentBench]:
    profile: Profile = request.param
    with bench_before(server, profile) as live:
        yield live


old_and_new = pytest.mark.parametrize("bench", ["4.6", "6.x"], indirect=True)


def model(bench: IncidentBench) -> tester.TesterModel:
    assert bench.server is not None
    return bench.server.model


def bound(bench: IncidentBench, **wanted: Any) -> IncidentProject:
    return bench.bound(**wanted)


def requests(bench: IncidentBench) -> list[tuple[str, str]]:
    """What the server was asked since `forget`, without the application path."""
    assert bench.server is not None
    return [(seen.method, seen.path.split("/api/")[1]) for seen in bench.server.switchboard.requests]


def forget(bench: IncidentBench) -> None:
    assert bench.server is not None
    bench.server.switchboard.reset_traffic()


class TestProject:
    """Which project is meant."""

    def test_it_may_be_named_in_any_case_or_given_by_its_guid(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Report")
        for project in ("test project", model(bench).catalogue.project_id.upper()):
            port = bound(bench, project=project)
            assert [line.id for page in port.listed(None) for line in page] == [record_id]
            port.close()

    def test_a_misspelt_name_is_missing_with_the_name_that_was_meant(self, bench: IncidentBench) -> None:
        port = bound(bench, project="Tset Project")
        with pytest.raises(Missing, match="did you mean 'Test Project'"):
            port.catalogue()
        with pytest.raises(Missing):
            list(port.read(["1"]))
        port.close()

    def test_a_name_like_no_other_is_missing_with_the_names_there_are(self, bench: IncidentBench) -> None:
        port = bound(bench, project="Zebra")
        with pytest.raises(Missing, match="it sees 'Test Project'"):
            port.catalogue()
        port.close()

    def test_the_condition_narrows_listings_and_is_kept_apart_from_the_project(self, bench: IncidentBench) -> None:
        bench.person_creates("Red")
        wanted = {bench.person_creates("Green"), bench.person_creates("Blue")}
        port = bound(bench, only='Name = "Green" OR Name = "Blue"')
        assert {line.id for page in port.listed(None) for line in page} == wanted
        port.close()

    def test_an_incident_that_was_moved_to_another_project_is_unknown(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Moved")
        bench.port.catalogue()
        other = bound(bench, project="11111111-1111-4111-8111-111111111111")
        [(_, observation)] = other.read([record_id])
        assert isinstance(observation, Unknown)
        assert "moved to project 'Test Project'" in observation.reason
        other.close()


class TestReading:
    """Listing and reading."""

    def test_a_poll_reads_only_as_many_pages_as_were_updated_since(self, bench: IncidentBench) -> None:
        moments = iter(range(100))
        start = model(bench).now() - timedelta(hours=1)
        clock = model(bench).clock
        model(bench).clock = lambda: start + timedelta(minutes=next(moments))
        for number in range(12):
            model(bench).create_incident(Summary=f"Record {number}")
        model(bench).clock = clock
        bench.cap_pages(3)
        lines = listed(bench, None)
        newest = max(line.updated_at for line in lines.values())
        forget(bench)
        assert len(listed(bench, newest)) < len(lines)
        assert len(requests(bench)) == 1

    @old_and_new
    def test_a_stamp_that_another_edit_could_share_is_not_given_by_servers_without_a_count(
        self, bench: IncidentBench
    ) -> None:
        record_id = bench.person_creates("Fresh")
        assert (read(bench, record_id).stamp is None) == (model(bench).profile == "4.6")

    @old_and_new
    def test_a_custom_field_without_a_value_is_observed_as_empty(self, bench: IncidentBench) -> None:
        record = read(bench, bench.person_creates("No cycle"))
        assert record.values["FieldValues.Cycle"] is None
        after = bench.port.update(record.id, {"FieldValues.Cycle": "Cycle 1"})
        assert after.values["FieldValues.Cycle"] == "Cycle 1"
        assert bench.port.update(record.id, {"FieldValues.Cycle": None}).values["FieldValues.Cycle"] is None

    def test_an_incident_without_comments_costs_one_request(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Quiet")
        read(bench, record_id)
        forget(bench)
        read(bench, record_id)
        assert requests(bench) == [("GET", f"incident/{record_id}")]

    def test_wrong_credentials_stop_the_whole_side_rather_than_making_each_record_unknown(
        self, bench: IncidentBench
    ) -> None:
        made = [bench.person_creates(f"Record {number}") for number in range(3)]
        read(bench, made[0])
        bench.behave(credentials_expired=True)
        with pytest.raises(Denied):
            list(bench.port.read(made))

    def test_error_pages_in_place_of_messages_change_nothing(self, bench: IncidentBench) -> None:
        bench.behave(error_pages=True)
        [(_, observation)] = bench.port.read([bench.absent_id])
        assert isinstance(observation, Unknown)
        assert "404" in observation.reason
        with pytest.raises(Missing):
            bench.port.update(bench.absent_id, {"Summary": "Nobody"})

    def test_a_record_that_never_answers_is_unknown_while_the_server_answers_others(self, bench: IncidentBench) -> None:
        poison, good = bench.person_creates("Poison"), bench.person_creates("Good")
        bench.fault(Fault(effect="drop_before", path=f"/incident/{poison}", times=None))
        seen = dict(bench.port.read([poison, good]))
        assert isinstance(seen[poison], Unknown)
        assert isinstance(seen[good], Present)

    def test_more_records_than_readers_come_in_order(self, bench: IncidentBench) -> None:
        made = [model(bench).create_incident(Summary=f"Record {number}").id for number in range(70)]
        assert [record_id for record_id, seen in bench.port.read(made) if isinstance(seen, Present)] == made


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

    @old_and_new
    def test_a_new_incident_is_kept_out_of_enterprise_testers_own_link(self, bench: IncidentBench) -> None:
        links = model(bench).catalogue.external_links
        made = bench.port.create(draft(bench, "Made"))
        assert links
        assert model(bench).incident(made.id).external_links == ()

    def test_the_mark_shows_people_the_key_of_the_issue(self, bench: IncidentBench) -> None:
        made = bench.port.create(draft(bench, "Made"))
        shown = model(bench).incident(made.id).field_values["Jira key"]
        assert shown == f"DEMO-7 [syncer:demo:{mark().twin_id}]"

    def test_a_mark_that_stands_is_not_written_again(self, bench: IncidentBench) -> None:
        made = bench.port.create(draft(bench, "Made"))
        forget(bench)
        bench.port.write_mark(made.id, twin())
        assert [method for method, _ in requests(bench)] == ["GET"]

    def test_without_a_field_for_marks_nothing_is_marked_and_nothing_can_be_found(self, bench: IncidentBench) -> None:
        port = bound(bench, mark_field=None)
        made = port.create(draft(bench, "Unmarked"))
        port.write_mark(made.id, twin())
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


class TestFinding:
    """Looking for a mark."""

    def test_looking_stops_at_what_was_created_long_before(self, bench: IncidentBench) -> None:
        start = model(bench).now()
        clock = model(bench).clock
        model(bench).clock = lambda: start - timedelta(days=1)
        for number in range(9):
            model(bench).create_incident(Summary=f"Old {number}")
        model(bench).clock = clock
        bench.cap_pages(3)
        bench.port.catalogue()
        forget(bench)
        assert bench.port.find(mark(), start) is None
        assert [path for _, path in requests(bench)] == ["incidents"]

    def test_a_clock_that_is_some_minutes_off_hides_nothing(self, bench: IncidentBench) -> None:
        made = bench.port.create(draft(bench, "Made"))
        found = bench.port.find(mark(), bench.now() + timedelta(minutes=5))
        assert found is not None
        assert found.id == made.id

    def test_a_mark_that_only_the_index_still_shows_is_not_found(self, bench: IncidentBench) -> None:
        since = bench.now()
        made = bench.port.create(draft(bench, "Made"))
        bench.port.write_mark(made.id, twin(2))
        [(_, before)] = bench.port.read([made.id])
        assert isinstance(before, Present)
        assert bench.port.find(mark(1), since) is None
        assert bench.port.find(mark(2), since) is not None

    def test_a_search_that_fails_is_not_taken_for_nothing_found(self, bench: IncidentBench) -> None:
        bench.garble_listings()
        with pytest.raises(Unavailable):
            bench.port.find(mark(), bench.now())


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


class TestCheck:
    """`syncer check`."""

    def test_it_names_server_project_incidents_and_mark_field(self, bench: IncidentBench) -> None:
        bench.person_creates("One")
        said = sentences(bench.port)
        assert any("Enterprise Tester 6.4.1.0 answers" in sentence for sentence in said)
        assert any("Project 'Test Project' is visible to 'syncer'" in sentence for sentence in said)
        assert any("1 incidents are in scope" in sentence for sentence in said)
        assert any("custom field 'Jira key'" in sentence for sentence in said)

    @pytest.mark.parametrize(
        ("wanted", "said"),
        [
            ({"project": "Tset Project"}, "did you mean 'Test Project'"),
            ({"only": "Colour = red"}, "check the mapping's condition: Colour = red"),
            ({"mark_field": "Jira kye"}, "did you mean 'Jira key'"),
            ({"mark_field": "Zebra"}, "create a text field of that name"),
            ({"password": "guessed"}, "check the user name and the password"),
        ],
    )
    def test_what_a_person_has_to_do_is_said(self, bench: IncidentBench, wanted: dict[str, str], said: str) -> None:
        port = bound(bench, **wanted)
        assert any(said in sentence for sentence in sentences(port, ok=False))
        port.close()

    def test_a_wrong_address_is_told_from_a_wrong_project(self, bench: IncidentBench) -> None:
        bench.url = bench.url.removesuffix("/EnterpriseTester")
        port = bound(bench)
        assert any("application path" in sentence for sentence in sentences(port, ok=False))
        port.close()

    def test_enterprise_testers_own_link_must_be_off_where_we_write(self, bench: IncidentBench) -> None:
        catalogue = model(bench).catalogue
        for link_id, link in catalogue.external_links.items():
            catalogue.external_links[link_id] = replace(link, enabled=True)
        assert any("switch it off" in sentence for sentence in sentences(bench.port, ok=False))
        assert [finding for finding in bench.port.check(False) if not finding.ok] == []


class TestCatalogue:
    """Options."""

    def test_an_option_that_was_switched_off_is_there_but_not_active(self, bench: IncidentBench) -> None:
        picks = model(bench).catalogue.picks
        version = model(bench).catalogue.pick_named("Version", "1.0")
        picks[version.id] = replace(version, enabled=False)
        options = {option.name: option.active for option in bench.port.catalogue().of("version")}
        assert options["1.0"] is False
        assert options["1.1"] is True

    def test_people_are_found_by_login_and_mail_and_those_who_left_can_still_be_named(
        self, bench: IncidentBench
    ) -> None:
        users = {option.name: option for option in bench.port.catalogue().of("user")}
        assert users["Joe Bloggs"].aliases == ("joeb", "joe.bloggs@example.com")
        assert users["Joe Bloggs"].active
        assert not users["Lena Former"].active

    def test_a_missing_option_is_refused_with_what_to_do(self, bench: IncidentBench) -> None:
        with pytest.raises(Rejected, match="add '9.9' to project 'Test Project'"):
            bench.port.create_option("version", "9.9")


class TestEditedByOthers:
    """There is no history, so the answer is all or nothing."""

    def test_an_edit_of_somebody_else_may_have_touched_every_field(self, bench: IncidentBench) -> None:
        record = read(bench, bench.person_creates("Theirs"))
        assert record.updated_at is not None
        assert bench.port.edited_by_others(record.id, record.updated_at) == bench.port.fields
        assert bench.port.edited_by_others(record.id, record.updated_at + timedelta(seconds=1)) == frozenset()

    def test_times_of_whole_seconds_do_not_hide_an_edit_in_the_same_second(self, bench: IncidentBench) -> None:
        record = read(bench, bench.person_creates("Theirs"))
        assert record.updated_at is not None
        within = record.updated_at + timedelta(milliseconds=900)
        assert bench.port.edited_by_others(record.id, within) == bench.port.fields


def sentences(port: IncidentProject, *, ok: bool = True) -> list[str]:
    """The findings of a check that mean to write, the good or the bad ones."""
    return [finding.sentence for finding in port.check(True) if finding.ok is ok]


def bodies(bench: IncidentBench, record_id: str) -> list[str]:
    record: Record = read(bench, record_id)
    assert record.comments is not None
    return [comment.body for comment in record.comments]
