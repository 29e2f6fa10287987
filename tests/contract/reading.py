"""Promises about listing, reading and the catalogue."""

from datetime import timedelta

import pytest

from syncer.core.records import Cause, Present, Unknown
from syncer.errors import Denied, Rejected, Unavailable
from syncer.ports import Needs
from tests.contract.bench import KINDS, Bench, comments, listed, options, read


class ReadingContract:
    """Listing and reading."""

    def test_what_a_person_created_is_listed_and_read(self, bench: Bench) -> None:
        record_id = bench.person_creates("Report pagination")
        line = listed(bench, None)[record_id]
        record = read(bench, record_id)
        assert (record.side, record.id) == (bench.port.side, record_id)
        assert record.values[bench.fields.title] == "Report pagination"
        assert record.key
        assert record.key == line.key
        assert record.url.startswith("http")
        assert record.updated_at == line.updated_at
        assert record.mark is None
        assert comments(record) == ()

    def test_only_mapped_fields_are_observed_and_in_their_shapes(self, bench: Bench) -> None:
        names = bench.fields
        record = read(bench, bench.person_creates("Shapes"))
        assert {names.title, names.text, names.choice, names.choices} <= set(record.values)
        assert record.values[names.text] is None, "an empty text is None"
        assert record.values[names.choices] == frozenset(), "nothing chosen is an empty set"
        choice = record.values[names.choice]
        assert choice is None or choice in options(bench, names.choice_kind)

    def test_its_clock_is_the_one_by_which_records_are_updated(self, bench: Bench) -> None:
        updated_at = read(bench, bench.person_creates("Just now")).updated_at
        told = bench.port.clock()
        assert updated_at is not None
        assert told is not None
        assert abs(told - updated_at) < timedelta(minutes=1)

    def test_a_listing_since_a_time_includes_that_very_time(self, bench: Bench) -> None:
        first = bench.person_creates("First")
        second = bench.person_creates("Second")
        since = read(bench, first).updated_at
        assert since is not None
        assert {first, second} <= set(listed(bench, since))

    def test_a_listing_is_complete_however_small_the_pages(self, bench: Bench) -> None:
        bench.cap_pages(2)
        made = [bench.person_creates(f"Record {number}") for number in range(5)]
        since = read(bench, made[0]).updated_at
        assert set(made) <= set(listed(bench, None))
        assert set(made) <= set(listed(bench, since))

    def test_a_listing_that_fails_raises_and_is_never_short(self, bench: Bench) -> None:
        bench.person_creates("Not seen")
        bench.garble_listings()
        with pytest.raises(Unavailable):
            listed(bench, None)

    def test_each_id_is_read_once_and_in_the_order_asked_for(self, bench: Bench) -> None:
        made = [bench.person_creates(f"Record {number}") for number in range(4)]
        asked = [made[2], made[0], made[2], made[3], made[1]]
        assert [record_id for record_id, _ in bench.port.read(asked)] == [made[2], made[0], made[3], made[1]]

    def test_reading_nothing_gives_nothing(self, bench: Bench) -> None:
        assert list(bench.port.read([])) == []

    def test_a_read_shows_what_a_lagging_index_does_not(self, bench: Bench) -> None:
        record_id = bench.person_creates("Old title")
        bench.lag(3600)
        bench.person_edits(record_id, {bench.fields.title: "New title"})
        assert read(bench, record_id).values[bench.fields.title] == "New title"

    def test_a_stamp_never_stays_the_same_over_an_edit(self, bench: Bench) -> None:
        record_id = bench.person_creates("Before")
        before = read(bench, record_id)
        bench.person_edits(record_id, {bench.fields.title: "After"})
        after = read(bench, record_id)
        assert before.stamp is None or before.stamp != after.stamp
        assert after.stamp in (None, listed(bench, None)[record_id].stamp)

    def test_a_missing_a_deleted_and_a_hidden_record_are_unknown(self, bench: Bench) -> None:
        deleted = bench.person_creates("Deleted")
        hidden = bench.person_creates("Hidden")
        present = bench.person_creates("Present")
        bench.remove(deleted)
        bench.hide(hidden)
        seen = dict(bench.port.read([bench.absent_id, deleted, hidden, present]))
        for record_id in (bench.absent_id, deleted, hidden):
            observation = seen[record_id]
            assert isinstance(observation, Unknown), observation
            assert len(observation.reason.split()) >= 3, "the reason is a sentence for a person"
        assert isinstance(seen[present], Present)

    def test_only_a_404_by_id_is_called_missing(self, bench: Bench) -> None:
        deleted, garbled = bench.person_creates("Deleted"), bench.person_creates("Garbled")
        bench.remove(deleted)
        bench.garble(garbled)
        seen = dict(bench.port.read([bench.absent_id, deleted, garbled]))
        causes = {key: observation.cause for key, observation in seen.items() if isinstance(observation, Unknown)}
        assert causes == {bench.absent_id: Cause.MISSING, deleted: Cause.MISSING, garbled: Cause.UNREADABLE}

    def test_one_unreadable_record_does_not_keep_the_others_from_being_read(self, bench: Bench) -> None:
        made = [bench.person_creates(f"Record {number}") for number in range(3)]
        bench.garble(made[1])
        seen = dict(bench.port.read(made))
        assert isinstance(seen[made[1]], Unknown)
        assert isinstance(seen[made[0]], Present)
        assert isinstance(seen[made[2]], Present)

    def test_all_comments_are_read_however_small_the_pages(self, bench: Bench) -> None:
        record_id = bench.person_creates("Much discussed")
        bench.cap_pages(2)
        made = [bench.person_comments(record_id, f"Remark {number}") for number in range(5)]
        seen = comments(read(bench, record_id))
        assert [comment.id for comment in seen] == made
        assert [comment.body for comment in seen] == [f"Remark {number}" for number in range(5)]
        assert {(comment.author, comment.mark) for comment in seen} == {(bench.person, None)}


