"""People acting on the model directly, and the data that a site starts with."""

import re
import threading

import pytest
from pydantic import TypeAdapter, ValidationError

from syncer.sandbox import cast
from syncer.sandbox.jira import READS, JiraBehaviour, JiraModel
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.records import Issue
from tests.syncer.sandbox.jira.jira_server import Clock, Site


def story(model: JiraModel) -> list[object]:
    """All that there is, as values."""
    return [
        (one.id, one.key, one.fields, one.comments, one.history) for one in sorted(model.issues.values(), key=_by_id)
    ] + list(model.users.values())


def _by_id(issue: Issue) -> int:
    return int(issue.id)


def test_the_same_seed_and_clock_give_the_same_site() -> None:
    assert story(JiraModel("cloud", 1, clock=Clock())) == story(JiraModel("cloud", 1, clock=Clock()))
    assert story(JiraModel("cloud", 1, clock=Clock())) != story(JiraModel("cloud", 2, clock=Clock()))


def test_a_site_starts_with_what_developers_logged(site: Site) -> None:
    model = site.model
    in_test = [one for one in model.issues.values() if one.key.startswith("TEST-")]
    assert len(in_test) == 6
    assert len(model.issues) == 9
    assert {"10001", "10002"} < {one.text("status") for one in in_test}
    assert all(one.text("creator") != cast.SERVICE for one in model.issues.values())
    assert any("Müller" in one.text("description") for one in in_test)
    assert sum(len(one.comments) for one in in_test) >= 5
    times = [moment for one in in_test if (moment := one.moment("updated")) is not None]
    assert len(times) == len(in_test)
    assert max(times) <= model.now()


def test_accounts_are_the_casts_without_those_who_have_none(site: Site) -> None:
    assert set(site.model.users) == {person.login for person in cast.PEOPLE if person.jira}
    assert not site.model.users["leftus"].active


def test_a_person_takes_an_issue_through_its_life(site: Site) -> None:
    model = site.model
    issue = model.create(
        by="joeb",
        summary="New one",
        priority="High",
        components=["Search"],
        versions=["2.0"],
        assignee="annak",
    )
    model.edit(issue.key, by="annak", labels=["a"], customfield_10014=["Linux"], customfield_10010="Major")
    comment = model.comment(issue.key, by="annak", body="On it.")
    model.edit_comment(issue.key, comment.id, by="annak", body="Still on it.")
    model.transition(issue.key, "Done", by="annak", resolution="Duplicate")
    shown = site.client().get(f"issue/{issue.id}").json()["fields"]
    assert (shown["status"]["name"], shown["resolution"]["name"]) == ("Done", "Duplicate")
    assert shown["comment"]["comments"][0]["body"] == "Still on it."
    assert [change.author for change in issue.history] == ["annak"] * 4
    model.delete_comment(issue.key, comment.id)
    model.delete(issue.key)
    assert site.client().get(f"issue/{issue.id}").status_code == 404


def test_a_person_is_stopped_by_the_same_rules(site: Site) -> None:
    with pytest.raises(JiraError, match="Version name '9.9' is not valid"):
        site.model.edit("TEST-1", by="joeb", versions=["9.9"])
    with pytest.raises(JiraError, match="cannot be assigned"):
        site.model.create(by="joeb", summary="x", assignee="leftus")
    with pytest.raises(LookupError, match="no issue 'TEST-99'"):
        site.model.issue("TEST-99")
    with pytest.raises(LookupError, match="status 'Sleeping'"):
        site.model.transition("TEST-1", "Sleeping", by="joeb")


def test_versions_are_added_and_renamed_by_people(site: Site) -> None:
    site.model.add_version("7.0")
    before = site.model.rename_version("7.0", "7.0.1").id
    assert [one["id"] for one in site.client().get("project/TEST/versions").json() if one["name"] == "7.0.1"] == [
        before
    ]
    with pytest.raises(JiraError, match="already exists"):
        site.model.rename_version("7.0.1", "2.0")
    with pytest.raises(LookupError, match="no version '8.0'"):
        site.model.rename_version("8.0", "8.1")


def test_people_and_requests_may_act_at_the_same_time(cloud: Site) -> None:
    def write() -> None:
        for number in range(200):
            cloud.model.create(by="joeb", summary=f"Number {number}")

    writer = threading.Thread(target=write)
    writer.start()
    client = cloud.client()
    while writer.is_alive():
        assert client.get("search/jql", params={"jql": "project = TEST"}).status_code == 200
    writer.join()
    assert len({one.key for one in cloud.model.issues.values()}) == 209


def test_deployments_differ_in_what_they_do_to_text_and_times() -> None:
    assert JiraModel("cloud").behaviour == JiraBehaviour(normalise="wiki", epoch_literals=True)
    assert JiraModel("datacenter").behaviour == JiraBehaviour(normalise="none", epoch_literals=False)


def test_a_time_zone_has_to_exist() -> None:
    adapter = TypeAdapter(JiraBehaviour)
    assert adapter.validate_python({"time_zone": "Asia/Tokyo"}).time_zone == "Asia/Tokyo"
    with pytest.raises(ValidationError, match="must be the name of a time zone"):
        adapter.validate_python({"time_zone": "Berlin"})


def test_posts_that_only_read_are_known() -> None:
    for version in ("2", "latest"):
        assert any(re.search(pattern, f"/rest/api/{version}/comment/list") for pattern in READS)
