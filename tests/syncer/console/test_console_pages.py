"""Every page, as somebody reads it who has no token: what is there, and what nobody can make of it."""

import re
from urllib.parse import quote

import httpx
import pytest

from syncer.core.records import Side
from tests.syncer.console.stage import LINK, ConsoleStage
from tests.syncer.console.visitor import Visitor, text_of

BASE = f"/links/{LINK}"
PAGES = {
    "/": "Overview",
    "/history": "History",
    "/login": "Sign in",
    f"{BASE}/records": "Records",
    f"{BASE}/waiting": "What waits",
    f"{BASE}/held": "What is held",
    f"{BASE}/plan": "Plan",
    f"{BASE}/mapping": "Mapping",
    f"{BASE}/cycles": "Cycles",
}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }} \"'&lt;"


@pytest.mark.parametrize("path", PAGES)
def test_each_page_says_what_it_is_and_can_be_used_by_keyboard_and_ear(visitor: Visitor, path: str) -> None:
    html = visitor.get(path)
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == [PAGES[path]]
    assert '<html lang="en">' in html
    assert '<a class="skip" href="#main">' in html
    assert '<main id="main"' in html
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        assert "<caption" in table
    for field in re.findall(r'<(?:input|select)(?![^>]*type="hidden")[^>]* id="([^"]+)"', html):
        assert f'<label for="{field}"' in html


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_anything_from_elsewhere_or_inline(visitor: Visitor, path: str) -> None:
    answer = visitor.client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=\"/static/)", answer.text)
    assert not re.search(r'(?:src|<link[^>]*href)="(?!/)', answer.text)


def test_the_overview_tells_how_each_project_link_does(stage: ConsoleStage, visitor: Visitor) -> None:
    stage.until(lambda: "Last good cycle" in text_of(visitor.get("/")) or "Cycle:" in visitor.html)
    said = text_of(visitor.html)
    for word in ("Lag", "Links", "Parked", "Conflicts", "Held", "In doubt", "actions in the last"):
        assert word in said
    assert f"Links {stage.links()}" in said
    assert '<svg class="spark" role="img"' in visitor.html


def test_the_live_part_is_the_same_part_of_the_page(visitor: Visitor) -> None:
    """So that a page without scripts shows the same when it is loaded again."""
    part = visitor.get("/live")
    assert part.startswith('<div id="live" data-live="/live">')
    assert "<html" not in part


def test_records_are_found_by_what_people_remember_of_a_key(stage: ConsoleStage, visitor: Visitor) -> None:
    incident = stage.mirrored(Summary="To be found")
    issue = stage.issue(incident)
    for text in (f"#{incident.number}", issue.key.lower(), incident.id[:13], issue.id):
        page = visitor.get(f"{BASE}/records?q={quote(text)}")
        assert f"incident-{incident.id}" in page, text
    assert "No record fits" in visitor.get(f"{BASE}/records?q=%25%27%22%3Cb%3E")


def test_a_record_page_shows_both_sides_and_leads_to_their_own_pages(stage: ConsoleStage, visitor: Visitor) -> None:
    incident = stage.mirrored(Summary="Lamp flickers", Comments=[{"Body": "Since Monday"}])
    issue = stage.issue(incident)
    stage.until(lambda: issue.comments)
    said = text_of(visitor.get(f"{BASE}/records/incident-{incident.id}"))
    assert f"#{incident.number} = {issue.key}" in said
    assert said.count("Lamp flickers") >= 3, "both sides and what they agreed on"
    assert "Since Monday" in said
    assert "create an issue for incident" in said, "the history"
    assert f'href="{stage.mirror.sandbox.jira_url}/browse/{issue.key}"' in visitor.html
    assert f'href="{stage.mirror.sandbox.tester_url}' in visitor.html
    assert visitor.get(f"{BASE}/records/issue-{issue.id}"), "the issue's own id leads there, too"


def test_a_record_page_says_that_a_server_is_down_and_shows_the_rest(stage: ConsoleStage, visitor: Visitor) -> None:
    incident = stage.mirrored(Summary="Known to the state DB")
    with stage.mirror.fault(Side.ISSUE, effect="status", status=503, path=".*", times=None):
        said = text_of(visitor.get(f"{BASE}/records/incident-{incident.id}"))
    assert "The servers were not read" in said
    assert "Known to the state DB" in said
    assert "create an issue for incident" in said


