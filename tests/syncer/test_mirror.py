"""The promises of a mirrored project link, over real HTTP and a real state DB."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from syncer.sandbox.jira.catalogue import PRIORITIES, STATUSES
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.tester.records import Incident
from tests.syncer.mirror_stage import MirrorStage

LATER = timedelta(minutes=1)
BOTH: list[tuple[Literal["4.6", "6.x"], Literal["cloud", "datacenter"]]] = [
    ("6.x", "cloud"),
    ("4.6", "datacenter"),
    ("6.x", "datacenter"),
    ("4.6", "cloud"),
]


@pytest.fixture(params=BOTH, ids=[f"{profile}-{deployment}" for profile, deployment in BOTH])
def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MirrorStage]:
    """The empty project on all four combinations of servers."""
    profile, deployment = request.param
    with MirrorStage(tmp_path, profile=profile, deployment=deployment) as stage:
        yield stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MirrorStage]:
    with MirrorStage(tmp_path) as made:
        yield made


def issue_of(stage: MirrorStage, incident: Incident) -> Issue:
    return stage.sandbox.jira.issue(stage.twin(incident.id))


def incident_of(stage: MirrorStage, issue: Issue) -> Incident:
    return stage.sandbox.tester.incident(stage.twin(issue.id))


def quiet(stage: MirrorStage) -> None:
    """Another two cycles, one of them a census, write nothing."""
    before = stage.writes()
    reports = [stage.sync(), stage.sync(census=True)]
    assert [report.writes for report in reports] == [0, 0]
    assert stage.writes() == before


def test_everything_is_mirrored_once_and_the_second_cycle_writes_nothing(tmp_path: Path) -> None:
    for number, (profile, deployment) in enumerate(BOTH):
        folder = tmp_path / str(number)
        folder.mkdir()
        with MirrorStage(folder, incidents=12, issues=True, profile=profile, deployment=deployment) as stage:
            stage.sync()
            incidents = stage.sandbox.tester.incidents()
            issues = [i for i in stage.sandbox.jira.issues.values() if i.key.startswith("TEST-")]
            assert len(incidents) == len(issues) == stage.store.count_links(stage.link.name) == 12 + 6
            for incident in incidents:
                twin = issue_of(stage, incident)
                assert twin.fields["summary"] == incident.summary
                assert len(twin.comments) == len(incident.comments)
            quiet(stage)


class TestFields:
    def test_different_fields_edited_on_both_sides_of_one_record_both_land(self, everywhere: MirrorStage) -> None:
        incident = everywhere.log(Summary="Pump fails", Description="It drips", Priority="Low")
        everywhere.sync()
        issue = issue_of(everywhere, incident)
        everywhere.sandbox.tester.edit(incident.id, Summary="Pump fails at night")
        everywhere.sandbox.jira.edit(issue.id, by="annak", priority="Highest", description="It drips a lot")
        everywhere.sync()
        incident, issue = everywhere.sandbox.tester.incident(incident.id), issue_of(everywhere, incident)
        assert issue.fields["summary"] == incident.summary == "Pump fails at night"
        assert issue.fields["description"] == incident.description == "It drips a lot"
        assert everywhere.sandbox.tester.catalogue.picks[incident.priority or ""].text == "Critical"
        quiet(everywhere)

    @pytest.mark.parametrize(("policy", "winner"), [("incident", "Mine"), ("issue", "Theirs"), ("newest", "Theirs")])
    def test_the_same_field_edited_on_both_sides_follows_the_mappings_policy(
        self, tmp_path: Path, policy: str, winner: str
    ) -> None:
        with MirrorStage(tmp_path) as stage:
            fields = [field.model_dump(mode="json") for field in stage.link.mapping.fields]
            stage.remap(fields=[{**fields[0], "conflict": policy}, *fields[1:]])
            incident = stage.log(Summary="Pump fails")
            stage.sync()
            issue = issue_of(stage, incident)
            stage.sandbox.tester.edit(incident.id, Summary="Mine")
            later = stage.sandbox.jira.clock
            stage.sandbox.jira.clock = lambda: later() + LATER
            stage.sandbox.jira.edit(issue.id, by="annak", summary="Theirs")
            stage.sync()
            assert stage.sandbox.tester.incident(incident.id).summary == winner
            assert issue_of(stage, incident).fields["summary"] == winner
            quiet(stage)

    def test_ask_parks_only_that_field_and_heals_when_both_sides_are_made_equal(self, stage: MirrorStage) -> None:
        incident = stage.log(Summary="Pump fails", Priority="Low")
        stage.sync()
        issue = issue_of(stage, incident)
        stage.sandbox.tester.edit(incident.id, Summary="Mine", Priority="High")
        stage.sandbox.jira.edit(issue.id, by="annak", summary="Theirs")
        stage.sync()
        assert [item for item, _ in stage.waiting()] == ["Summary"]
        assert issue_of(stage, incident).fields["summary"] == "Theirs"
        assert option(PRIORITIES, issue_of(stage, incident).text("priority")) == "High"
        stage.sandbox.jira.edit(issue.id, by="annak", summary="Mine")
        stage.sync()
        assert stage.waiting() == []
        quiet(stage)

    def test_a_status_follows_through_the_workflow_and_back(self, everywhere: MirrorStage) -> None:
        incident = everywhere.log(Summary="Pump fails", Type="Defect", Status="Closed")
        everywhere.sync()
        assert option(STATUSES, issue_of(everywhere, incident).text("status")) == "Done"
        everywhere.sandbox.jira.transition(issue_of(everywhere, incident).id, "To Do", by="annak")
        everywhere.sync()
        after = everywhere.sandbox.tester.incident(incident.id)
        assert everywhere.sandbox.tester.catalogue.picks[after.status or ""].text == "New"
        quiet(everywhere)

    def test_a_value_that_no_rule_carries_parks_its_field_and_the_rest_flows(self, stage: MirrorStage) -> None:
        incident = stage.log(Summary="Pump fails", AssignedTo="testeronly", Priority="High")
        stage.sync()
        ((item, reason),) = stage.waiting()
        assert (item, "'Terry Tester' has no counterpart on the issue side" in reason) == ("AssignedTo", True)
        assert issue_of(stage, incident).fields["summary"] == "Pump fails"
        stage.sandbox.tester.edit(incident.id, AssignedTo="annak")
        stage.sync()
        assert stage.waiting() == []
        assert issue_of(stage, incident).fields["assignee"] is not None
        quiet(stage)

    def test_one_field_that_jira_refuses_does_not_stop_the_others(self, stage: MirrorStage) -> None:
        """Jira takes no label as long as this one."""
        incident = stage.log(Summary="Pump fails", Priority="Low")
        stage.sync()
        stage.sandbox.tester.edit(incident.id, Summary="Pump fails at night", FieldValues={"Notes": "x" * 300})
        stage.sync()
        assert [item for item, _ in stage.waiting()] == ["FieldValues.Notes"]
        assert issue_of(stage, incident).fields["summary"] == "Pump fails at night"

    def test_a_text_that_is_too_long_for_jira_is_cut_and_never_carried_back(self, stage: MirrorStage) -> None:
        told = "word " * 10_000
        incident = stage.log(Summary="Pump fails", Description=told)
        stage.sync()
        issue = issue_of(stage, incident)
        text = issue.text("description")
        assert len(text) <= 32_767
        assert "cut here" in text
        stage.sandbox.jira.edit(issue.id, by="annak", description=f"Seen.\n\n{text[5000:]}")
        stage.sync()
        assert stage.sandbox.tester.incident(incident.id).description == told
        ((item, reason),) = stage.waiting()
        assert item == "Description"
        assert "edit the incident's text" in reason


NORMALISERS = [
    ("none", "lower"),
    ("none", "trim"),
    ("none", "wiki"),
    ("lower", "none"),
    ("trim", "none"),
    ("markup", "wiki"),
]


@pytest.mark.parametrize(("tester", "jira"), NORMALISERS)
def test_a_server_that_normalises_text_causes_no_write_and_never_overwrites_the_authors_text(
    tmp_path: Path, tester: str, jira: str
) -> None:
    with MirrorStage(tmp_path) as stage:
        stage.sandbox.tester.behaviour.normalise = tester  # type: ignore[assignment]  # a parameter of the test
        stage.sandbox.jira.behaviour.normalise = jira  # type: ignore[assignment]  # a parameter of the test
        text = "Look:  <b>HERE</b> \n- one\n- two\n{color:red}Red{color} :) https://example.com/A"
        mine = stage.log(Summary="Title IN Capitals", Description=text)
        theirs = stage.sandbox.jira.create(by="annak", summary="Another TITLE", description=text)
        stage.sandbox.tester.comment(mine.id, body=text)
        stage.sandbox.jira.comment(theirs.id, by="annak", body=text)
        authored = stage.sandbox.tester.incident(mine.id), stage.sandbox.jira.issue(theirs.id).picture()
        stage.sync()
        quiet(stage)
        after = stage.sandbox.tester.incident(mine.id)
        assert (after.summary, after.description) == (authored[0].summary, authored[0].description)
        issue = stage.sandbox.jira.issue(theirs.id)
        assert issue.fields["description"] == authored[1].fields["description"]
        assert [c.body for c in issue.comments.values()] == [c.body for c in authored[1].comments.values()]


class TestComments:
    def test_comments_of_both_sides_appear_once_on_the_other_with_their_authors_name(
        self, everywhere: MirrorStage
    ) -> None:
        incident = everywhere.log(Summary="Pump fails")
        everywhere.sync()
        issue = issue_of(everywhere, incident)
        everywhere.sandbox.tester.comment(incident.id, "annak", body="Seen it too")
        everywhere.sandbox.jira.comment(issue.id, by="mariag", body="On it")
        everywhere.sync()
        quiet(everywhere)
        on_issue = [c.body for c in issue_of(everywhere, incident).comments.values()]
        on_incident = [c.body for c in everywhere.sandbox.tester.incident(incident.id).comments]
        assert len(on_issue) == len(on_incident) == 2
        assert any("Anna Krüger" in body and "Seen it too" in body for body in on_issue)
        assert any("María González" in body and "On it" in body for body in on_incident)

    def test_an_edit_travels_to_the_other_side(self, everywhere: MirrorStage) -> None:
        incident = everywhere.log(Summary="Pump fails")
        everywhere.sync()
        issue = issue_of(everywhere, incident)
        mine = everywhere.sandbox.tester.comment(incident.id, body="Seen it too")
        theirs = everywhere.sandbox.jira.comment(issue.id, by="mariag", body="On it")
        everywhere.sync()
        everywhere.sandbox.tester.edit_comment(incident.id, mine, body="Seen it twice")
        everywhere.sandbox.jira.edit_comment(issue.id, theirs.id, by="mariag", body="Done with it")
        everywhere.sync()
        quiet(everywhere)
        assert any("Seen it twice" in c.body for c in issue_of(everywhere, incident).comments.values())
        bodies = [c.body for c in everywhere.sandbox.tester.incident(incident.id).comments]
        assert any("Done with it" in body for body in bodies)
        assert not any("On it" in body for body in bodies)

    def test_the_mirrored_comment_names_its_original_as_ticket_comment_id(self, stage: MirrorStage) -> None:
        issue = stage.sandbox.jira.create(by="annak", summary="Pump fails")
        comment = stage.sandbox.jira.comment(issue.id, by="mariag", body="On it")
        stage.sync()
        (mirrored,) = incident_of(stage, issue).comments
        assert mirrored.ticket_comment_id == comment.id

    def test_a_comment_lost_to_a_server_that_replaces_the_list_is_brought_back(self, stage: MirrorStage) -> None:
        incident = stage.log(Summary="Pump fails")
        stage.sandbox.tester.comment(incident.id, body="First")
        stage.sandbox.tester.comment(incident.id, body="Second")
        stage.sync()
        stage.sandbox.tester.behaviour.comments_replace = True
        stage.sandbox.jira.comment(issue_of(stage, incident).id, by="mariag", body="On it")
        stage.sync()
        stage.sync()
        bodies = [c.body for c in stage.sandbox.tester.incident(incident.id).comments]
        assert [word for word in ("First", "Second", "On it") if any(word in body for body in bodies)] == [
            "First",
            "Second",
            "On it",
        ]


class TestVersions:
    def test_versions_follow_both_ways_through_a_rename_on_either_side(self, everywhere: MirrorStage) -> None:
        tester, jira = everywhere.sandbox.tester, everywhere.sandbox.jira
        incident = everywhere.log(Summary="Pump fails", AffectedVersions=["1.0"], FixedVersions=["2.0"])
        everywhere.sync()
        assert names(everywhere, issue_of(everywhere, incident), "versions") == ["1.0"]
        tester.rename_version("2.0", "Spring")
        jira.rename_version("1.0", "First")
        everywhere.sync()
        quiet(everywhere)
        tester.edit(incident.id, FixedVersions=["Spring", "1.1"])
        jira.edit(issue_of(everywhere, incident).id, by="annak", versions=["First", "2.1"])
        everywhere.sync()
        issue, after = issue_of(everywhere, incident), tester.incident(incident.id)
        assert names(everywhere, issue, "fixVersions") == ["1.1", "2.0"]
        assert names(everywhere, issue, "versions") == ["2.1", "First"]
        assert sorted(tester.catalogue.picks[i].text for i in after.affected_versions) == ["1.0", "2.1"]
        quiet(everywhere)

    def test_a_version_that_jira_lacks_is_created_where_the_mapping_says_so(self, stage: MirrorStage) -> None:
        stage.sandbox.tester.add_version("5.0")
        incident = stage.log(Summary="Pump fails", FixedVersions=["5.0"])
        stage.sync()
        assert names(stage, issue_of(stage, incident), "fixVersions") == ["5.0"]
        quiet(stage)


def test_a_plan_writes_nothing_anywhere(tmp_path: Path) -> None:
    with MirrorStage(tmp_path, incidents=12, issues=True) as stage:
        plan = stage.plan()
        assert plan.counts()["create"] == 12 + 6
        assert stage.writes() == 0
        assert stage.store.count_links(stage.link.name) == 0
        assert stage.store.history() == []
        stage.sync()
        assert stage.plan().writes == 0


def test_what_the_plan_counts_is_what_the_next_cycle_does(tmp_path: Path) -> None:
    with MirrorStage(tmp_path, incidents=12) as stage:
        planned = stage.plan()
        report = stage.sync()
        settled = dict(report.settled)
        # An issue that is born with the status that it is to get needs no transition.
        unmoved = sum(not moved(issue_of(stage, incident)) for incident in stage.sandbox.tester.incidents())
        assert settled.pop("pair versions") == planned.counts()["pair versions"] + planned.counts()["create option"]
        assert settled.pop("update") + unmoved == planned.counts()["update"]
        assert {kind: planned.counts()[kind] for kind in settled} == settled


def moved(issue: Issue) -> bool:
    """Whether its status has ever changed."""
    return any(item.field == "status" for change in issue.history for item in change.items)


def option(options: Iterable[Any], option_id: str) -> str:
    """The name of an option of Jira's by its id."""
    return str(next(each.name for each in options if each.id == option_id))


def names(stage: MirrorStage, issue: Issue, field: str) -> list[str]:
    return sorted(stage.sandbox.jira.versions[version].name for version in issue.ids(field))