class CatalogueContract:
    """The catalogue and the check."""

    def test_the_catalogue_has_every_kind_with_ids_and_names(self, bench: Bench) -> None:
        catalogue = bench.port.catalogue()
        assert catalogue.side is bench.port.side
        assert set(catalogue.options) >= KINDS
        for kind in KINDS:
            assert catalogue.of(kind), kind
            assert all(option.id and option.name for option in catalogue.of(kind))
            assert len({option.id for option in catalogue.of(kind)}) == len(catalogue.of(kind))

    def test_users_can_be_found_by_more_than_their_display_name(self, bench: Bench) -> None:
        users = {option.name: option for option in bench.port.catalogue().of("user")}
        assert users[bench.person].aliases

    def test_the_catalogue_is_read_now_so_a_rename_keeps_the_id(self, bench: Bench) -> None:
        version = bench.port.catalogue().of("version")[0]
        bench.rename_option("version", version.id, "1.0 LTS")
        assert bench.port.catalogue().name("version", version.id) == "1.0 LTS"

    def test_an_option_is_created_once_or_refused_with_advice(self, bench: Bench) -> None:
        if not bench.creates_options:
            with pytest.raises(Rejected):
                bench.port.create_option("version", "9.9")
            return
        option = bench.port.create_option("version", "9.9")
        assert bench.port.create_option("version", "9.9") == option
        assert [each.id for each in bench.port.catalogue().of("version")].count(option.id) == 1

    def test_the_check_of_a_sound_setting_finds_nothing_to_do(self, bench: Bench) -> None:
        findings = list(bench.port.check(Needs(writes=True, filled=frozenset({"Summary", "summary"}))))
        assert findings
        assert [finding.sentence for finding in findings if not finding.ok] == []

    def test_a_wrong_password_is_denied_and_the_check_says_so_without_raising(self, bench: Bench) -> None:
        port = bench.intruder()
        try:
            with pytest.raises(Denied):
                port.catalogue()
            with pytest.raises(Denied):
                list(port.listed(None))
            assert any(not finding.ok for finding in port.check(Needs(writes=False)))
        finally:
            port.close()
