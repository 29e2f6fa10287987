"""The sandbox's Enterprise Tester can look as if records were gone that are not, in each way a server has."""

from collections.abc import Iterator

import pytest

from syncer.sandbox.rebuilding import lost
from syncer.sandbox.tester.behaviour import Cut
from tests.syncer.sandbox.tester_stage import PROJECT, VENDOR, Played, Stage

STEP = "0f61b42d-87f9-40b8-89ee-1bc12a6b5dba"
LINKED = "b849f98e-62b2-460c-97ef-49e6c478a3f9"
LISTINGS = ("/api/incidents", "/api/scriptruns")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture(params=["4.6", "6.x"])
def tester(stage: Stage, request: pytest.FixtureRequest) -> Played:
    return stage.play(request.param, incidents=10)


def test_an_index_loses_a_share_of_its_ids_and_always_the_same_ones() -> None:
    ids = [f"id {number}" for number in range(10)]
    assert (lost(ids, 0), lost(ids, 1), lost([], 0.5)) == (frozenset(), frozenset(ids), frozenset())
    assert [len(lost(ids, share)) for share in (0.01, 0.5, 0.51)] == [1, 5, 6]
    assert lost(reversed(ids), 0.5) == lost(ids, 0.5) < lost(ids, 0.7)


@pytest.mark.parametrize(("share", "left"), [(0.5, 5), (0.01, 9), (1, 0)])
def test_an_index_being_rebuilt_lacks_incidents_read_by_id(tester: Played, share: float, left: int) -> None:
    whole = tester.ids(top=100)
    tester.behaviour.index_rebuilding = share
    told = tester.read("/api/incidents", top=100)
    seen = [item["Id"] for item in told["Items"]]
    assert (len(whole), len(seen), told["Total"]) == (10, left, left)
    assert tester.ids(top=100) == seen
    for incident in whole:
        assert tester.get(f"/api/incident/{incident}").status_code == 200
    tester.behaviour.index_rebuilding = 0
    assert tester.ids(top=100) == whole


def test_an_index_being_rebuilt_lacks_runs_whose_steps_are_read_by_id(tester: Played) -> None:
    tester.behaviour.index_rebuilding = 1
    assert tester.read("/api/scriptruns", tql=f'Project = "{PROJECT}"')["Items"] == []
    assert tester.get(f"/api/stepresult/{STEP}/incident/{LINKED}").status_code == 200


@pytest.mark.parametrize(("cut", "held"), [("short", [4, 2, 1]), ("empty", [4, 0, 0])])
@pytest.mark.parametrize("path", LISTINGS)
def test_a_cut_page_holds_less_than_its_total_says(tester: Played, path: str, cut: Cut, held: list[int]) -> None:
    total = tester.read(path)["Total"]
    tester.behaviour.cut_pages = cut
    pages = [tester.read(path, top=top, skip=skip) for top, skip in ((4, 0), (4, 4), (1, total - 1))]
    assert [len(page["Items"]) for page in pages] == held
    assert {page["Total"] for page in pages} == {total}


def test_whoever_reads_on_after_a_short_page_misses_nothing(tester: Played) -> None:
    tester.behaviour.cut_pages = "short"
    seen: list[str] = []
    while page := tester.ids(top=4, skip=len(seen)):
        seen += page
    assert len(seen) == len(set(seen)) == 10


def test_comments_are_cut_like_any_other_listing(tester: Played) -> None:
    for number in range(4):
        tester.model.comment(VENDOR, body=f"Remark {number}")
    tester.behaviour.cut_pages = "empty"
    path = f"/api/incident/{VENDOR}/comments"
    told = tester.read(path, top=2, skip=2, inlinecount="allpages")
    assert told["Items"] == []
    assert told["Total"] >= 4


def test_at_the_wrong_site_everything_is_unknown_but_the_log_in_works(tester: Played) -> None:
    tester.behaviour.wrong_site = True
    for path in (
        f"/api/project/{PROJECT}",
        f"/api/project/{PROJECT}/picklist/Version",
        f"/api/incident/{VENDOR}",
        f"/api/incident/{VENDOR}/comments",
        f"/api/stepresult/{STEP}/incident/{LINKED}",
        f"/api/scriptrun/{tester.model.runs.step(STEP).run_id}",
    ):
        assert tester.get(path).status_code == 404
    for path in ("/api/projects", *LISTINGS, "/api/externalsystemlinks"):
        assert tester.read(path)["Items"] == []
    assert tester.post(Summary="x").status_code == 403
    assert tester.call("DELETE", f"/api/incident/{VENDOR}").status_code == 404
    assert tester.get("/api/systeminfo").status_code == 200
    tester.behaviour.wrong_site = False
    assert tester.get(f"/api/incident/{VENDOR}").status_code == 200


def test_who_may_only_read_is_refused_every_write_and_told_why(tester: Played) -> None:
    before = tester.model.incidents()
    tester.behaviour.read_only = True
    link = f"/api/stepresult/{STEP}/incident/{LINKED}"
    for method, path, body in (
        ("POST", "/api/incidents", {"ProjectId": PROJECT, "Summary": "x"}),
        ("PUT", f"/api/incident/{VENDOR}", {"Summary": "x"}),
        ("DELETE", f"/api/incident/{VENDOR}", None),
        ("POST", f"/api/stepresult/{STEP}/incidents", {"IncidentId": VENDOR}),
        ("DELETE", link, None),
        ("POST", "/api/systemevents", {"Message": "x"}),
    ):
        answer = tester.call(method, path, json=body)
        assert answer.status_code == 403
        assert "permission" in answer.json()["Message"]
    assert tester.model.incidents() == before
    assert tester.get(link).status_code == 200
    assert len(tester.ids()) == 10


def test_who_may_not_delete_may_still_edit(tester: Played) -> None:
    tester.behaviour.delete_forbidden = True
    answer = tester.call("DELETE", f"/api/incident/{VENDOR}")
    assert answer.status_code == 403
    assert "permission" in answer.json()["Message"]
    assert tester.call("DELETE", f"/api/incident/{PROJECT}").status_code == 404
    assert tester.put(VENDOR, Summary="Still there").status_code == 200


def test_the_switches_are_set_over_http(tester: Played) -> None:
    wanted = {"index_rebuilding": 0.5, "cut_pages": "short", "hidden_step_results": [STEP], "read_only": True}
    url = f"{tester.root}/_sandbox/behaviour"
    assert wanted.items() <= tester.client.patch(url, json=wanted).json().items()
    for nonsense in ({"index_rebuilding": 1.5}, {"cut_pages": "often"}):
        assert tester.client.patch(url, json=nonsense).status_code == 400
