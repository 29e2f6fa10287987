"""The sandbox tells who and what its project knows, and about itself."""

from collections.abc import Iterator
from typing import Any

import pytest

from syncer.sandbox import cast
from tests.syncer.sandbox.tester_stage import NOBODY, PROJECT, VENDOR, Played, Stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture
def tester(stage: Stage) -> Played:
    return stage.play()


CATALOGUE = {
    "Priorities": ("Priority", cast.PRIORITIES),
    "IncidentStatuses": ("IncidentStatus", cast.INCIDENT_STATUSES),
    "IncidentTypes": ("IncidentType", cast.INCIDENT_TYPES),
    "IncidentResolutions": ("IncidentResolution", cast.RESOLUTIONS),
    "Versions": ("Version", (*cast.VERSIONS, cast.TESTER_ONLY_VERSION)),
    "Components": ("Component", cast.COMPONENTS),
}


def test_the_whole_catalogue_comes_with_the_project_in_one_read(tester: Played) -> None:
    names = [*CATALOGUE, "ExternalSystemLinks", "Widgets"]
    plain = tester.read(f"/api/project/{PROJECT.upper()}")
    assert plain["Expands"] == names
    assert not plain.keys() & set(names)
    project = tester.read(f"/api/project/{PROJECT}", expand=",".join(names))
    assert project["Expands"] == []
    for name, (_, texts) in CATALOGUE.items():
        assert [value["Text"] for value in project[name]] == list(texts)
        assert [value["SortOrder"] for value in project[name]] == list(range(len(texts)))
    assert [link["Enabled"] for link in project["ExternalSystemLinks"]] == [False]
    widgets = project["Widgets"]["Incident"]["Widgets"]
    custom = [widget["Name"] for widget in widgets if widget["FieldCategory"] == "custom"]
    assert custom == list(tester.model.catalogue.fields)
    assert [widget["Name"] for widget in widgets if widget["Required"]] == ["Name"]
    assert tester.read(f"/api/project/{PROJECT}/widgets") == project["Widgets"]


@pytest.mark.parametrize("expansion", CATALOGUE)
def test_each_pick_list_has_a_resource_under_both_names(tester: Played, expansion: str) -> None:
    expanded = tester.read(f"/api/project/{PROJECT}", expand=expansion)[expansion]
    for name in (expansion, CATALOGUE[expansion][0]):
        assert tester.read(f"/api/project/{PROJECT}/picklist/{name}") == {"Items": expanded}


def test_an_unknown_pick_list_or_project_is_404(tester: Played) -> None:
    assert tester.get(f"/api/project/{PROJECT}/picklist/Colour").status_code == 404
    for path in ("", "/picklist/Priority", "/assignees", "/widgets"):
        assert tester.get(f"/api/project/{NOBODY}{path}").status_code == 404


@pytest.mark.parametrize("profile", ["4.6", "6.x"])
def test_only_6x_says_what_is_enabled(stage: Stage, profile: Any) -> None:
    tester = stage.play(profile)
    value = tester.read(f"/api/project/{PROJECT}/picklist/Priority")["Items"][0]
    user = tester.read("/api/users")["Items"][0]
    assert ("IsEnable" in value) == ("Enabled" in user) == (profile == "6.x")


def test_a_renamed_version_shows_at_once(tester: Played) -> None:
    tester.model.rename_version("1.0", "1.0 final")
    texts = [v["Text"] for v in tester.read(f"/api/project/{PROJECT}", expand="Versions")["Versions"]]
    assert texts[0] == "1.0 final"


def test_projects_are_found_by_name(tester: Played) -> None:
    assert [p["Id"] for p in tester.read("/api/projects", filter="Name eq 'Test Project'")["Items"]] == [PROJECT]
    assert tester.read("/api/projects", filter="Name eq 'Other'")["Items"] == []
    assert tester.read("/api/projects", filter="substringof('test',Name) eq true")["Items"] != []


def test_a_hidden_project_takes_everything_with_it(tester: Played) -> None:
    tester.behaviour.hidden_project = True
    for path in (f"/api/project/{PROJECT}", f"/api/incident/{VENDOR}", f"/api/project/{PROJECT}/picklist/Version"):
        assert tester.get(path).status_code == 403
    for path in ("/api/projects", "/api/incidents", "/api/scriptruns", "/api/externalsystemlinks"):
        assert tester.read(path)["Items"] == []
    assert tester.post(Summary="x").status_code == 403


def test_users_are_found_by_login_and_by_id(tester: Played) -> None:
    (anna,) = tester.read("/api/users", filter="UserName eq 'annak'")["Items"]
    assert (anna["FirstName"], anna["LastName"], anna["Email"]) == ("Anna", "Krüger", "anna.krueger@example.com")
    shown = tester.read(f"/api/user/{anna['Id'].upper()}", expand="DisplayName")
    assert (shown["DisplayName"], shown["Expands"]) == ("Anna Krüger", ["Groups"])
    assert tester.get(f"/api/user/{NOBODY}").status_code == 404


