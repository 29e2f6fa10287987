"""What is seen of incidents, and what is only unknown."""

from datetime import timedelta

import pytest

from syncer.core.records import Cause, Present, Unknown
from syncer.errors import Denied, Missing, Unavailable
from syncer.sandbox.faults import Fault
from tests.contract.bench import draft, listed, mark, read, twin
from tests.contract.incident_bench import IncidentBench
from tests.syncer.incidents.stage import forget, model, old_and_new, requests


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

    def test_a_record_that_may_not_be_seen_is_denied_rather_than_missing(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Hidden")
        bench.hide(record_id)
        [(_, observation)] = bench.port.read([record_id])
        assert isinstance(observation, Unknown)
        assert observation.cause is Cause.DENIED

    def test_comments_that_are_missing_say_nothing_of_their_record(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Discussed")
        bench.person_comments(record_id, "First")
        bench.fault(Fault(effect="status", status=404, path=f"/incident/{record_id}/comments", times=None))
        [(_, observation)] = bench.port.read([record_id])
        assert isinstance(observation, Unknown)
        assert observation.cause is Cause.UNREADABLE

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

    def test_a_clone_is_not_found_in_the_place_of_what_we_created(self, bench: IncidentBench) -> None:
        clock, since = model(bench).clock, bench.now() - timedelta(minutes=2)
        model(bench).clock = lambda: since + timedelta(minutes=1)
        made = bench.port.create(draft(bench, "Made"))
        model(bench).clock = clock
        bench.port.create(draft(bench, "A copy with all that it holds"))
        bench.cap_pages(1)
        found = bench.port.find(mark(), since)
        assert found is not None
        assert found.id == made.id

    def test_a_mark_that_only_the_index_still_shows_is_not_found(self, bench: IncidentBench) -> None:
        clock, since = model(bench).clock, bench.now() - timedelta(minutes=2)
        model(bench).clock = lambda: since + timedelta(minutes=1)
        made = bench.port.create(draft(bench, "Made"))
        model(bench).clock = clock
        bench.lag(30)
        assert bench.port.find(mark(1), since) is not None
        bench.port.write_mark(made, twin(2))
        assert bench.port.find(mark(1), since) is None

    def test_a_search_that_fails_is_not_taken_for_nothing_found(self, bench: IncidentBench) -> None:
        bench.garble_listings()
        with pytest.raises(Unavailable):
            bench.port.find(mark(), bench.now())
