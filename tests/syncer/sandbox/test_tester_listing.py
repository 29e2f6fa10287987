"""The sandbox lists incidents as its query language and its pages promise, and lags when told to."""

from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.sandbox.tester.errors import Refused
from syncer.sandbox.tester.tql import Comparison, Group, Order, parse
from tests.syncer.sandbox.tester_stage import NOBODY, PROJECT, VENDOR, Played, Stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture
def tester(stage: Stage) -> Played:
    return stage.play()


@pytest.fixture
def shop(stage: Stage) -> Played:
    """A server with four incidents of our own, a second apart."""
    tester = stage.play(incidents=0)
    for members in (
        {"Summary": "Alpha report", "Status": "Open", "Components": ["Reports", "Search"], "AssignedTo": "annak"},
        {"Summary": "beta REPORT", "Status": "Closed", "Priority": "High"},
        {"Summary": "Gamma", "Status": "In Progress", "Type": "Task", "FieldValues": {"Jira key": "TEST-7"}},
        {"Summary": 'It\'s "delta"', "Status": "Open", "Components": ["Checkout"], "AssignedTo": "joeb"},
    ):
        tester.model.create_incident(**members)
        tester.clock.pass_by(1)
    return tester


def summaries(tester: Played, tql: str) -> list[str]:
    return [item["Summary"].split()[0] for item in tester.read("/api/incidents", tql=tql)["Items"]]


@pytest.mark.parametrize(
    ("tql", "found"),
    [
        ("", "It's Gamma beta Alpha"),
        ("Project = 'Test Project'", "It's Gamma beta Alpha"),
        (f"project = {PROJECT.upper()}", "It's Gamma beta Alpha"),
        ("Project = 'Another'", ""),
        ("Name ~ 'report'", "beta Alpha"),
        ("Name = 'gamma'", "Gamma"),
        ('Name = "It\'s \\"delta\\""', "It's"),
        ("Status = Open", "It's Alpha"),
        ("Status != Open", "Gamma beta"),
        ('Status IN [Open, "In Progress"]', "It's Gamma Alpha"),
        ('Status not in [Open, "In Progress"]', "beta"),
        ("Priority = High OR Type = Task", "Gamma beta"),
        ("Component = Search", "Alpha"),
        ("Component != Search", "It's Gamma beta"),
        ("Component IN [Search, Checkout]", "It's Alpha"),
        ("AssignedTo = annak", "Alpha"),
        ("AssignedTo NOT IN [annak, joeb]", "Gamma beta"),
        ("'Jira key' = 'TEST-7'", "Gamma"),
        ('"jira key" ~ test', "Gamma"),
        ("Status = Open AND Component = Reports OR Name = Gamma", "Gamma Alpha"),
        ("Status = Open AND (Component = Reports OR Name = Gamma)", "Alpha"),
        ("Status = Unheard", ""),
        ("Project = 'Test Project' ORDER BY CreatedAt", "Alpha beta Gamma It's"),
        ("ORDER BY CreatedAt DESC", "It's Gamma beta Alpha"),
        ("Name ~ a order by name asc", "Alpha beta Gamma It's"),
    ],
)
def test_tql_finds(shop: Played, tql: str, found: str) -> None:
    assert summaries(shop, tql) == found.split()


def test_tql_finds_by_id(shop: Played) -> None:
    first, second, *_ = (one.id for one in shop.model.incidents())
    assert shop.ids(tql=f"Id = {first.upper()}") == [first]
    assert shop.ids(tql=f"Id IN ['{first}', {second}, {NOBODY}]") == [second, first]


@pytest.mark.parametrize(
    "tql",
    [
        "Status",
        "Status =",
        "= Open",
        "Status = Open AND",
        "(Status = Open",
        "Status = Open)",
        "Status IN (Open)",
        "Status IN []",
        "Status IN [Open",
        "Status NOT [Open]",
        "Status > Open",
        "Status ~ Open",
        "Colour = red",
        "CreatedAt = '2012-01-01'",
        "Id != x",
        "Status = Open Status = Closed",
        "Status = 'Open",
        "Status = {Open}",
        "ORDER BY",
        "ORDER CreatedAt",
        "ORDER BY Colour",
        "ORDER BY CreatedAt SIDEWAYS",
    ],
)
def test_tql_that_is_not_understood_is_403(tester: Played, tql: str) -> None:
    answer = tester.get("/api/incidents", tql=tql)
    assert answer.status_code == 403
    assert "TQL" in answer.json()["Message"]


@given(st.text(alphabet="aOR ND=!~[](),'\"\\{}INTBYDESC", max_size=40))
def test_any_text_is_either_understood_or_refused(text: str) -> None:
    with suppress(Refused):
        parse(text)


