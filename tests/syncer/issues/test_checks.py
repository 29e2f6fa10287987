"""Promises about `syncer check` and the catalogue on the issue side."""

from dataclasses import replace
from typing import Any

import pytest

from syncer.issues import IssueProject, JiraClient, Login
from syncer.ports import Needs
from syncer.sandbox import cast
from syncer.sandbox.jira.views import fields as field_views
from tests.contract.issue_bench import IssueBench
from tests.syncer.issues.scripted import Answer, Request, Scripted

SOUND = Needs(writes=True, filled=frozenset({"summary", "assignee"}))


def problems(port: IssueProject, needs: Needs = SOUND) -> list[str]:
    return [finding.sentence for finding in port.check(needs) if not finding.ok]


def test_a_sound_setting_is_told_line_by_line(bench: IssueBench) -> None:
    told = "\n".join(finding.sentence for finding in bench.port.check(SOUND))
    kind = "Jira Cloud 1001.0.0" if bench.cloud else "Jira Data Center 10.3.2"
    for word in (kind, bench.url, "Sync Service", "project TEST is visible", "all 8 permissions", "'Bug'", "'Cycle'"):
        assert word in told


@pytest.mark.parametrize(
    ("project", "said"), [("TSET", "did you mean TEST?"), ("ZZZ", "it sees TEST, OTHER"), ("OTEHR", "OTHER?")]
)
def test_a_project_that_is_not_there_is_told_with_those_that_are(bench: IssueBench, project: str, said: str) -> None:
    [sentence] = problems(bench.bound(project=project))
    assert f"no project {project}" in sentence
    assert said in sentence


def test_an_unknown_issue_type_is_told_with_those_that_there_are(bench: IssueBench) -> None:
    [sentence] = problems(bench.bound(issue_type="Defect"))
    assert "'Defect'" in sentence
    assert "Bug, Task" in sentence
    assert problems(bench.bound(issue_type="Defect"), Needs(writes=False)) == []


def test_a_custom_field_that_jira_does_not_have_is_told(bench: IssueBench) -> None:
    [sentence] = problems(bench.bound(fields={"summary", "customfield_10", "customfield_10011"}))
    assert "customfield_10," in sentence
    assert "customfield_10011 (Cycle)" in sentence


def test_deleting_issues_takes_a_permission_of_its_own(bench: IssueBench) -> None:
    bench.behave(delete_forbidden=True)
    assert problems(bench.port) == [], "where nothing is ever deleted it isn't needed"
    [sentence] = problems(bench.port, replace(SOUND, deletes=True))
    assert "'Delete Issues'" in sentence


def test_adding_versions_takes_the_permission_to_administer_the_project(bench: IssueBench) -> None:
    told = "\n".join(finding.sentence for finding in bench.port.check(replace(SOUND, creates_options=True)))
    assert "all 9 permissions" in told


def test_a_custom_field_whose_values_can_not_be_mirrored_is_told_with_their_type(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(field_views._TYPES, "string", ("array", "json"))
    [sentence] = problems(bench.bound(fields={"summary", "customfield_10011"}))
    assert "'Cycle', whose values (array of json) can't be mirrored" in sentence


def test_a_create_screen_that_lacks_or_demands_something_is_told() -> None:
    def script(request: Request) -> Answer | None:
        path = request.path.removeprefix("/rest/api/2/")
        fields = [{"fieldId": name, "name": name.title(), "required": True} for name in ("summary", "reporter", "team")]
        start = int(request.query.get("startAt", 0))
        bodies: dict[str, Any] = {
            "myself": {"accountId": "1", "displayName": "Sync"},
            "project/TEST": {"id": "1", "key": "TEST", "issueTypes": [{"id": "5", "name": "Bug"}]},
            "issue/createmeta/TEST/issuetypes/5": {"values": fields[start : start + 2], "total": 3},
        }
        asked = request.query.get("permissions", "").split(",")
        bodies["mypermissions"] = {"permissions": {key: {"havePermission": True} for key in asked}}
        return Answer(body=bodies[path]) if path in bodies else None

    with Scripted(script) as server:
        port = IssueProject(
            server.client(),
            project="TEST",
            only=None,
            issue_type="Bug",
            installation="demo",
            fields={"summary"},
            transition_fields={},
        )
        lacks, demands = problems(port)
        assert "lacks the field Labels" in lacks
        assert "demands Team (team)" in demands


def test_each_missing_permission_is_told_with_how_to_grant_it() -> None:
    def script(request: Request) -> Answer | None:
        asked = request.query.get("permissions", "").split(",")
        granted = {key: {"name": key.title(), "havePermission": key != "LINK_ISSUES"} for key in asked}
        bodies: dict[str, Any] = {
            "myself": {"accountId": "1", "displayName": "Sync"},
            "project/TEST": {"id": "1", "key": "TEST"},
            "mypermissions": {"permissions": {key: each for key, each in granted.items() if key != "ADD_COMMENTS"}},
        }
        body = bodies.get(request.path.removeprefix("/rest/api/2/"))
        return None if body is None else Answer(body=body)

    with Scripted(script) as server:
        port = IssueProject(
            server.client(),
            project="TEST",
            only=None,
            issue_type=None,
            installation="demo",
            fields={"summary"},
            transition_fields={},
        )
        told = problems(port)
        assert [sentence for sentence in told if "permission scheme" in sentence] == told
        assert "ADD_COMMENTS" in told[0]
        assert "Link_Issues" in told[1]
        assert problems(port, Needs(writes=False)) == []


def test_where_nobody_listens_the_check_says_so_once() -> None:
    client = JiraClient("http://127.0.0.1:9", Login("a", "b"), pauses=())
    port = IssueProject(
        client, project="X", only=None, issue_type=None, installation="demo", fields=(), transition_fields={}
    )
    [sentence] = problems(port)
    assert "http://127.0.0.1:9" in sentence
    port.close()


def test_an_archived_version_is_no_longer_for_choosing(bench: IssueBench) -> None:
    version = bench.port.catalogue().of("version")[0]
    bench.person_sends("PUT", f"version/{version.id}", {"archived": True})
    assert {each.id: each.active for each in bench.port.catalogue().of("version")}[version.id] is False


@pytest.mark.parametrize("hidden", [True, False])
def test_people_are_found_by_login_and_by_address_where_it_is_shown(bench: IssueBench, hidden: bool) -> None:
    bench.behave(emails_hidden=hidden)
    anna = next(each for each in cast.PEOPLE if each.login == "annak")
    user = next(each for each in bench.port.catalogue().of("user") if each.name == anna.display_name)
    expected = {anna.email} if not hidden else set()
    if not bench.cloud:
        expected |= {anna.login}
        assert user.id == anna.login
    assert set(user.aliases) == expected


def test_people_beyond_the_first_page_are_found(bench: IssueBench) -> None:
    whole = {each.id for each in bench.port.catalogue().of("user")}
    bench.cap_pages(1)
    assert whole
    capped = {each.id for each in bench.port.catalogue().of("user")}
    assert capped == whole
