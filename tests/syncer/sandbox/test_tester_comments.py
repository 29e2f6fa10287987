"""Comments of the sandbox grow, change and stay as a mirror of them has to expect."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.syncer.sandbox.tester_stage import VENDOR, Played, Stage

FIRST = "36f8985c-040e-44e6-9340-17a5ce68a086"
NEVER = "0001-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture
def tester(stage: Stage) -> Played:
    return stage.play()


def listed(tester: Played, **params: str | int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = tester.read(f"/api/incident/{VENDOR}/comments", **params)["Items"]
    return items


def bodies(tester: Played) -> list[str]:
    return [item["Body"] for item in listed(tester)]


def test_a_comment_without_an_id_is_added_and_the_answer_shows_all(tester: Played) -> None:
    answer = tester.put(VENDOR, Comments=[{"Body": "Second"}])
    assert answer.status_code == 200
    assert [one["Body"] for one in answer.json()["Comments"]][1:] == ["Second"]
    assert "Comments" not in answer.json()["Expands"]
    assert len(bodies(tester)) == 2


def test_comments_come_with_a_new_incident_too(tester: Played) -> None:
    made = tester.post(Summary="x", Comments=[{"Body": "One"}, {"Body": "Two"}]).json()
    assert [one["Body"] for one in made["Comments"]] == ["One", "Two"]
    assert made["Comments"][0]["Self"] == f"{made['Self']}/comment/{made['Comments'][0]['Id']}"


def test_an_answer_without_comments_in_the_request_does_not_show_them(tester: Played) -> None:
    assert "Comments" not in tester.put(VENDOR, Summary="x", Comments=None).json()


def test_a_comment_moves_the_incidents_last_update(tester: Played) -> None:
    answer = tester.put(VENDOR, Comments=[{"Body": "Second"}]).json()
    assert answer["LastUpdatedAt"] == answer["Comments"][1]["CreatedAt"] == "2026-03-01T12:00:00Z"


def test_a_comment_with_an_id_is_edited_and_the_others_stay(tester: Played) -> None:
    second = tester.model.comment(VENDOR, by="annak", body="Second")
    tester.clock.pass_by(60)
    tester.put(VENDOR, Comments=[{"Id": second.upper(), "Body": "Second, better"}])
    seen = listed(tester)[1]
    assert bodies(tester)[1:] == ["Second, better"]
    assert (seen["CreatedByUserName"], seen["LastUpdatedByUserName"]) == ("annak", "syncer")
    assert (seen["CreatedAt"], seen["LastUpdatedAt"]) == ("2026-03-01T12:00:00Z", "2026-03-01T12:01:00Z")


def test_a_server_may_refuse_to_edit_comments(tester: Played) -> None:
    tester.behaviour.comment_edit_accepted = False
    answer = tester.put(VENDOR, Comments=[{"Id": FIRST, "Body": "Changed"}, {"Body": "New"}])
    assert answer.status_code == 403
    assert len(bodies(tester)) == 1
    tester.model.edit_comment(VENDOR, FIRST, by="joeb", body="A person can")
    assert bodies(tester) == ["A person can"]


def test_a_server_may_take_the_list_for_the_whole_truth(tester: Played) -> None:
    tester.behaviour.comments_replace = True
    tester.model.comment(VENDOR, body="Second")
    kept = listed(tester)[0]
    tester.put(VENDOR, Comments=[{"Id": kept["Id"], "Body": kept["Body"]}, {"Body": "Third"}])
    assert bodies(tester) == [kept["Body"], "Third"]
    assert listed(tester)[0]["LastUpdatedAt"] == NEVER
    tester.put(VENDOR, Comments=[])
    assert bodies(tester) == []


def test_an_empty_list_changes_no_comment(tester: Played) -> None:
    tester.put(VENDOR, Comments=[])
    assert len(bodies(tester)) == 1


def test_a_comment_nobody_edited_is_listed_as_never_updated(tester: Played) -> None:
    expanded = tester.read(f"/api/incident/{VENDOR}", expand="Comments")["Comments"][0]
    assert listed(tester)[0]["LastUpdatedAt"] == NEVER
    assert expanded["LastUpdatedAt"] == expanded["CreatedAt"]
    tester.behaviour.fresh_comment_never_updated = False
    assert listed(tester)[0] == expanded


def test_author_and_time_of_a_new_comment_are_taken_over_or_not(tester: Played) -> None:
    anna = tester.model.catalogue.user_named("annak").id
    said = {"Body": "Old", "CreatedById": anna.upper(), "CreatedAt": "2020-01-02T03:04:05+01:00"}
    tester.put(VENDOR, Comments=[said])
    honoured = listed(tester)[-1]
    assert (honoured["CreatedByUserName"], honoured["CreatedAt"]) == ("annak", "2020-01-02T02:04:05Z")
    tester.behaviour.comment_author_honoured = False
    tester.put(VENDOR, Comments=[said])
    ignored = listed(tester)[-1]
    assert (ignored["CreatedByUserName"], ignored["CreatedAt"]) == ("syncer", "2026-03-01T12:00:00Z")


@pytest.mark.parametrize("profile", ["4.6", "6.x"])
def test_the_id_of_the_ticket_comment_is_kept_and_told_in_46_only(stage: Stage, profile: Any) -> None:
    tester = stage.play(profile)
    tester.put(VENDOR, Comments=[{"Body": "Second", "TicketCommentId": "10017"}])
    assert tester.model.incident(VENDOR).comments[1].ticket_comment_id == "10017"
    seen = listed(tester)[1]
    assert seen.get("TicketCommentId") == ("10017" if profile == "4.6" else None)
    assert ("TicketCommentId" in seen) == (profile == "4.6")


def test_comments_come_in_pages_of_25_oldest_first(tester: Played) -> None:
    for number in range(30):
        tester.clock.pass_by(1)
        tester.model.comment(VENDOR, body=f"{number}")
    page = tester.read(f"/api/incident/{VENDOR}/comments")
    assert list(page) == ["Items"]
    assert len(page["Items"]) == 25
    rest = tester.read(f"/api/incident/{VENDOR}/comments", skip=25, top=100, inlinecount="allpages")
    assert (rest["Skip"], rest["Top"], rest["Total"]) == (25, 100, 31)
    assert [item["Body"] for item in rest["Items"]] == ["24", "25", "26", "27", "28", "29"]


def test_there_is_no_resource_of_a_single_comment(tester: Played) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert tester.call(method, f"/api/incident/{VENDOR}/comment/{FIRST}", json={}).status_code == 404


def test_a_person_can_delete_a_comment(tester: Played) -> None:
    tester.model.delete_comment(VENDOR, FIRST)
    assert bodies(tester) == []
    with pytest.raises(Exception, match="no comment with the id"):
        tester.model.delete_comment(VENDOR, FIRST)
