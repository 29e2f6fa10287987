"""The lists: newest change first, searched by words, fifty to a page, with the twin beside each record."""

import re
from collections.abc import Iterator

import pytest

from syncer.sandbox.server import Sandbox
from tests.syncer.sandbox.pages.visitor import Visitor


@pytest.fixture(scope="module")
def full() -> Iterator[Sandbox]:
    with Sandbox(incidents=120) as sandbox:
        for number in range(60):
            sandbox.jira.create(by="joeb", summary=f"Lamp {number}")
        yield sandbox


def keys(page: str) -> list[str]:
    return re.findall(r'class="key" id="[^"]*" href="[^"]*">([^<]+)<', page)


@pytest.mark.parametrize("side", ["tester", "jira"])
def test_fifty_to_a_page_and_every_record_once(full: Sandbox, side: str) -> None:
    total = {"tester": 120, "jira": 69}[side]
    with Visitor(full.tester_page if side == "tester" else full.jira_page) as visitor:
        seen: list[str] = []
        for number in range(1, -(-total // 50) + 1):
            page = visitor.read(f"{visitor.home}?page={number}")
            assert f"page {number} of" in page
            seen += keys(page)
        assert f"{total} i" in page
        assert visitor.read(f"{visitor.home}?page=999") == page
    assert (len(seen), len(set(seen))) == (total, total)


def test_what_was_changed_last_stands_first(full: Sandbox) -> None:
    oldest = full.call(full.tester.incidents)[0]
    full.call(lambda: full.tester.edit(oldest.id, "olgap", Priority="Low"))
    full.call(lambda: full.jira.edit("TEST-2", by="samw", priority="Low"))
    with Visitor(full.tester_page) as tester, Visitor(full.jira_page) as jira:
        page = tester.read(tester.home)
        assert keys(page)[0] == f"#{oldest.number}"
        assert "Olga Petrova, " in page
        page = jira.read(jira.home)
        assert keys(page)[0] == "TEST-2"
        assert "Sam Williams, " in page


def test_a_search_looks_for_all_words_everywhere(full: Sandbox) -> None:
    incident = full.call(lambda: full.tester.create_incident(Summary="Zebra crossing", Description="in <b>Malmö</b>"))
    full.call(lambda: full.tester.comment(incident.id, body="Not in Växjö"))
    with Visitor(full.tester_page) as tester, Visitor(full.jira_page) as jira:
        page = tester.read(f"{tester.home}?q=VÄXJÖ+zebra")
        assert keys(page) == [f"#{incident.number}"]
        assert "1 of 121 incidents hold “VÄXJÖ zebra”" in page
        assert keys(tester.read(f"{tester.home}?q=zebra+lamp")) == []
        assert keys(jira.read(f"{jira.home}?q=flushed")) == ["TEST-1"]
        assert keys(jira.read(f"{jira.home}?q=test-66")) == ["TEST-66"]


def test_what_may_not_be_seen_is_not_listed(full: Sandbox) -> None:
    incident = full.call(full.tester.incidents)[3]
    full.tester.behaviour.hidden_incidents.append(incident.id)
    full.jira.behaviour.hidden_issues.add(full.jira.issue("TEST-65").id)
    with Visitor(full.tester_page) as tester, Visitor(full.jira_page) as jira:
        assert keys(tester.read(f"{tester.home}?q=%23{incident.number}"))[:1] != [f"#{incident.number}"]
        assert tester.get(f"/EnterpriseTester/incident/{incident.id}").status_code != 200
        assert keys(jira.read(f"{jira.home}?q=test-65")) == []
        assert jira.get("/browse/TEST-65").status_code == 404
