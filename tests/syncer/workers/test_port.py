"""A worker's port before it has joined the others, and the page that says what is there."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from config.settings import load_settings
from syncer.activity import Activity
from syncer.web.front import answering
from syncer.workers.port import OF_WORKER, WorkerFront, application
from tests.syncer.cli.terminal import ROOT
from tests.syncer.cli.test_worker_port import TOKEN, post
from tests.syncer.web.served import Address

SERVERS = {
    "SYNCER_INCIDENTS__URL": "http://127.0.0.1:9/et",
    "SYNCER_INCIDENTS__USER": "syncer",
    "SYNCER_INCIDENTS__PASSWORD": "secret",
    "SYNCER_JIRA__URL": "http://127.0.0.1:9",
    "SYNCER_JIRA__TOKEN": "secret",
}


@contextmanager
def waiting(settings: Mapping[str, str]) -> Iterator[Address]:
    """A worker that another instance keeps from joining."""
    front = WorkerFront(load_settings({**SERVERS, **settings}, env_file=None), Activity())
    front.waits_for = "another one writes"
    with answering("127.0.0.1:0", "The worker", lambda: application(front)) as url:
        assert url is not None
        yield Address(url)


def test_a_worker_that_waits_to_join_is_alive_and_not_ready_and_says_why() -> None:
    with waiting({"SYNCER_HTTP__TOKEN": TOKEN}) as worker:
        assert worker.get("/livez") == (200, "it waits for its turn\n")
        assert worker.get("/readyz") == (503, "it waits for its turn: another one writes\n")
        assert worker.value("syncer_writing") == 0
        assert post(worker, "/links/shop/due") == (503, "This worker stands by: another one writes.\n")


def test_without_a_token_in_the_settings_nobody_may_say_that_a_link_is_due() -> None:
    with waiting({}) as worker:
        status, said = post(worker, "/links/shop/due")
        assert status == 403
        assert "SYNCER_HTTP__TOKEN" in said


def test_the_page_lists_what_a_worker_exports_besides_with_what_it_says() -> None:
    page = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"(?m)^\| `(syncer_worker_\w+)` \| (.*) \|$", page)) == OF_WORKER
