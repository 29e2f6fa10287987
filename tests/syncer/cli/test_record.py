"""`syncer record` keeps what servers answer and nothing that is anybody's; a recording is held against the adapters."""

import json
import os
import stat
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syncer.core.records import Side
from syncer.sandbox.cast import COMPONENTS, PASSWORD, PEOPLE, SERVICE
from tests.syncer.cli.terminal import Terminal
from tests.syncer.mirror_stage import MAIL, MirrorStage

PLANTED = ("Quicksilverfish", "Marmaladefactory", "Velvetunderpass", "Windowsillgarden", "Thunderousapplause")
CALLS = ("check", "catalogue", "listing", "records")


@pytest.fixture(params=[("4.6", "datacenter"), ("6.x", "cloud")], ids="-".join)
def either(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Terminal]:
    """Both generations of Enterprise Tester and both kinds of Jira, with records that carry marks and comments."""
    for name in list(os.environ):
        if name.startswith("SYNCER_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_COLOR", "1")
    profile, deployment = request.param
    with MirrorStage(tmp_path, incidents=3, issues=True, profile=profile, deployment=deployment) as stage:
        monkeypatch.chdir(tmp_path)
        yield Terminal(tmp_path, stage, capsys)


def recorded(terminal: Terminal, *words: str) -> Any:
    said = terminal("record", "--out", "recording.json", *words)
    assert said.code == 0, said.out + said.err
    return json.loads(Path("recording.json").read_text(encoding="utf-8"))


def tampered(told: Any, path: str, answered: Any) -> None:
    """Another answer to what was asked at a path, in the file."""
    for each in told["exchanges"]:
        if each["path"].endswith(path):
            each["answered"] = answered
    Path("recording.json").write_text(json.dumps(told), encoding="utf-8")


def test_nothing_of_anybody_is_in_a_recording(either: Terminal) -> None:
    summary, description, cycle, version, comment = PLANTED
    made = either.log(summary, Description=f"It says {description}", FieldValues={"Cycle": cycle})
    tester = either.stage.sandbox.tester
    either.stage.sandbox.call(lambda: tester.add_version(version))
    either.stage.sandbox.call(lambda: tester.comment(made.id, body=f"The {comment}"))
    assert either("sync").code == 0
    told = recorded(either, "--newest", "20")
    text = Path("recording.json").read_text(encoding="utf-8").casefold()
    secrets = [PASSWORD, *(b64encode(f"{who}:{PASSWORD}".encode()).decode() for who in (SERVICE, MAIL))]
    names = [word for person in PEOPLE for word in (person.display_name, person.email, person.last_name, person.login)]
    # Shorter words may come by chance.
    held = [*PLANTED, *secrets, *names, *COMPONENTS, "127.0.0.1", "Test Project", "authorization", "cookie"]
    assert [word for word in held if len(word) > 7 and word.casefold() in text] == []
    assert PASSWORD not in text
    assert told["saw"]["incident records"].startswith(f"{len(told['bindings']['records']['incident'])} of ")


def test_recording_writes_to_no_server_and_the_file_is_its_owners(either: Terminal) -> None:
    writes = either.stage.writes()
    told = recorded(either)
    assert either.stage.writes() == writes
    assert stat.S_IMODE(Path("recording.json").stat().st_mode) == 0o600
    assert set(told["saw"]) == {f"{side} {call}" for side in ("incident", "issue") for call in CALLS}
    assert not either.state.exists()


def test_a_recording_is_understood_without_settings_and_without_servers(
    either: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    either("sync")
    told = recorded(either)
    assert all(" 0 marks" not in told["saw"][f"{side} records"] for side in ("incident", "issue"))
    (tmp_path / "elsewhere").mkdir()
    file = tmp_path / "recording.json"
    either.stage.sandbox.stop()
    monkeypatch.chdir(tmp_path / "elsewhere")
    said = either("record", "--check", str(file))
    assert (said.code, said.err) == (0, "")
    assert said.out.count("✓") == len(told["saw"])


@pytest.mark.parametrize(
    ("path", "answered", "call"),
    [
        ("/api/incidents", {"json": {"Things": []}}, "incident listing"),
        ("/api/incidents", {"text": "<html>Down for maintenance</html>"}, "incident listing"),
        ("/serverInfo", {"json": {"deploymentType": "Cloud"}}, "issue listing"),
        ("/statuses", {"json": {"statuses": 1}}, "issue catalogue"),
    ],
)
def test_an_answer_that_is_not_understood_fails_the_check_and_is_named(
    terminal: Terminal, path: str, answered: Any, call: str
) -> None:
    tampered(recorded(terminal), path, answered)
    said = terminal("record", "--check", "recording.json")
    assert said.code == 1
    assert f"✗ {call}:" in said.out


def test_a_request_that_was_never_recorded_fails_the_check_and_is_named(terminal: Terminal) -> None:
    told = recorded(terminal)
    told["exchanges"] = [each for each in told["exchanges"] if not each["path"].endswith("/priority")]
    Path("recording.json").write_text(json.dumps(told), encoding="utf-8")
    said = terminal("record", "--check", "recording.json")
    assert said.code == 1
    assert "isn't in the recording: GET /rest/api/2/priority" in said.out


def test_nothing_is_written_that_a_secret_of_the_settings_stands_in(terminal: Terminal) -> None:
    terminal.settings["SYNCER_HTTP__TOKEN"] = "syncer_recording"
    said = terminal("record", "--out", "recording.json")
    assert said.code == 1
    assert "nothing was written" in said.err
    assert not Path("recording.json").exists()


def test_servers_that_answer_with_errors_are_recorded_as_they_are(terminal: Terminal) -> None:
    with terminal.stage.fault(Side.INCIDENT, effect="status", status=403, path="/incidents$", times=None):
        told = recorded(terminal)
    assert told["saw"]["incident listing"] == "Rejected, status 403"
    assert "records on its first page" in told["saw"]["issue listing"]
    assert terminal("record", "--check", "recording.json").code == 0


def test_a_project_link_must_be_named_where_there_are_several(terminal: Terminal) -> None:
    text = terminal.mapping.read_text(encoding="utf-8").replace("name: test-project", "name: other")
    (terminal.mappings / "other.yaml").write_text(text, encoding="utf-8")
    said = terminal("record", "--out", "recording.json")
    assert said.code == 1
    assert "name it with --link" in said.err


def test_the_records_that_are_named_are_read(terminal: Terminal) -> None:
    made = terminal.log("Named")
    told = recorded(terminal, "--record", made.id, "--record", "test-1")
    assert told["bindings"]["records"]["incident"] == [made.id]
    assert len(told["bindings"]["records"]["issue"]) == 1
    Path("recording.json").unlink()
    said = terminal("record", "--out", "recording.json", "--record", "TEST-4711")
    assert said.code == 1
    assert "TEST-4711" in said.err
    assert not Path("recording.json").exists()


def test_a_file_that_is_there_already_stays_as_it_is(terminal: Terminal) -> None:
    Path("recording.json").write_text("mine", encoding="utf-8")
    said = terminal("record", "--out", "recording.json")
    assert (said.code, Path("recording.json").read_text(encoding="utf-8")) == (1, "mine")
    assert "recording.json is there already" in said.err


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ((), "either --out FILE"),
        (("--out", "one.json", "--check", "two.json"), "either --out FILE"),
        (("--check", "none.json"), "can't be read"),
        (("--check", ".env"), "holds no recording"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(terminal: Terminal, words: tuple[str, ...], problem: str) -> None:
    said = terminal("record", *words)
    assert said.code == 1
    assert problem in said.err
    assert "unexpected" not in said.err
