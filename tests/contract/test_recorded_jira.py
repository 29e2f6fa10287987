"""Real answers of Jira Cloud, recorded by another project: the adapter reads them, and the sandbox gives no less.

The recordings are no part of this project; where they are absent, so is this promise, and the test says so.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mappings.fields import Shape
from syncer.core.records import CommentDraft, Draft, Present, Record
from syncer.issues import IssueProject
from syncer.issues.fields import custom_field
from tests.contract.bench import mark, twin
from tests.contract.issue_bench import IssueBench, JiraServer, bench_before
from tests.syncer.issues.scripted import Answer, Request, Scripted

RECORDED = Path(__file__).parents[3] / "shared" / "recorded" / "jira-cloud-v2-sample.json"
pytestmark = pytest.mark.skipif(not RECORDED.exists(), reason=f"The recorded exchanges aren't there: {RECORDED}")

FIELDS = frozenset({"summary", "description", "issuetype", "status", "priority", "resolution", "labels", "created"})
SITES_OWN = frozenset({"parent", "attachment", "issuelinks"})
"""What the recorded site's screens hold and the sandbox's don't: each site decides that for itself."""


def recorded() -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else []
    return told


def path_of(exchange: dict[str, Any]) -> str:
    """The path and query below the API."""
    return re.sub(r"^.*/rest/api/(2|latest)/", "", exchange["request"]["url"])


def bodies(method: str, pattern: str) -> list[Any]:
    """The recorded answers to requests of this kind."""
    return [
        each["response"]["body"]
        for each in recorded()
        if each["request"]["method"] == method and re.fullmatch(pattern, path_of(each))
    ]


ISSUES = {each["id"]: each for each in bodies("GET", "issue/[A-Z]+-[0-9]+")}


def play(request: Request) -> Answer | None:
    """The recorded answer; what wasn't recorded is made of what was. No bulk: each issue is given by itself."""
    path = request.path.removeprefix("/rest/api/2/")
    if path in ("serverInfo", "field"):
        return Answer(body=bodies("GET", path)[0])
    if path == "issue/bulkfetch":
        return Answer(body={"issues": [], "issueErrors": []})
    if request.method == "POST" and path == "issue":
        return Answer(201, bodies("POST", "issue")[0])
    if path.endswith("/comment"):
        return Answer(201, bodies("POST", "issue/[0-9]+/comment")[0])
    if path.endswith("/transitions"):
        return Answer(204, headers={"Content-Type": "text/html;charset=UTF-8"})
    if request.method == "PUT":
        return Answer(204)
    if path.startswith("project/"):
        return Answer(body=next(iter(ISSUES.values()))["fields"]["project"])
    issue = ISSUES.get(path.removeprefix("issue/"))
    return None if issue is None else Answer(body=issue)


@pytest.fixture
def replayed() -> Iterator[IssueProject]:
    with Scripted(play) as server:
        yield IssueProject(
            server.client(),
            project="NTEST",
            only=None,
            issue_type=None,
            installation="demo",
            fields=FIELDS,
            transition_fields={},
        )


def present(project: IssueProject, issue_id: str) -> Record:
    [(_, seen)] = project.read([issue_id])
    assert isinstance(seen, Present), seen
    return seen.record


@pytest.mark.parametrize("issue_id", list(ISSUES))
def test_a_real_issue_is_read_with_all_that_is_mapped(replayed: IssueProject, issue_id: str) -> None:
    told, record = ISSUES[issue_id], present(replayed, issue_id)
    fields = told["fields"]
    assert (record.id, record.key) == (issue_id, told["key"])
    assert set(record.values) == FIELDS
    assert record.values["summary"] == fields["summary"]
    assert record.values["description"] == (fields["description"] or None)
    assert record.values["status"] == fields["status"]["id"]
    assert record.values["labels"] == frozenset(fields["labels"])
    assert record.updated_at == datetime.fromisoformat(fields["updated"]).astimezone(UTC)
    assert record.mark is None
    assert len(record.comments or ()) == fields["comment"]["total"]


def test_a_real_server_s_time_and_address_are_understood() -> None:
    with Scripted(play) as server:
        client = server.client()
        assert client.now() == datetime(2025, 5, 24, 11, 12, 37, 200000, UTC)
        assert (client.deployment.cloud, client.deployment.site) == (True, "https://example.atlassian.net")