def test_and_binds_closer_than_or() -> None:
    a, b, c = (Comparison(name, "=", ("1",)) for name in "abc")
    assert parse("a=1 OR b=1 AND c=1").condition == Group("OR", (a, Group("AND", (b, c))))
    assert parse("a=1 order by x desc, y").order == (Order("x", True), Order("y", False))


def test_a_page_tells_where_it_is(tester: Played) -> None:
    page = tester.read("/api/incidents", top=1, skip=1)
    assert (page["Skip"], page["Top"], page["Total"], len(page["Items"])) == (1, 1, 2, 1)


def test_pages_are_25_long_and_never_longer_than_the_cap(stage: Stage) -> None:
    tester = stage.play(incidents=60)
    assert len(tester.ids()) == 25
    tester.behaviour.page_cap = 40
    page = tester.read("/api/incidents", top=1000)
    assert (page["Top"], len(page["Items"]), page["Total"]) == (40, 40, 60)
    assert len(set(tester.ids(top=40) + tester.ids(top=40, skip=40))) == 60


@pytest.mark.parametrize("params", [{"top": -1}, {"top": "all"}, {"skip": "x"}, {"inlinecount": "some"}])
def test_a_page_that_makes_no_sense_is_403(tester: Played, params: dict[str, str | int]) -> None:
    assert tester.get("/api/incidents", **params).status_code == 403


def test_listings_show_the_expansions_asked_for(tester: Played) -> None:
    item = tester.read("/api/incidents", expand="FieldValues,Comments", tql=f"Id = {VENDOR}")["Items"][0]
    assert item == tester.read(f"/api/incident/{VENDOR}", expand="FieldValues,Comments")


def test_a_change_moves_an_incident_to_the_front(shop: Played) -> None:
    oldest = shop.ids()[-1]
    shop.put(oldest, Summary="Now the newest")
    assert shop.ids()[0] == oldest


def test_a_lagging_index_shows_the_past_while_a_read_by_id_is_current(shop: Played) -> None:
    shop.clock.pass_by(100)
    changed, deleted, *_ = (one.id for one in shop.model.incidents())
    shop.behaviour.index_lag_seconds = 10
    shop.put(changed, Summary="Changed")
    shop.call("DELETE", f"/api/incident/{deleted}")
    made = shop.post(Summary="New").json()["Id"]
    assert shop.read(f"/api/incident/{changed}")["Summary"] == "Changed"
    assert shop.get(f"/api/incident/{made}").status_code == 200
    assert shop.get(f"/api/incident/{deleted}").status_code == 404
    assert summaries(shop, "Name ~ Changed") == []
    assert made not in shop.ids()
    assert deleted in shop.ids()
    shop.clock.pass_by(10)
    assert summaries(shop, "Name ~ Changed") == ["Changed"]
    assert made in shop.ids()
    assert deleted not in shop.ids()


def test_everybody_must_log_in(tester: Played) -> None:
    url = f"{tester.model.base_url}/api/incidents"
    for auth in (None, ("syncer", "wrong"), ("nobody", "sandbox"), ("leftus", "sandbox")):
        answer = httpx.get(url, auth=auth)
        assert answer.status_code == 401
        assert answer.json()["Message"]
    for header in ("Bearer abc", "Basic !", "Basic", "Basic /w=="):
        assert httpx.get(url, headers={"Authorization": header}).status_code == 401
    assert httpx.get(url, auth=("joeb", "sandbox")).status_code == 200


def test_credentials_can_expire(tester: Played) -> None:
    tester.behaviour.credentials_expired = True
    assert tester.get("/api/incidents").status_code == 401
    assert tester.put(VENDOR, Summary="x").status_code == 401


def test_errors_can_come_as_pages_of_html_but_a_403_never_does(tester: Played) -> None:
    tester.behaviour.error_pages = True
    for path in ("/api/incident/x", "/api/unheard"):
        answer = tester.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert tester.get("/api/incidents", tql="x").json()["Message"]


@pytest.mark.parametrize("pages", [False, True])
def test_an_error_of_the_server_itself_is_500(tester: Played, pages: bool) -> None:
    tester.behaviour.error_pages = pages
    tester.behaviour.page_cap = "broken"  # type: ignore[assignment]  # wrong on purpose
    # By a connection of its own: the server closes it after such an answer.
    answer = httpx.get(f"{tester.model.base_url}/api/incidents", auth=("syncer", "sandbox"))
    assert answer.status_code == 500
    assert ("<h1>Server Error</h1>" in answer.text) == pages


def test_a_path_outside_the_application_is_404(tester: Played) -> None:
    assert httpx.get(f"{tester.root}/api/incidents", auth=("syncer", "sandbox")).status_code == 404
