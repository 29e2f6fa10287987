"""Promises about service desks, which the sandbox has none of: what customers must not see never leaves Jira."""

from typing import Any

import pytest

from syncer.core.records import CommentDraft, Mark, Observation, Present, Unknown
from syncer.issues import IssueProject
from tests.syncer.issues.scripted import SERVER_INFO, Answer, Request, Scripted

INTERNAL = {"11": {"internal": True}, "12": {"internal": False}, "13": None}


class Desk:
    """One issue with three comments: 11 is internal, 12 says that it is public, 13 says nothing."""

    def __init__(self, cloud: bool, **shown: Any) -> None:
        self.cloud = cloud
        self.shown = shown
        self.broken = False

    def __call__(self, request: Request) -> Answer | None:
        path = request.path.removeprefix("/rest/api/2/")
        if path.startswith("comment/") and path.endswith("/properties/sd.public.comment"):
            value = INTERNAL[path.split("/")[1]]
            if self.broken:
                return Answer(403, {"errorMessages": ["No."]})
            return Answer(404, {"errorMessages": ["None."]}) if value is None else Answer(body={"value": value})
        bodies: dict[str, Any] = {
            "serverInfo": {**SERVER_INFO, "deploymentType": "Cloud" if self.cloud else "Server"},
            "project/DESK": {"id": "1", "key": "DESK", "projectTypeKey": "service_desk"},
            "issue/bulkfetch": {"issues": [self.issue()]},
            "issue/7": self.issue(),
            "comment/list": {"values": [] if self.broken else [self.comment(key, told=True) for key in INTERNAL]},
        }
        return Answer(body=bodies[path]) if path in bodies else None

    def issue(self) -> dict[str, Any]:
        rows = [self.comment(key) for key in INTERNAL]
        fields = {
            "project": {"id": "1", "key": "DESK"},
            "updated": "2025-07-24T13:05:26.000+0200",
            "comment": {"comments": rows, "total": len(rows)},
        }
        return {"id": "7", "key": "DESK-7", "fields": fields}

    def comment(self, comment_id: str, told: bool = False) -> dict[str, Any]:
        row: dict[str, Any] = {"id": comment_id, "author": {"displayName": "Anna"}, "body": f"Remark {comment_id}"}
        value = INTERNAL[comment_id]
        if "jsdPublic" in self.shown:
            row["jsdPublic"] = value != {"internal": True}
        if told:
            row["properties"] = [] if value is None else [{"key": "sd.public.comment", "value": value}]
        return row


def port(server: Scripted) -> IssueProject:
    return IssueProject(
        server.client(),
        project="DESK",
        only=None,
        issue_type=None,
        installation="demo",
        fields=(),
        transition_fields={},
    )


def observed(server: Scripted) -> Observation:
    [(_, observation)] = port(server).read(["7"])
    return observation


def seen(desk: Desk) -> tuple[list[str] | None, list[str]]:
    """The ids of the comments that are observed, and the paths that were asked for."""
    with Scripted(desk) as server:
        observation = observed(server)
        assert isinstance(observation, Present), observation
        thread = observation.record.comments
        paths = [request.path.removeprefix("/rest/api/2/") for request in server.requests]
        return None if thread is None else [comment.id for comment in thread], paths


@pytest.mark.parametrize("cloud", [True, False])
def test_an_internal_comment_is_never_seen(cloud: bool) -> None:
    ids, _ = seen(Desk(cloud))
    assert ids == ["12", "13"]


@pytest.mark.parametrize("cloud", [True, False])
def test_where_jira_says_itself_what_is_public_nothing_more_is_asked(cloud: bool) -> None:
    ids, paths = seen(Desk(cloud, jsdPublic=True))
    assert ids == ["12", "13"]
    assert not any(path.startswith("comment/") for path in paths)


@pytest.mark.parametrize("cloud", [True, False])
def test_where_it_can_not_be_told_what_is_public_no_comment_is_observed(cloud: bool) -> None:
    desk = Desk(cloud)
    desk.broken = True
    ids, _ = seen(desk)
    assert ids is None


@pytest.mark.parametrize("cloud", [True, False])
def test_what_testers_say_is_not_for_customers_and_is_known_again_as_ours(cloud: bool) -> None:
    sent: dict[str, Any] = {}

    def script(request: Request) -> Answer | None:
        path = request.path.removeprefix("/rest/api/2/")
        if request.method == "POST" and path == "issue/7/comment":
            sent.update(request.body)
            return Answer(201, {"id": "14", "body": request.body["body"], "jsdPublic": False})
        if path in ("issue/7", "issue/bulkfetch"):
            row = {"id": "14", "body": sent["body"], "jsdPublic": False}
            issue = Desk(cloud).issue()
            issue["fields"]["comment"] = {"comments": [row], "total": 1}
            return Answer(body={"issues": [issue]} if path.endswith("bulkfetch") else issue)
        told = {each["key"]: each["value"] for each in sent.get("properties", ())}
        if path == "comment/list":
            return Answer(body={"values": [{"id": "14", "properties": sent["properties"]}]})
        if path.startswith("comment/14/properties/"):
            return Answer(body={"value": told[path.rsplit("/", 1)[1]]})
        return Desk(cloud)(request)

    with Scripted(script) as server:
        made = port(server).add_comment("7", CommentDraft("Jane", "Hush.", Mark("demo", "1")))
        assert {"key": "sd.public.comment", "value": {"internal": True}} in sent["properties"]
        observation = observed(server)
        assert isinstance(observation, Present)
        assert observation.record.comments == (made,)
        assert made.mark == Mark("demo", "1")


def test_an_issue_whose_comments_can_not_be_read_is_unknown() -> None:
    def script(request: Request) -> Answer | None:
        if request.path.endswith("/issue/7/comment"):
            return Answer(500, {"errorMessages": ["Broken."]})
        answer = Desk(True)(request)
        if answer is not None and request.path.endswith("bulkfetch"):
            answer.body["issues"][0]["fields"]["comment"]["total"] = 50
        return answer

    with Scripted(script) as server:
        observation = observed(server)
        assert isinstance(observation, Unknown)
        assert "comments" in observation.reason


@pytest.mark.parametrize(("changes", "ids"), [(1, ["11", "12"]), (2, None)])
def test_comments_that_go_while_they_are_paged_hide_no_other(changes: int, ids: list[str] | None) -> None:
    totals = iter([3] * changes + [2] * 10)
    rows = [Desk(True, jsdPublic=True).comment("12"), Desk(True, jsdPublic=True).comment("13")]

    def script(request: Request) -> Answer | None:
        if request.path.endswith("/issue/7/comment"):
            start = int(request.query["startAt"])
            total = next(totals) if start == 0 else 2
            return Answer(body={"comments": rows[start : start + 1], "total": total, "startAt": start})
        answer = Desk(True)(request)
        if answer is not None and request.path.endswith("bulkfetch"):
            answer.body["issues"][0]["fields"].pop("comment")
        return answer

    with Scripted(script) as server:
        observation = observed(server)
        if ids is None:
            assert isinstance(observation, Unknown)
        else:
            assert isinstance(observation, Present)
            assert [comment.id for comment in observation.record.comments or ()] == ["12", "13"]
