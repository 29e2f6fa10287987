"""`syncer demo` and `syncer sandbox`: what a newcomer sees first must work, and leave something to look at."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from syncer.cli.entry import run
from tests.syncer.cli.terminal import Terminal
from tests.syncer.forked import Process


def test_the_demo_mirrors_shows_both_ways_and_ends_with_0_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "look here"
    assert run(["demo", "--incidents", "20", "--dir", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "26 links" in said
    assert "✗" not in said
    assert "✓ 0 writes, counted by the two servers" in said
    assert {"settings.env", "mappings", "state.db"} <= {path.name for path in folder.iterdir()}

    assert run(["--env-file", str(folder / "settings.env"), "status"]) == 0
    said = capsys.readouterr().out
    assert "links             28" in said
    assert "conflict: both sides changed it" in said


def test_the_demo_leaves_a_folder_alone_that_is_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("Chapter 1")
    assert run(["demo", "--dir", str(tmp_path)]) == 1
    assert "isn't empty; name a new one" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_demo_that_is_kept_can_be_asked_and_ends_on_ctrl_c(terminal: Terminal) -> None:
    folder = terminal.folder / "kept"
    with running(terminal.start("demo", "--keep", "--incidents", "20", "--dir", str(folder))) as lines:
        assert any("run until Ctrl-C" in line for line in lines)
        settings = str(folder / "settings.env")
        assert terminal("--env-file", settings, "status").code == 0
        assert terminal("--env-file", settings, "check").code == 0


def test_a_kept_demo_shows_its_console(terminal: Terminal) -> None:
    folder = terminal.folder / "shown"
    with running(terminal.start("demo", "--keep", "--incidents", "20", "--dir", str(folder))) as lines:
        address = next(line for line in lines if "the console  " in line).split()[-1]
        assert any("run until Ctrl-C" in line for line in lines)
        assert "test-project" in httpx.get(address).text


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_the_settings_that_the_sandbox_prints_reach_it(terminal: Terminal, deployment: str) -> None:
    words = ["sandbox", "--incidents", "20", "--deployment", deployment]
    start = terminal.start if deployment == "cloud" else terminal.start_afresh
    with running(start(*words)) as lines:
        printed = []
        for line in lines:
            printed.append(line.strip())
            if line.startswith("Both run until Ctrl-C"):
                break
        terminal.settings = {
            **{name: terminal.settings[name] for name in ("SYNCER_STATE__URL", "SYNCER_MAPPINGS")},
            **dict(line.split("=", 1) for line in printed if line.startswith("SYNCER_")),
        }
        said = terminal("check")
    assert said.code == 0, said.out


def test_a_port_in_use_is_one_sentence(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = terminal("sandbox", "--incidents", "20", "--port-jira", port)
    assert (said.code, len(said.complaints)) == (1, 1)
    assert port in said.complaints[0]


@contextmanager
def running(process: Process) -> Iterator[Iterator[str]]:
    """The lines that a command prints while it runs; at the end it gets Ctrl-C, and must end well."""
    assert process.stdout is not None
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    try:
        yield iter(process.stdout.readline, "")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=15)
        assert process.returncode == 0, err
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()
