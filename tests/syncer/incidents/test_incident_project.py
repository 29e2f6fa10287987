"""Which project is meant, what it offers, and what `syncer check` says of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncer.core.records import Cause, Unknown
from syncer.errors import Missing, Rejected
from syncer.ports import Needs
from tests.contract.bench import draft, read
from tests.contract.incident_bench import IncidentBench
from tests.syncer.incidents.stage import forget, model, requests, sentences


class TestProject:
    """Which project is meant."""

    def test_it_may_be_named_in_any_case_or_given_by_its_guid(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Report")
        for project in ("test project", model(bench).catalogue.project_id.upper()):
            port = bench.bound(project=project)
            assert [line.id for page in port.listed(None) for line in page] == [record_id]
            port.close()

    def test_a_misspelt_name_is_missing_with_the_name_that_was_meant(self, bench: IncidentBench) -> None:
        port = bench.bound(project="Tset Project")
        with pytest.raises(Missing, match="did you mean 'Test Project'"):
            port.catalogue()
        with pytest.raises(Missing):
            list(port.read(["1"]))
        port.close()

    def test_a_name_like_no_other_is_missing_with_the_names_there_are(self, bench: IncidentBench) -> None:
        port = bench.bound(project="Zebra")
        with pytest.raises(Missing, match="it sees 'Test Project'"):
            port.catalogue()
        port.close()

    def test_its_clock_is_asked_for_once_and_costs_nothing_from_then_on(self, bench: IncidentBench) -> None:
        port = bench.bound(project=model(bench).catalogue.project_id)
        forget(bench)
        began = port.clock()
        assert len(requests(bench)) == 1
        list(port.listed(None))
        later = port.clock()
        assert len(requests(bench)) == 2
        assert began is not None
        assert later is not None
        assert later - began < timedelta(minutes=1)
        port.close()

    def test_the_condition_narrows_listings_and_is_kept_apart_from_the_project(self, bench: IncidentBench) -> None:
        bench.person_creates("Red")
        wanted = {bench.person_creates("Green"), bench.person_creates("Blue")}
        port = bench.bound(only='Name = "Green" OR Name = "Blue"')
        assert {line.id for page in port.listed(None) for line in page} == wanted
        port.close()

    def test_an_incident_that_was_moved_to_another_project_is_unknown(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Moved")
        bench.port.catalogue()
        other = bench.bound(project="11111111-1111-4111-8111-111111111111")
        [(_, observation)] = other.read([record_id])
        assert isinstance(observation, Unknown)
        assert observation.cause is Cause.MOVED
        assert "moved to project 'Test Project'" in observation.reason
        other.close()


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
        port = bench.bound(**wanted)
        assert any(said in sentence for sentence in sentences(port, ok=False))
        port.close()

    def test_a_wrong_address_is_told_from_a_wrong_project(self, bench: IncidentBench) -> None:
        bench.url = bench.url.removesuffix("/EnterpriseTester")
        port = bench.bound()
        assert any("application path" in sentence for sentence in sentences(port, ok=False))
        port.close()

    def test_enterprise_testers_own_link_must_be_off_where_we_write(self, bench: IncidentBench) -> None:
        catalogue = model(bench).catalogue
        for link_id, link in catalogue.external_links.items():
            catalogue.external_links[link_id] = replace(link, enabled=True)
        assert any("switch it off" in sentence for sentence in sentences(bench.port, ok=False))
        assert [finding for finding in bench.port.check(Needs(writes=False)) if not finding.ok] == []


class TestEditedByOthers:
    """There is no history, so the answer is all or nothing."""

    def test_an_edit_of_somebody_else_may_have_touched_every_field(self, bench: IncidentBench) -> None:
        record = read(bench, bench.person_creates("Theirs"))
        assert record.updated_at is not None
        saved, until = record.updated_at, record.updated_at + timedelta(hours=1)
        assert bench.port.edited_by_others(record.id, saved, until) == bench.port.fields
        assert bench.port.edited_by_others(record.id, saved + timedelta(minutes=11), until) == frozenset()

    def test_a_clock_that_is_behind_ours_does_not_hide_an_edit(self, bench: IncidentBench) -> None:
        record = read(bench, bench.person_creates("Theirs"))
        assert record.updated_at is not None
        since, until = record.updated_at + timedelta(minutes=9), record.updated_at + timedelta(hours=1)
        assert bench.port.edited_by_others(record.id, since, until) == bench.port.fields

    def test_times_of_whole_seconds_do_not_hide_an_edit_in_the_same_second(self, bench: IncidentBench) -> None:
        record = read(bench, bench.person_creates("Theirs"))
        assert record.updated_at is not None
        within = record.updated_at + timedelta(milliseconds=900)
        assert bench.port.edited_by_others(record.id, within, within) == bench.port.fields

    def test_what_we_saved_later_than_we_know_of_may_hide_an_edit(self, bench: IncidentBench) -> None:
        record = bench.port.create(draft(bench, "Ours"))
        saved = record.updated_at
        assert saved is not None
        assert bench.port.edited_by_others(record.id, saved, saved) == frozenset()
        assert bench.port.edited_by_others(record.id, saved, saved - timedelta(seconds=1)) == bench.port.fields
