"""Pages keep apart from the API, from other sites, and from what records hold."""

import re
from html.parser import HTMLParser

import httpx
import pytest

from syncer.sandbox.fault_values import Fault
from syncer.sandbox.server import Sandbox
from tests.syncer.sandbox.pages.visitor import Visitor

PATH = "/browse/TEST-1"
HOSTILE = '<script>alert("1")</script><img src=x onerror=alert(2)>'
RIGHT_TO_LEFT = "\u202e\u05e9\u05dc\u05d5\u05dd abc"


def test_faults_and_counters_are_for_the_api_alone(sandbox: Sandbox, tester: Visitor, jira: Visitor) -> None:
    incident = sandbox.call(sandbox.tester.incidents)[0]
    for board in (sandbox.tester_switchboard, sandbox.jira_switchboard):
        board.add_fault(Fault(effect="status", times=None))
    tester.read(tester.home)
    tester.send(f"/EnterpriseTester/incident/{incident.id}", "/comment", body="Hello")
    jira.send(PATH, "/comment", body="Hello")
    assert jira.get("/favicon.ico").status_code == 200
    for board in (sandbox.tester_switchboard, sandbox.jira_switchboard):
        assert (board.reads, board.writes, board.requests) == (0, 0, [])
    assert httpx.get(f"{sandbox.jira_url}/rest/api/2/serverInfo").status_code == 503
    assert httpx.get(f"{sandbox.tester_url}/api/incident/{incident.id}").status_code == 503


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://evil.example", "Host": "evil.example"},
    ],
)
def test_a_form_from_elsewhere_changes_nothing(
    sandbox: Sandbox, tester: Visitor, jira: Visitor, headers: dict[str, str]
) -> None:
    issue = sandbox.call(lambda: sandbox.jira.issue("TEST-1").picture())
    incidents = sandbox.call(sandbox.tester.incidents)
    path = f"/EnterpriseTester/incident/{incidents[0].id}"
    fields = [("body", "Hello"), ("summary", "Hello"), ("Summary", "Hello"), ("person", "samw")]
    for deed in ("edit", "comment", "delete"):
        assert jira.post(f"{PATH}/{deed}", fields, **headers).status_code == 403
        assert tester.post(f"{path}/{deed}", fields, **headers).status_code == 403
    for visitor, root in ((tester, "/EnterpriseTester"), (jira, "")):
        for form in ("create", "person"):
            answer = visitor.post(f"{root}/_pages/{form}", fields, **headers)
            assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert sandbox.call(lambda: sandbox.jira.issue("TEST-1").picture()) == issue
    assert sandbox.call(sandbox.tester.incidents) == incidents


def test_one_server_can_not_post_to_the_other(sandbox: Sandbox, tester: Visitor, jira: Visitor) -> None:
    assert jira.post(f"{PATH}/delete", [], Origin=tester.origin).status_code == 403


def test_every_page_forbids_scripts_and_resources_that_are_not_its_own(tester: Visitor, jira: Visitor) -> None:
    for visitor, paths in (
        (tester, ("", "_pages/create", "_pages/style.css", "incident/nothing")),
        (jira, ("", PATH[1:])),
    ):
        for path in paths:
            answer = visitor.get(f"{visitor.home}{path}")
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert not re.search(r"<script>|<style|\sstyle=|\son\w+=", answer.text)
            assert set(re.findall(r'(?:src|href)="(https?:[^"]*)"', answer.text)) == set()


def test_hostile_texts_are_shown_as_text(sandbox: Sandbox, tester: Visitor, jira: Visitor) -> None:
    def write() -> str:
        fields = dict.fromkeys(("Cycle", "Jira key", "Notes"), HOSTILE)
        incident = sandbox.tester.create_incident(Summary=HOSTILE, Description=HOSTILE, FieldValues=fields)
        sandbox.tester.comment(incident.id, body=HOSTILE + '<a href="javascript:alert(3)">x</a>')
        key = sandbox.jira.create(by="joeb", summary=HOSTILE, description=HOSTILE, customfield_10011=HOSTILE).key
        sandbox.jira.comment(key, by="joeb", body=HOSTILE + "[x|javascript:alert(3)] !http://evil.example/x.png!")
        sandbox.jira.add_remote_link(key, None, url="javascript:alert(4)", title=HOSTILE)
        return f"{incident.id} {key}"

    incident_id, key = sandbox.call(write).split()
    for visitor, path in ((tester, f"/EnterpriseTester/incident/{incident_id}"), (jira, f"/browse/{key}")):
        for page in (visitor.read(path), visitor.read(visitor.home)):
            assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;" in page
            assert dangers(page) == []
        refused = visitor.send(path, "/edit", Summary="", summary="", StatusId=HOSTILE, priority=HOSTILE)
        assert (refused.status_code, dangers(refused.text)) == (422, [])


