"""No secret comes out anywhere, whatever the servers do: not in a log at any level, a metric, a probe, the state DB, an
error or the settings that are shown. Each place is searched for a canary."""

import base64
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import load_settings
from syncer import logs
from syncer.cli.session import secrets
from syncer.core.records import Side
from syncer.sandbox import cast
from syncer.sandbox.cast import SERVICE
from syncer.sandbox.jira import auth
from tests.syncer.cli.terminal import Terminal
from tests.syncer.daemon_stage import wait_for
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.web.served import Address, running, served

CANARY = "c4nary-in-the-mine"
USERS = {Side.INCIDENT: SERVICE, Side.ISSUE: "syncer@example.com"}
HEADERS = {side: base64.b64encode(f"{user}:{CANARY}".encode()).decode() for side, user in USERS.items()}


def faults(side: Side) -> Iterator[dict[str, Any]]:
    """Answers of a proxy that was made for debugging, and says what it was sent; and none at all."""
    echo = f"Authorization: Basic {HEADERS[side]}, which is {CANARY}"
    spoken = f'{{"Message": "{echo}", "errorMessages": ["{echo}"]}}'
    json = {"Content-Type": "application/json"}
    elsewhere = {"Location": f"https://u:{CANARY}@x.example/?k={CANARY}"}
    writes = {"method": "POST", "path": "/(issue(/bulk)?|incident/.*/comments|incidents)$"}
    yield {"effect": "status", "status": 503, "body": f"<html><body>{echo}</body></html>", "headers": {"X-Echo": echo}}
    yield {
        "effect": "status",
        "status": 401,
        "body": spoken,
        "headers": json | {"X-Authentication-Denied-Reason": echo},
    }
    yield {"effect": "status", "status": 403, "body": spoken, "headers": json}
    yield {"effect": "status", "status": 400, "body": spoken, "headers": json}
    yield {"effect": "status", "status": 302, "body": "", "headers": elsewhere}
    yield {"effect": "status", "status": 200, "body": f"no JSON: {echo}", "headers": json}
    yield {"effect": "drop_before"}
    yield {"effect": "drop_after", **writes}
    yield {"effect": "status", "status": 500, "body": spoken, "headers": json, **writes}
    yield {"effect": "status", "status": 400, "body": spoken, "headers": json, **writes}


SETTINGS = {
    "SYNCER_INCIDENTS__PASSWORD": CANARY,
    "SYNCER_JIRA__TOKEN": CANARY,
    "SYNCER_HTTP__TOKEN": CANARY,
    "SYNCER_WEBHOOK__URL": f"http://127.0.0.1:1/hooks/{CANARY}",
}


@pytest.fixture(autouse=True)
def _their_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The servers' accounts have the canary for a password, so that all is well until something fails."""
    monkeypatch.setattr(cast, "PASSWORD", CANARY)
    monkeypatch.setattr(auth, "PASSWORD", CANARY)


def birds(text: str) -> Iterator[str]:
    """Where the canary is, with what stands around it."""
    for secret in (CANARY, *HEADERS.values()):
        before, found, after = text.partition(secret)
        if found:
            yield f"...{before[-200:]}[HERE]{after[:40]}..."


def dump(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        told = "\n".join(connection.iterdump())
    connection.close()
    return told


def during(stage: MirrorStage, daemon: Address, side: Side, fault: dict[str, Any]) -> str:
    """What the probes say while one server fails like that and there is something to write on either side."""
    board = stage.sandbox.tester_switchboard if side is Side.INCIDENT else stage.sandbox.jira_switchboard
    with stage.fault(side, times=None, **fault):
        stage.log(Summary="New", Comments=[{"Body": "A comment"}])
        stage.sandbox.call(lambda: stage.sandbox.jira.create(by="annak", summary="New too"))
        wait_for(lambda: board.armed[0].hit > 0)
        ended = daemon.value("syncer_cycle_seconds_count")
        wait_for(lambda: daemon.value("syncer_cycle_seconds_count") > ended)
        told = "".join(daemon.get(path)[1] for path in ("/readyz", "/livez", "/metrics"))
    wait_for(lambda: daemon.get("/readyz")[0] == 200)
    return told


def test_whatever_both_servers_do_no_secret_comes_out(
    stage: MirrorStage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = SETTINGS | {"SYNCER_SCHEDULE__RETRY_AFTER_SECONDS": "1"}
    logs.configure("json", "debug", secrets(load_settings(stage.environment() | environment, env_file=None)))
    with served(stage, settings=environment) as (daemon, _):
        wait_for(lambda: daemon.get("/readyz")[0] == 200)
        probes = "".join(during(stage, daemon, side, fault) for side in Side for fault in faults(side))
    told = capsys.readouterr()
    assert "***" in told.err
    assert not [*birds(told.out + told.err)]
    assert not [*birds(probes)]
    assert not [*birds(dump(tmp_path / "state.db"))]


def test_no_command_shows_a_secret_and_no_process_that_runs(terminal: Terminal) -> None:
    terminal.settings |= SETTINGS
    with running(terminal, SYNCER_LOG__LEVEL="debug") as process:
        wait_for(lambda: bool(process.said("cycle done")))
        assert process.stop() == 0
        assert not [*birds(process.raw)]
    terminal.stage.sandbox.stop()
    typed = [terminal(*words) for words in (["settings"], ["status"], ["check"], ["--debug", "sync"], ["plan"])]
    terminal.stage.sandbox.start()
    assert not [found for said in typed for found in birds(said.out + said.err)]
    assert not [*birds(dump(terminal.state))]


@pytest.mark.parametrize("place", ["syncer:{}@127.0.0.1:1/x", "127.0.0.1:1/x?password={}", "syncer:{}@[::1/x"])
def test_a_state_db_that_is_out_of_reach_does_not_bring_its_password_out(terminal: Terminal, place: str) -> None:
    terminal.settings["SYNCER_STATE__URL"] = f"postgresql+psycopg://{place.format(CANARY)}"
    for words in (["status"], ["--debug", "sync"], ["--debug", "run"], ["healthcheck"], ["settings"]):
        said = terminal(*words)
        assert not [*birds(said.out + said.err)]
