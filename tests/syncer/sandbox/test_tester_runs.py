"""Step results of the sandbox are linked with incidents and parted from them with the vendor's codes."""

from collections.abc import Iterator

import pytest

from syncer.sandbox.tester.behaviour import Profile
from tests.syncer.sandbox.tester_stage import NOBODY, PROJECT, VENDOR, Played, Stage

STEP = "0f61b42d-87f9-40b8-89ee-1bc12a6b5dba"
LINKED = "b849f98e-62b2-460c-97ef-49e6c478a3f9"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture
def tester(stage: Stage) -> Played:
    return stage.play()


def linked(tester: Played) -> list[str]:
    return [item["IncidentId"] for item in tester.read(f"/api/stepresult/{STEP}/incidents")["Items"]]


def test_a_step_result_is_read_with_its_run_and_its_incidents(tester: Played) -> None:
    step = tester.read(f"/api/stepresult/{STEP.upper()}", expand="Run,Incidents")
    assert (step["Id"], step["Outcome"], step["HasIncidents"]) == (STEP, "Fail", True)
    assert step["Run"]["Id"] == step["RunId"]
    assert [item["IncidentId"] for item in step["Incidents"]] == [LINKED]
    assert step["Expands"] == ["Attachments"]
    assert tester.get(f"/api/stepresult/{NOBODY}").status_code == 404


def test_runs_are_listed_and_read_with_their_steps(tester: Played) -> None:
    runs = tester.read("/api/scriptruns", tql=f"Project = {PROJECT}", expand="StepResults", top=100)
    assert runs["Total"] == len(runs["Items"]) == 15
    (run,) = [run for run in runs["Items"] if STEP in [step["Id"] for step in run["StepResults"]]]
    assert tester.read(f"/api/scriptrun/{run['Id']}", expand="StepResults") == run
    assert "StepResults" not in tester.read(f"/api/scriptrun/{run['Id']}")
    assert tester.read("/api/scriptruns", tql=f"Id = {run['Id']}")["Items"][0]["Name"] == run["Name"]
    assert tester.get(f"/api/scriptrun/{NOBODY}").status_code == 404


def test_a_link_is_201_when_made_and_200_when_there_already(tester: Played) -> None:
    for status in (201, 200):
        answer = tester.call("POST", f"/api/stepresult/{STEP}/incidents", json={"IncidentId": VENDOR.upper()})
        assert answer.status_code == status
        assert (answer.json()["StepResultId"], answer.json()["IncidentId"]) == (STEP, VENDOR)
    assert linked(tester) == [LINKED, VENDOR]


@pytest.mark.parametrize("body", [{}, {"IncidentId": None}, {"IncidentId": "x"}, [], {"IncidentId": 5}])
def test_a_link_without_an_incident_is_403(tester: Played, body: object) -> None:
    assert tester.call("POST", f"/api/stepresult/{STEP}/incidents", json=body).status_code == 403


def test_a_link_of_an_unknown_step_or_incident_is_404(tester: Played) -> None:
    for step, incident in ((NOBODY, VENDOR), (STEP, NOBODY)):
        answer = tester.call("POST", f"/api/stepresult/{step}/incidents", json={"IncidentId": incident})
        assert answer.status_code == 404
    assert tester.get(f"/api/stepresult/{NOBODY}/incidents").status_code == 404


def test_a_link_is_read_with_what_it_links(tester: Played) -> None:
    link = tester.read(f"/api/stepresult/{STEP}/incident/{LINKED}", expand="Incident,StepResult")
    assert (link["Incident"]["Id"], link["StepResult"]["Id"], link["Expands"]) == (LINKED, STEP, [])
    for step, incident in ((STEP, VENDOR), (STEP, NOBODY), (NOBODY, LINKED)):
        assert tester.get(f"/api/stepresult/{step}/incident/{incident}").status_code == 404


def test_removing_a_link_leaves_the_incident(tester: Played) -> None:
    answer = tester.call("DELETE", f"/api/stepresult/{STEP}/incident/{LINKED}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert linked(tester) == []
    assert tester.get(f"/api/incident/{LINKED}").status_code == 200
    for step in (STEP, NOBODY):
        assert tester.call("DELETE", f"/api/stepresult/{step}/incident/{LINKED}").status_code == 404


def test_a_link_goes_with_its_incident(tester: Played) -> None:
    tester.call("DELETE", f"/api/incident/{LINKED}")
    assert linked(tester) == []
    assert tester.get(f"/api/stepresult/{STEP}/incident/{LINKED}").status_code == 404


def test_a_link_with_a_hidden_incident_is_403_and_not_listed(tester: Played) -> None:
    tester.behaviour.hidden_incidents = [LINKED]
    assert linked(tester) == []
    assert tester.get(f"/api/stepresult/{STEP}/incident/{LINKED}").status_code == 403


@pytest.mark.parametrize("profile", ["4.6", "6.x"])
def test_all_links_are_found_from_the_runs_page_by_page(stage: Stage, profile: Profile) -> None:
    tester = stage.play(profile, incidents=20)
    found: set[tuple[str, str]] = set()
    pages = [
        tester.read("/api/scriptruns", tql=f'Project = "{PROJECT}"', expand="StepResults", top=4, skip=skip)
        for skip in range(0, 16, 4)
    ]
    assert [(len(page["Items"]), page["Total"]) for page in pages] == [(4, 15), (4, 15), (4, 15), (3, 15)]
    for step in (step for page in pages for run in page["Items"] for step in run["StepResults"]):
        links = tester.read(f"/api/stepresult/{step['Id']}/incidents")["Items"]
        listed = [item["IncidentId"] for item in links]
        assert step["HasIncidents"] == bool(listed)
        found |= {(step["Id"], incident) for incident in listed}
    runs = tester.model.runs
    assert found == {(step, incident) for step in runs.steps for incident in runs.incidents_of(step)}
    assert len(found) == 19


def test_a_hidden_step_result_is_403_by_id_and_not_in_its_run(tester: Played) -> None:
    tester.behaviour.hidden_step_results = [STEP.upper()]
    run = tester.read(f"/api/scriptrun/{tester.model.runs.step(STEP).run_id}", expand="StepResults")
    assert STEP not in [step["Id"] for step in run["StepResults"]]
    link = f"/api/stepresult/{STEP}/incident/{LINKED}"
    for method, path in (
        ("GET", f"/api/stepresult/{STEP}"),
        ("GET", f"/api/stepresult/{STEP}/incidents"),
        ("GET", link),
        ("DELETE", link),
    ):
        assert tester.call(method, path).status_code == 403
    answer = tester.call("POST", f"/api/stepresult/{STEP}/incidents", json={"IncidentId": VENDOR})
    assert answer.status_code == 403
    tester.behaviour.hidden_step_results = []
    assert linked(tester) == [LINKED]


def test_a_link_with_a_hidden_incident_is_neither_made_nor_removed(tester: Played) -> None:
    tester.behaviour.hidden_incidents = [LINKED, VENDOR]
    assert tester.call("DELETE", f"/api/stepresult/{STEP}/incident/{LINKED}").status_code == 403
    answer = tester.call("POST", f"/api/stepresult/{STEP}/incidents", json={"IncidentId": VENDOR})
    assert answer.status_code == 403
    tester.behaviour.hidden_incidents = []
    assert linked(tester) == [LINKED]


def test_a_person_links_and_parts_them_too(tester: Played) -> None:
    assert tester.model.link_step(STEP, VENDOR) is True
    assert tester.model.link_step(STEP, VENDOR) is False
    tester.model.unlink_step(STEP, LINKED)
    assert linked(tester) == [VENDOR]
