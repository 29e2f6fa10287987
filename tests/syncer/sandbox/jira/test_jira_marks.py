"""Entity properties and remote links: what a mirror leaves on an issue to find it again."""

from typing import Any

import pytest

from tests.syncer.sandbox.jira.jira_server import Site, field_errors

LINK = {"globalId": "et=1&incident=A-1", "object": {"url": "http://et.example.com/a", "title": "A-1"}}


def put_link(site: Site, sent: dict[str, Any]) -> tuple[int, int]:
    answer = site.client().post("issue/TEST-3/remotelink", json=sent)
    assert answer.status_code in (200, 201), answer.text
    return answer.status_code, answer.json()["id"]


def links(site: Site) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.client().get("issue/TEST-3/remotelink").json()
    return found


def test_properties_of_issues_come_and_go(site: Site) -> None:
    client, path = site.client(), "issue/TEST-3/properties/et.mirror"
    assert client.get(path).status_code == 404
    assert client.put(path, json={"id": 1}).status_code == 201
    assert client.put(path, json={"id": 2}).status_code == 200
    assert client.get(path).json() == {"key": "et.mirror", "value": {"id": 2}}
    assert [one["key"] for one in client.get("issue/TEST-3/properties").json()["keys"]] == ["et.mirror"]
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 404


def test_property_limits_are_kept(site: Site) -> None:
    client = site.client()
    assert client.put("issue/TEST-3/properties/" + "k" * 255, json="x" * 32_766).status_code == 201
    assert client.put("issue/TEST-3/properties/" + "k" * 256, json=1).status_code == 400
    assert client.put("issue/TEST-3/properties/k", json="x" * 32_767).status_code == 400
    empty = client.put("issue/TEST-3/properties/k", content=b"", headers={"content-type": "application/json"})
    assert empty.status_code == 400
    bad = {"fields": {}, "properties": [{"key": "k" * 256, "value": 1}]}
    assert client.put("issue/TEST-3", json=bad).status_code == 400


def test_an_edit_can_set_properties(site: Site) -> None:
    sent = {"properties": [{"key": "a", "value": [1]}]}
    assert site.client().put("issue/TEST-3", json=sent).status_code == 204
    assert site.model.issue("TEST-3").properties == {"a": [1]}


def test_a_remote_link_is_created_once_and_then_updated(site: Site) -> None:
    created, updated = (201, 200) if site.model.cloud else (200, 200)
    first = put_link(site, LINK)
    assert first[0] == created
    assert put_link(site, {**LINK, "object": {**LINK["object"], "title": "New"}}) == (updated, first[1])  # type: ignore[dict-item]  # LINK holds a mapping there
    assert [one["object"]["title"] for one in links(site)] == ["New"]


def test_an_update_forgets_what_it_doesnt_say(site: Site) -> None:
    full = {**LINK, "relationship": "mirrors", "application": {"type": "et", "name": "ET"}}
    put_link(
        site,
        {**full, "object": {"url": "http://a/", "title": "T", "summary": "S", "status": {"resolved": True}}},
    )
    assert links(site)[0]["relationship"] == "mirrors"
    put_link(site, LINK)
    [link] = links(site)
    assert "relationship" not in link
    assert (link["application"], "summary" in link["object"], link["object"]["status"]) == (
        {},
        False,
        {"icon": {}},
    )


def test_a_link_is_found_and_deleted_by_its_global_id(site: Site) -> None:
    _, number = put_link(site, LINK)
    client = site.client()
    by_global_id = {"globalId": "et=1&incident=A-1"}
    assert client.get("issue/TEST-3/remotelink", params=by_global_id).json()["id"] == number
    assert client.get(f"issue/TEST-3/remotelink/{number}").json()["globalId"] == LINK["globalId"]
    assert client.delete("issue/TEST-3/remotelink", params=by_global_id).status_code == 204
    assert client.get("issue/TEST-3/remotelink", params=by_global_id).status_code == 404
    assert client.delete("issue/TEST-3/remotelink", params=by_global_id).status_code == 404
    assert client.delete("issue/TEST-3/remotelink").status_code == 400


def test_a_link_is_deleted_by_its_id(site: Site) -> None:
    _, number = put_link(site, LINK)
    assert site.client().delete(f"issue/TEST-3/remotelink/{number}").status_code == 204
    assert links(site) == []
    assert site.client().delete(f"issue/TEST-3/remotelink/{number}").status_code == 404


def test_links_without_a_global_id_are_always_new(site: Site) -> None:
    sent = {"object": LINK["object"]}
    assert put_link(site, sent)[1] != put_link(site, sent)[1]
    assert len(links(site)) == 2


@pytest.mark.parametrize(
    ("shown", "field", "reason"),
    [
        ({"url": "http://a/"}, "title", "'title' is required."),
        ({"title": "T"}, "url", "'url' is required."),
        ({"url": "a", "title": "T"}, "url", "must be an absolute URL"),
        ({"url": "http://a/", "title": "T" * 256}, "title", "must not be longer than 255"),
        ({"url": "http://a/" + "x" * 2000, "title": "T"}, "url", "must not be longer than 2000"),
        ({"url": "http://a/", "title": 5}, "title", "must be text"),
    ],
)
def test_links_that_cant_be_taken_are_refused(site: Site, shown: dict[str, Any], field: str, reason: str) -> None:
    answer = site.client().post("issue/TEST-3/remotelink", json={"object": shown})
    assert reason in field_errors(answer)[field]
    assert links(site) == []


def test_global_ids_have_a_limit(site: Site) -> None:
    answer = site.client().post("issue/TEST-3/remotelink", json={**LINK, "globalId": "g" * 256})
    assert "255" in field_errors(answer)["globalId"]


def test_an_issue_takes_two_thousand_links(site: Site) -> None:
    client = site.client()
    issue = site.model.issue("TEST-3")
    _, number = put_link(site, LINK)
    issue.remote_links.update({str(-place): issue.remote_links[str(number)] for place in range(1, 2000)})
    assert client.post("issue/TEST-3/remotelink", json={"object": LINK["object"]}).status_code == 413


@pytest.mark.parametrize("moves", [True, False])
def test_links_and_properties_move_updated_only_where_that_is_switched_on(site: Site, moves: bool) -> None:
    behaviour, issue, client = site.model.behaviour, site.model.issue("TEST-3"), site.client()
    behaviour.remote_link_moves_updated = moves
    before = issue.fields["updated"]
    put_link(site, LINK)
    assert (issue.fields["updated"] != before) == moves
    site.clock.pass_time(minutes=1)
    behaviour.remote_link_moves_updated, behaviour.property_moves_updated = False, moves
    before = issue.fields["updated"]
    client.put("issue/TEST-3/properties/p", json=1)
    assert (issue.fields["updated"] != before) == moves