def dangers(page: str) -> list[str]:
    """What could run or fetch something, beside the one script and the style of the page."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            held = {name: value or "" for name, value in attrs}
            own = held.get("src", "").endswith("/_pages/refresh.js")
            if (tag == "script" and not own) or tag in ("img", "iframe", "object", "embed", "style", "base"):
                found.append(tag)
            found.extend(name for name in held if name.startswith("on") or name == "style")
            found.extend(value for value in held.values() if value.strip().lower().startswith("javascript:"))

    Reader().feed(page)
    return found


def test_very_long_and_right_to_left_texts_are_shown(sandbox: Sandbox, tester: Visitor, jira: Visitor) -> None:
    long = "x" * 30_000
    incident = sandbox.call(lambda: sandbox.tester.create_incident(Summary=RIGHT_TO_LEFT, Description=long))
    key = sandbox.call(lambda: sandbox.jira.create(by="joeb", summary=RIGHT_TO_LEFT, description=long).key)
    for page in (tester.read(f"/EnterpriseTester/incident/{incident.id}"), jira.read(f"/browse/{key}")):
        assert long in page
        assert re.search(rf'dir="auto">{RIGHT_TO_LEFT}<', page)


def test_halves_of_letters_do_not_break_a_page(sandbox: Sandbox, tester: Visitor) -> None:
    incident = sandbox.call(lambda: sandbox.tester.create_incident(Summary="Half \ud83d"))
    assert "Half ?" in tester.read(f"/EnterpriseTester/incident/{incident.id}")


def test_too_large_a_form_is_refused_with_a_sentence(sandbox: Sandbox, jira: Visitor) -> None:
    answer = jira.post(f"{PATH}/comment", [("body", "x" * 1_000_001)])
    assert (answer.status_code, "more than a million characters" in answer.text) == (413, True)
    answer = jira.post(f"{PATH}/comment", [(f"field {number}", "") for number in range(1001)])
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path", ["/browse/TEST-999", "/browse/..%2f..%2fetc%2fpasswd", "/_pages/..%2fsite.py", "/_pages/site.py"]
)
def test_what_is_not_there_is_a_page_that_says_so(jira: Visitor, path: str) -> None:
    answer = jira.get(path)
    assert answer.status_code == 404
    assert "All issues" in answer.text


def test_a_deed_that_no_form_asks_for_is_refused(sandbox: Sandbox, tester: Visitor, jira: Visitor) -> None:
    incident = sandbox.call(sandbox.tester.incidents)[0]
    for visitor, path in ((tester, f"/EnterpriseTester/incident/{incident.id}"), (jira, PATH)):
        answer = visitor.post(f"{path}/burn", [])
        assert (answer.status_code, "use the forms there" in answer.text) == (404, True)
        assert visitor.get(f"{path}/edit").url.path == path


def test_what_is_gone_meanwhile_is_told_once(sandbox: Sandbox, tester: Visitor, jira: Visitor) -> None:
    incident = sandbox.call(sandbox.tester.incidents)[0]
    gone = [("comment", "00000000-0000-4000-8000-000000000000"), ("value", "77"), ("body", "Hello")]
    for visitor, path, deeds in (
        (tester, f"/EnterpriseTester/incident/{incident.id}", ("edit-comment", "delete-comment", "unlink-step")),
        (jira, PATH, ("edit-comment", "delete-comment", "unlink")),
    ):
        for deed in deeds:
            answer = visitor.post(f"{path}/{deed}", gone)
            assert (answer.status_code in (404, 422), answer.text.count('role="alert"')) == (True, 1)


def test_nobody_acts_as_the_synchronizer_or_as_a_stranger(sandbox: Sandbox, tester: Visitor, jira: Visitor) -> None:
    for visitor, newcomer in ((tester, "Joe Bloggs"), (jira, "Anna Krüger")):
        for stranger in ("syncer", "leftus", "nobody"):
            refused = visitor.send(visitor.home, "/person", person=stranger)
            assert (refused.status_code, "There is no such person here" in refused.text) == (422, True)
        assert re.search(rf"selected>{newcomer}", visitor.read(visitor.home))


def test_both_servers_remember_their_own_person(sandbox: Sandbox) -> None:
    with Visitor(sandbox.tester_page) as browser:
        browser.send(sandbox.tester_page, "/person", person="testeronly")
        # A browser sends its cookies to every port of a host.
        browser.origin = sandbox.jira_url
        chosen = browser.post(f"{sandbox.jira_url}/_pages/person", [("person", "samw"), ("back", "//evil.example/")])
        assert chosen.url.path == "/"
        assert "selected>Terry Tester" in browser.read(sandbox.tester_page)
        assert "selected>Sam Williams" in browser.read(sandbox.jira_page)
