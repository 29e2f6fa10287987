"""The heartbeat file is young while the daemon is alive, and a place where it can't be costs nothing but a line."""

import json
from pathlib import Path

import pytest

from syncer import logs
from syncer.activity import Activity
from syncer.health import Verdict
from syncer.heartbeat import Heartbeat
from tests.syncer.daemon_stage import Clock

ALIVE, HANGS = Verdict(("fine",)), Verdict(("it hangs",), ("it hangs",))


def test_the_file_is_touched_as_long_as_the_daemon_is_alive(tmp_path: Path) -> None:
    verdicts = [ALIVE, HANGS, ALIVE]
    file, made = tmp_path / "alive", []
    heartbeat = Heartbeat(Activity(), file, lambda: verdicts.pop(0))
    while verdicts:
        heartbeat()
        made.append(file.exists())
        file.unlink(missing_ok=True)
    assert made == [True, False, True]


def test_the_main_loop_is_seen_to_come_round_with_a_file_and_without() -> None:
    for file in (None, Path("/proc/none/alive")):
        clock = Clock()
        activity = Activity(clock)
        clock.seconds = 50
        Heartbeat(activity, file, lambda: ALIVE)()
        assert activity.loop_age() == 0


def test_a_file_that_cannot_be_touched_is_told_once_and_again_after_it_could(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("json", "info")
    folder = tmp_path / "run"
    heartbeat = Heartbeat(Activity(), folder / "alive", lambda: ALIVE)
    heartbeat()
    heartbeat()
    folder.mkdir()
    heartbeat()
    (folder / "alive").unlink()
    folder.rmdir()
    heartbeat()
    lines = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert len(lines) == 2
    assert lines[0].endswith("can't be touched: No such file or directory (SYNCER_HTTP__HEARTBEAT)")
