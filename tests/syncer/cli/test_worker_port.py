"""A worker's port: how it does, what it works on, and a word from outside that a project link is due."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from syncer.workers.port import OF_WORKER
from tests import postgres
from tests.syncer.cli.fleet import Fleet, fleet, patiently
from tests.syncer.cli.terminal import Terminal
from tests.syncer.web.served import Address

HOURLY = 3600
TOKEN = "the token of the test"


@pytest.fixture
def hourly_links(terminal: Terminal) -> Iterator[Fleet]:
    terminal.settings["SYNCER_HTTP__TOKEN"] = TOKEN
    with postgres.server().database(migrated=True) as url, fleet(terminal, url, 2, HOURLY) as made:
        yield made


def post(address: Address, path: str, token: str | None = TOKEN) -> tuple[int, str]:
    request = urllib.request.Request(address.url + path, method="POST", data=b'{"webhookEvent": "jira:issue_updated"}')
    if token is not None:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def told_by(worker: Address) -> set[str]:
    """The project links of which that worker tells."""
    return {sample.labels["project_link"] for sample in worker.metrics()["syncer_interval_seconds"].samples}


def test_workers_tell_how_they_do_and_share_out_what_there_is_to_tell(hourly_links: Fleet) -> None:
    hourly_links.slow(3.0)
    one, other = hourly_links.serve("--at-once", "2"), hourly_links.serve("--at-once", "2")
    # Nothing is in step yet.
    patiently(lambda: one.get("/livez")[1].count("a cycle runs") == 2 and one.get("/readyz")[0] == 503)
    patiently(lambda: one.value("syncer_worker_turns") + other.value("syncer_worker_turns") > 0)

    hourly_links.terminal.stage.sandbox.jira_switchboard.clear()
    patiently(lambda: {worker.get("/readyz")[0] for worker in (one, other)} == {200})
    hourly_links.settled()
    assert one.get("/livez") == (200, "it has no turn at a project link now\n")
    assert told_by(one) | told_by(other) == set(hourly_links.names)
    assert not told_by(one) & told_by(other)
    assert one.value("syncer_links") + other.value("syncer_links") == hourly_links.linked() > 0
    assert one.value("syncer_cycle_seconds_count", outcome="done") > 0
    assert one.value("syncer_requests_total", side="issue", method="POST") > 0
    assert one.metrics().keys() >= OF_WORKER.keys()
    assert one.value("syncer_worker_places") == 2
    # The image's own health check looks at all of them, whichever worker it is asked beside.
    assert hourly_links.terminal("healthcheck").code == 0


def test_an_event_told_to_any_worker_makes_its_project_link_due_at_once(hourly_links: Fleet) -> None:
    one, other = hourly_links.serve(), hourly_links.serve()
    patiently(lambda: {worker.get("/readyz")[0] for worker in (one, other)} == {200})
    hourly_links.terminal.log("High and new", Priority="High")
    assert post(one, "/links/link-High/due", token=None)[0] == 401
    assert post(one, "/links/link-High/due", token="not the token of the test")[0] == 401
    assert post(one, "/links/nothing/due") == (404, "There is no project link of that name.\n")
    # While workers start, a project link may be handed out a second time: that is over.
    before = hourly_links.settled()
    assert post(one, "/links/link-High/due") == (202, "link-High is due now.\n")
    patiently(lambda: hourly_links.begun()["link-High"] == before["link-High"] + 1)
    hourly_links.settled()
    assert post(other, "/links/link-High/due")[0] == 202
    patiently(lambda: hourly_links.begun()["link-High"] == before["link-High"] + 2)
    issues = hourly_links.terminal.stage.sandbox.jira.issues.values()
    assert [issue.text("summary") for issue in issues].count("High and new") == 1
    assert hourly_links.settled() == before | {"link-High": before["link-High"] + 2}


def test_a_worker_whose_db_is_away_is_alive_and_not_ready_until_it_is_back(hourly_links: Fleet) -> None:
    worker = hourly_links.serve()
    patiently(lambda: worker.get("/readyz")[0] == 200)
    with postgres.server().away(hourly_links.url):
        patiently(lambda: worker.get("/readyz")[0] == 503)
        assert worker.get("/livez")[0] == 200
        assert worker.value("syncer_state_db_readable") == 0
        assert post(worker, "/links/link-High/due")[0] == 503
    patiently(lambda: worker.get("/readyz")[0] == 200)
    patiently(lambda: post(worker, "/links/link-High/due")[0] == 202)
