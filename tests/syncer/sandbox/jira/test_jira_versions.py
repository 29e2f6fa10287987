"""Versions and components: made, renamed, and taken away from the issues that had them."""

from typing import Any

import pytest

from syncer.sandbox import cast
from tests.syncer.sandbox.jira.jira_server import Site, field_errors


def version_id(site: Site, name: str) -> str:
    found = site.client().get("project/TEST/versions").json()
    return str(next(one["id"] for one in found if one["name"] == name))


def names(site: Site, key: str, field: str) -> list[str]:
    return [one["name"] for one in site.client().get(f"issue/{key}").json()["fields"][field]]


def test_the_testers_own_version_is_not_there_at_first(site: Site) -> None:
    assert cast.TESTER_ONLY_VERSION not in [one["name"] for one in site.client().get("project/TEST/versions").json()]


def test_a_version_is_created_by_project_id_or_key(site: Site) -> None:
    client = site.client()
    project_id = int(client.get("project/TEST").json()["id"])
    sent = {"name": " 5.0 ", "projectId": project_id, "description": "Next", "releaseDate": "2025-07-01"}
    answer = client.post("version", json=sent)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["released"], made["archived"], made["overdue"]) == ("5.0", False, False, True)
    assert client.get(f"version/{made['id']}").json() == made
    assert client.post("version", json={"name": "5.1", "project": "TEST"}).status_code == 201
    assert client.post("version", json={"name": "2.0", "project": "OTHER"}).status_code == 201


@pytest.mark.parametrize(
    ("sent", "field", "reason"),
    [
        (
            {"name": "2.0", "project": "TEST"},
            "name",
            "A version with this name already exists in this project.",
        ),
        (
            {"name": "3.0 BETA", "project": "TEST"},
            "name",
            "A version with this name already exists in this project.",
        ),
        ({"name": " ", "project": "TEST"}, "name", "You must specify a valid version name"),
        ({"project": "TEST"}, "name", "You must specify a valid version name"),
        ({"name": "v" * 256, "project": "TEST"}, "name", "255"),
        ({"name": "6.0"}, "project", "Specify a valid project ID or key"),
        ({"name": "6.0", "project": "TEST", "releaseDate": "soon"}, "releaseDate", "not a date"),
        ({"name": "6.0", "project": "TEST", "released": "yes"}, "released", "must be of type bool"),
    ],
)
def test_versions_that_cant_be_made_are_refused(site: Site, sent: dict[str, Any], field: str, reason: str) -> None:
    before = site.client().get("project/TEST/versions").json()
    assert reason in field_errors(site.client().post("version", json=sent))[field]
    assert site.client().get("project/TEST/versions").json() == before


def test_a_renamed_version_keeps_its_id_and_its_issues(site: Site) -> None:
    client, number = site.client(), version_id(site, "2.1")
    answer = client.put(f"version/{number}", json={"name": "2.1 LTS", "released": True, "archived": True})
    assert (answer.json()["id"], answer.json()["name"], answer.json()["released"]) == (
        number,
        "2.1 LTS",
        True,
    )
    assert names(site, "TEST-1", "versions") == ["2.0", "2.1 LTS"]
    assert "already exists" in field_errors(client.put(f"version/{number}", json={"name": "2.0"}))["name"]
    assert client.put(f"version/{number}", json={"name": "2.1 lts"}).json()["name"] == "2.1 lts"


def test_missing_versions_and_projects_are_not_found(site: Site) -> None:
    client = site.client()
    assert client.get("version/4711").status_code == 404
    assert client.put("version/4711", json={"name": "x"}).status_code == 404
    assert client.post("version", json={"name": "x", "project": "NOPE"}).status_code == 404


def test_a_removed_version_is_swapped_where_that_is_said_and_dropped_elsewhere(site: Site) -> None:
    client, old, new = site.client(), version_id(site, "2.1"), version_id(site, "4.0")
    answer = client.post(f"version/{old}/removeAndSwap", json={"moveFixIssuesTo": int(new)})
    assert answer.status_code == 204
    assert names(site, "TEST-5", "fixVersions") == ["4.0"]
    assert names(site, "TEST-1", "versions") == ["2.0"]
    assert client.get(f"version/{old}").status_code == 404
    [change] = site.model.issue("TEST-1").history[-1:]
    assert [(item.field, item.old, item.new) for item in change.items] == [("Version", old, None)]


def test_a_version_is_not_swapped_for_a_foreign_one_or_itself(site: Site) -> None:
    client, old = site.client(), version_id(site, "2.1")
    foreign = client.get("project/OTHER/versions").json()[0]["id"]
    for wanted in (int(foreign), int(old), 4711):
        assert client.post(f"version/{old}/removeAndSwap", json={"moveFixIssuesTo": wanted}).status_code == 400
    assert client.get(f"version/{old}").status_code == 200


def test_removed_ids_are_not_used_again(site: Site) -> None:
    client = site.client()
    first = client.post("version", json={"name": "A", "project": "TEST"}).json()["id"]
    client.post(f"version/{first}/removeAndSwap", json={})
    assert client.post("version", json={"name": "A", "project": "TEST"}).json()["id"] != first


def test_components_are_made_renamed_and_removed(site: Site) -> None:
    client = site.client()
    made = client.post("component", json={"name": "Audit", "project": "TEST", "description": "Who did what"})
    assert (made.status_code, made.json()["description"]) == (201, "Who did what")
    path = f"component/{made.json()['id']}"
    assert client.put(path, json={"name": "Audit trail"}).json()["name"] == "Audit trail"
    assert client.get(path).json()["description"] == "Who did what"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_component_names_are_unique_in_a_project(site: Site) -> None:
    client = site.client()
    taken = field_errors(client.post("component", json={"name": "reports", "project": "TEST"}))
    assert taken == {"name": "A component with the name reports already exists in this project."}
    assert "name" in field_errors(client.post("component", json={"name": "", "project": "TEST"}))


def test_issues_of_a_removed_component_get_another_or_none(site: Site) -> None:
    client = site.client()
    ids = {one["name"]: one["id"] for one in client.get("project/TEST/components").json()}
    client.delete(f"component/{ids['Reports']}", params={"moveIssuesTo": ids["Search"]})
    assert names(site, "TEST-1", "components") == ["Search", "Import/Export"]
    client.delete(f"component/{ids['Search']}")
    assert names(site, "TEST-1", "components") == ["Import/Export"]