def test_the_answers_to_real_writes_are_understood(replayed: IssueProject) -> None:
    [made] = bodies("POST", "issue")
    assert replayed.create(Draft({"summary": "new engagement", "issuetype": "10000"}, twin())).id == made["id"]
    [said] = bodies("POST", "issue/[0-9]+/comment")
    comment = replayed.add_comment(made["id"], CommentDraft("Jane Doe", "Seen again.", mark(5)))
    assert (comment.id, comment.created_at) == (said["id"], datetime.fromisoformat(said["created"]).astimezone(UTC))
    with Scripted(play) as server:
        client = server.client()
        assert client.put({"fields": {}}, "issue", made["id"]) is None
        assert client.post({"transition": {"id": "41"}}, "issue", made["id"], "transitions") is None


def test_every_real_field_is_either_understood_or_left_alone() -> None:
    [rows] = bodies("GET", "field")
    custom = [custom_field(row) for row in rows if row["custom"]]
    shapes: list[Shape | None] = [field.kind.shape if field.kind else None for field in custom]
    assert all(field.name and field.told for field in custom)
    assert {"text", "number", "date", "choice", "choices", "user", None} <= set(shapes)


class TestSandbox:
    """Each recorded answer has its like in the sandbox, with at least its members and with the same types."""

    @pytest.fixture
    def bench(self) -> Iterator[IssueBench]:
        server = JiraServer("cloud")
        with bench_before(server, "cloud") as live:
            yield live
        server.stop()

    def test_an_issue_shows_what_a_real_one_shows(self, bench: IssueBench) -> None:
        mine = bench.person_creates("Whole", description="Text", labels=["a"], fixVersions=[{"name": "1.0"}])
        shown = bench.person_sends("GET", f"issue/{mine}").json()
        for told in ISSUES.values():
            assert lacking(told, shown) == []

    def test_creating_and_commenting_answer_as_they_really_do(self, bench: IssueBench) -> None:
        asked = {"project": {"key": "TEST"}, "issuetype": {"name": "Bug"}, "summary": "Made"}
        made = bench.person_sends("POST", "issue", {"fields": asked}).json()
        assert lacking(bodies("POST", "issue")[0], made) == []
        said = bench.person_sends("POST", f"issue/{made['id']}/comment", {"body": "Hello"}).json()
        assert lacking(bodies("POST", "issue/[0-9]+/comment")[0], said) == []

    def test_the_server_tells_of_itself_what_a_real_one_does(self, bench: IssueBench) -> None:
        assert lacking(bodies("GET", "serverInfo")[0], bench.person_sends("GET", "serverInfo").json()) == []

    def test_the_create_screen_is_told_as_a_real_one(self, bench: IssueBench) -> None:
        query = "projectKeys=TEST&issuetypeNames=Task&expand=projects.issuetypes.fields"
        shown = bench.person_sends("GET", f"issue/createmeta?{query}").json()
        assert lacking(bodies("GET", r"issue/createmeta\?.*")[0], shown) == []

    def test_fields_are_listed_as_real_ones(self, bench: IssueBench) -> None:
        ours = {row["id"]: row for row in bench.person_sends("GET", "field").json()}
        plugins = {row["schema"].get("custom"): row for row in ours.values() if row["custom"]}
        [rows] = bodies("GET", "field")
        both = [(row, ours[row["id"]]) for row in rows if row["id"] in ours and not row["custom"]]
        alike = [(row, plugins[custom]) for row in rows if (custom := row.get("schema", {}).get("custom")) in plugins]
        assert len(both) >= 15
        assert len(alike) >= 3
        for real, shown in (*both, *alike):
            assert lacking({name: real[name] for name in real if name != "scope"}, shown) == []


def lacking(real: Any, ours: Any, place: str = "") -> list[str]:
    """The places where our answer lacks what the real one has, or has it in another type. A real null says nothing
    of its type; of a list each element is held against our first one."""
    if real is None:
        return []
    if type(real) is not type(ours) and {type(real), type(ours)} != {int, float}:
        return [f"{place}: {type(ours).__name__}, not {type(real).__name__}"]
    if isinstance(real, dict):
        names = [name for name in real if not name.startswith("customfield_") and name not in SITES_OWN - {*ours}]
        absent = [f"{place}.{name}: absent" for name in names if name not in ours]
        return absent + [
            each for name in names if name in ours for each in lacking(real[name], ours[name], f"{place}.{name}")
        ]
    if isinstance(real, list) and real and not ours:
        return [f"{place}: empty"]
    if isinstance(real, list):
        return [each for one in real for each in lacking(one, ours[0], f"{place}[]")]
    return []
