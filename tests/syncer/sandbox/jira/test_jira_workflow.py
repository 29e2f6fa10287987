"""Statuses are reached by transitions, one hop at a time, with what each of them demands."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.sandbox.jira.catalogue import BUG, IMPROVEMENT, STATUSES, TASK
from syncer.sandbox.jira.workflow import available, path
from tests.syncer.sandbox.jira.jira_server import Site, field_errors, messages


def offered(site: Site, key: str) -> dict[str, dict[str, Any]]:
    """The transitions by the status that they lead to."""
    found = site.client().get(f"issue/{key}/transitions", params={"expand": "transitions.fields"}).json()
    return {one["to"]["name"]: one for one in found["transitions"]}


def take(site: Site, key: str, status: str, **fields: Any) -> httpx.Response:
    sent = {"transition": {"id": offered(site, key)[status]["id"]}, "fields": fields}
    return site.client().post(f"issue/{key}/transitions", json=sent)


def test_a_bug_needs_three_hops_to_done(site: Site) -> None:
    assert set(offered(site, "TEST-1")) == {"In Progress"}
    assert take(site, "TEST-1", "In Progress").status_code == 204
    assert set(offered(site, "TEST-1")) == {"To Do", "In Review"}
    assert take(site, "TEST-1", "In Review").status_code == 204
    assert set(offered(site, "TEST-1")) == {"Done"}
    site.clock.pass_time(minutes=1)
    assert take(site, "TEST-1", "Done", resolution={"name": "Won't Do"}).status_code == 204
    shown = site.client().get("issue/TEST-1").json()["fields"]
    assert (shown["status"]["name"], shown["resolution"]["name"]) == ("Done", "Won't Do")
    assert shown["statusCategory"]["key"] == "done"
    assert shown["resolutiondate"] == shown["updated"] == "2025-07-24T13:06:26.123+0200"


def test_done_demands_a_resolution_and_lists_the_choices(site: Site) -> None:
    demanded = offered(site, "TEST-4")["Done"]["fields"]["resolution"]
    assert demanded["required"] is True
    names = [one["name"] for one in demanded["allowedValues"]]
    assert names == ["Done", "Won't Do", "Duplicate", "Cannot Reproduce"]
    assert field_errors(take(site, "TEST-4", "Done")) == {"resolution": "Resolution is required."}
    wrong = take(site, "TEST-4", "Done", resolution={"name": "Fixed"})
    assert field_errors(wrong)["resolution"] == "Resolution name 'Fixed' is not valid"
    assert site.model.issue("TEST-4").text("status") == "10001"


def test_a_transition_takes_no_fields_that_it_doesnt_ask_for(site: Site) -> None:
    answer = take(site, "TEST-1", "In Progress", summary="Sneaked in")
    assert "cannot be set" in field_errors(answer)["summary"]


def test_transitions_that_dont_start_here_are_refused(site: Site) -> None:
    client = site.client()
    for wanted in ("41", 41, "999"):
        answer = client.post("issue/TEST-1/transitions", json={"transition": {"id": wanted}})
        assert (answer.status_code, messages(answer)) == (
            400,
            [f"Transition id '{wanted}' is not valid for this issue."],
        )
    assert client.post("issue/TEST-1/transitions", json={}).status_code == 400


def test_reopening_clears_the_resolution(site: Site) -> None:
    assert take(site, "TEST-5", "To Do").status_code == 204
    shown = site.client().get("issue/TEST-5").json()["fields"]
    assert (shown["status"]["name"], shown["resolution"], shown["resolutiondate"]) == ("To Do", None, None)
    [entry] = site.model.issue("TEST-5").history[-1:]
    assert {item.field for item in entry.items} == {"status", "resolution"}


def test_a_task_goes_anywhere_at_once(site: Site) -> None:
    assert set(offered(site, "TEST-6")) == {"To Do", "In Review", "Done"}
    assert take(site, "TEST-6", "Done").status_code == 204
    assert site.client().get("issue/TEST-6").json()["fields"]["resolution"]["name"] == "Done"


def test_one_transition_can_be_asked_for(site: Site) -> None:
    found = site.client().get("issue/TEST-6/transitions", params={"transitionId": "91"}).json()["transitions"]
    assert [one["to"]["name"] for one in found] == ["Done"]
    assert "fields" not in found[0]


@given(st.sampled_from([BUG, IMPROVEMENT, TASK]), st.sampled_from(STATUSES), st.sampled_from(STATUSES))
def test_every_status_can_be_reached_from_every_other(kind: Any, start: Any, target: Any) -> None:
    steps = path(kind.id, start.id, target.id)
    assert steps is not None
    here = start.id
    for step in steps:
        assert step in available(kind.id, here)
        here = step.target.id
    assert here == target.id


def test_no_path_leads_to_a_status_that_isnt_there() -> None:
    assert path(BUG.id, STATUSES[0].id, "4711") is None


@pytest.mark.parametrize(("start", "hops"), [("To Do", 3), ("In Progress", 2), ("In Review", 1), ("Done", 0)])
def test_the_way_of_a_bug_is_as_short_as_it_can_be(start: str, hops: int) -> None:
    ids = {one.name: one.id for one in STATUSES}
    assert len(path(BUG.id, ids[start], ids["Done"]) or ()) == hops