def test_what_people_wrote_is_shown_as_text(stage: ConsoleStage, visitor: Visitor) -> None:
    incident = stage.mirrored(Summary=HOSTILE, Comments=[{"Body": HOSTILE}])
    stage.conflict(incident, here=f"{HOSTILE} here", there=f"{HOSTILE} there")
    pages = [f"{BASE}/records/incident-{incident.id}", f"{BASE}/waiting", f"{BASE}/plan", f"{BASE}/plan/live"]
    pages += [f"{BASE}/records?q={quote(HOSTILE)}", f"/history?record={quote(HOSTILE)}&kind={quote(HOSTILE)}"]
    for path in [*pages, f"/login?next={quote(HOSTILE)}"]:
        html = visitor.get(path)
        assert "<script>alert" not in html
        assert "<img src=x" not in html
    assert "{{ 7 * 7 }}" in text_of(visitor.get(pages[0]))
    said = text_of(visitor.get(f"{BASE}/waiting"))
    assert "here" in said
    assert "there" in said
    assert "mappings/full.yaml:" in said, "where the mapping says who wins"


def test_the_plan_is_made_beside_the_daemon_and_then_shown(stage: ConsoleStage, visitor: Visitor) -> None:
    stage.until(lambda: "As of" in visitor.get(f"{BASE}/plan"))
    assert "writes" in text_of(visitor.html)


def test_the_mapping_is_a_table_with_its_lint(visitor: Visitor) -> None:
    said = text_of(visitor.get(f"{BASE}/mapping"))
    for word in ("Summary", "customfield_10011", "automap", "full.yaml:", "When an issue is deleted", "Lint"):
        assert word in said
    assert "by both servers too" in text_of(visitor.get(f"{BASE}/mapping?live=1")) or "full.yaml:" in visitor.html


def test_the_history_is_filtered(stage: ConsoleStage, visitor: Visitor) -> None:
    incident = stage.mirrored(Summary="To be told")
    said = text_of(visitor.get(f"/history?kind=create&record=%23{incident.number}"))
    assert f"create an issue for incident #{incident.number}" in said
    assert "adopt" not in re.sub(r"<select.*?</select>", "", visitor.html, flags=re.DOTALL)
    assert "holds nothing that fits" in visitor.get("/history?since=2999-01-01")
    assert "2026-01-31" in visitor.get("/history?since=yesterday", 422)


def test_long_lists_come_in_pages(stage: ConsoleStage, visitor: Visitor) -> None:
    assert "number 1 " not in text_of(visitor.get("/history"))
    pages = 1
    while 'rel="next"' in visitor.html:
        pages += 1
        visitor.get(f"/history?page={pages}")
    assert pages > 1
    assert "number 1 " in text_of(visitor.html)
    visitor.get(f"{BASE}/records?page=999")
    assert "No record fits" in visitor.html


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/links/nothing/records",
        "/links/..%2f..%2fetc%2fpasswd/records",
        "/links/%00/records",
        f"{BASE}/records/1",
        f"{BASE}/records/incident-..%2f..%2fapi%2fusers",
        f"{BASE}/records/issue-1%3Fexpand%3Dall",
        f"{BASE}/records/person-1",
        f"{BASE}/records?page=0",
        f"{BASE}/records?page=1e9",
        f"{BASE}/records?show=secrets",
        f"{BASE}/cycles?page=99999",
        "/static/..%2f..%2froutes.py",
        "/static/console.py",
    ],
)
def test_what_there_is_not_is_a_page_that_leads_on(visitor: Visitor, path: str) -> None:
    html = visitor.get(path, 404)
    assert 'href="/"' in html
    assert f'href="{BASE}/records"' in html


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "POST"])
def test_a_page_is_only_read(visitor: Visitor, method: str) -> None:
    for path in ("/", f"{BASE}/records", "/history", "/static/console.css"):
        answer = visitor.client.request(method, path)
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]


def test_programs_are_told_in_plain_text(stage: ConsoleStage) -> None:
    answer = httpx.get(f"{stage.address}/nothing")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "There is no such page.\n"


def test_style_and_script_are_files_of_ours_that_browsers_keep(visitor: Visitor) -> None:
    for name, kind in (("console.css", "text/css"), ("console.js", "text/javascript"), ("icon.svg", "image/svg+xml")):
        found = re.search(rf'"(/static/{re.escape(name)}\?[0-9a-f]+)"', visitor.get("/"))
        assert found is not None
        answer = visitor.client.get(found[1])
        assert answer.headers["content-type"].startswith(kind)
        assert "max-age" in answer.headers["cache-control"]