def test_users_can_be_sorted_filtered_and_counted(tester: Played) -> None:
    page = tester.read("/api/users", orderby="UserName desc", top=2, inlinecount="allpages")
    assert [user["UserName"] for user in page["Items"]] == ["yukit", "testeronly"]
    assert page["Total"] == len(cast.PEOPLE)
    gone = tester.read("/api/users", filter="Enabled eq false")["Items"]
    assert [user["UserName"] for user in gone] == ["leftus"]


@pytest.mark.parametrize(
    "params",
    [{"filter": "UserName like 'x'"}, {"filter": "Colour eq 'x'"}, {"orderby": "a b c"}, {"orderby": "Colour"}],
)
def test_a_filter_that_is_not_understood_is_403(tester: Played, params: dict[str, str | int]) -> None:
    assert tester.get("/api/users", **params).status_code == 403


def test_people_are_searched_and_only_those_still_here_can_be_assigned(tester: Played) -> None:
    found = [user["UserName"] for user in tester.read("/api/userssearch", query="an")["Items"]]
    assert found == ["annak", "yukit"]
    assert [u["UserName"] for u in tester.read("/api/userssearch", query="former")["Items"]] == ["leftus"]
    logins = [user["UserName"] for user in tester.read(f"/api/project/{PROJECT}/assignees")["Items"]]
    assert logins == sorted(person.login for person in cast.PEOPLE if person.active)


def test_the_root_says_where_things_are_and_how_they_are_queried(tester: Played) -> None:
    links = {link["Rel"]: link for link in tester.read("/api/")["Links"]}
    assert links["Incidents"]["Href"] == f"{tester.model.base_url}/api/incidents"
    assert (links["Incidents"]["SupportsTQL"], links["Projects"]["SupportsOData"]) == (True, True)


@pytest.mark.parametrize(("profile", "version"), [("4.6", "4.6.0.0"), ("6.x", "6.4.1.0")])
def test_the_server_tells_its_version(stage: Stage, profile: Any, version: str) -> None:
    tester = stage.play(profile)
    info = tester.read("/api/systeminfo")
    assert (info["Version"], info["RootUrl"]) == (version, tester.model.base_url)


def test_the_server_tells_its_time_in_a_zone(tester: Played) -> None:
    assert tester.get("/api/timezone").status_code == 403
    here = tester.read("/api/timezone", id="UTC")
    assert (here["Resolved"], here["UtcOffset"]) == (True, "00:00:00")
    assert here["CurrentTimeInZone"] == "2026-03-01T12:00:00+00:00"
    assert tester.read("/api/timezone", id="America/St_Johns")["UtcOffset"] == "-03:30:00"
    assert tester.read("/api/timezone", id="Middle/Earth")["Resolved"] is False


def test_events_are_kept_and_listed(tester: Played) -> None:
    event = {"Message": "Mirrored", "Level": "WARN", "EntityType": "Incident", "EntityId": VENDOR}
    made = tester.call("POST", "/api/systemevents", json=event)
    assert made.status_code == 201
    assert tester.read("/api/systemevents")["Items"] == [made.json()]
    assert made.json()["OccurredAt"] == "2026-03-01T12:00:00Z"
    refused: tuple[Any, ...] = ({}, {"Message": 1}, {"Message": "x", "Level": "LOUD"}, [])
    for bad in refused:
        assert tester.call("POST", "/api/systemevents", json=bad).status_code == 403


def test_the_servers_own_synchronizer_makes_an_incident_of_a_ticket(tester: Played) -> None:
    (ticket,) = tester.read(f"/api/project/{PROJECT}/tickets", q="currency")["Items"]
    link = ticket["ExternalSystemId"]
    assert tester.read(f"/api/externalsystemlink/{link}/ticket/{ticket['Id']}") == ticket
    started = tester.call("POST", f"/api/externalsystemlink/{link}/ticket/{ticket['Id']}/link")
    assert (started.status_code, started.headers["location"]) == (202, started.json()["Self"])
    task = tester.read(f"/api/backgroundtask/{started.json()['Id']}")
    assert task["Complete"] is True
    incident = tester.read(f"/api/incident/{task['IncidentId']}", expand="ExternalSystemLinks")
    assert (incident["Summary"], incident["ExternalSystemLinks"][0]["Id"]) == (ticket["Summary"], link)
    assert tester.get(f"/api/backgroundtask/{started.json()['Id']}").status_code == 404
    assert tester.call("POST", f"/api/externalsystemlink/{link}/ticket/{ticket['Id']}/link").status_code == 403
    assert tester.get(f"/api/externalsystemlink/{link}/ticket/1").status_code == 404
    assert tester.get(f"/api/externalsystemlink/{NOBODY}/ticket/{ticket['Id']}").status_code == 404
