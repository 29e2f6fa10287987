"""`syncer run` as a process: it starts at once, stops cleanly when it is told to, and loses nothing."""

import json
import signal
import time
from collections.abc import Callable

from syncer.sandbox.fault_values import Fault
from tests.syncer.cli.terminal import LINK, Terminal
from tests.syncer.forked import Forked

STOP_SECONDS = 10


def wait_for(happened: Callable[[], bool], seconds: float = 30, pause: float = 0.02) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(pause)


def lines_until(daemon: Forked, fragment: str) -> list[str]:
    """The lines of its log, up to one that has this fragment."""
    lines: list[str] = []
    while not lines or fragment not in lines[-1]:
        line = daemon.stderr.readline()
        assert line, f"it ended without saying {fragment!r}: {lines}"
        lines.append(line)
    return lines


def add_mapping(terminal: Terminal, name: str) -> None:
    """One more project link, for a project that Jira doesn't have."""
    text = terminal.mapping.read_text(encoding="utf-8")
    text = text.replace(f"name: {LINK}", f"name: {name}").replace("project: TEST", "project: NONE")
    (terminal.mappings / f"{name}.yaml").write_text(text, encoding="utf-8")


def mirrored(terminal: Terminal) -> int:
    """How many of Jira's issues show people our mark."""
    return sum(bool(issue.remote_links) for issue in list(terminal.stage.sandbox.jira.issues.values()))


def test_a_stop_in_the_middle_of_a_mirror_settles_what_is_under_way_and_begins_nothing_new(
    terminal: Terminal,
) -> None:
    for number in range(60):
        terminal.log(f"Number {number}")
    # From the tenth on they take a while: the mirror is still in its middle when this process gets to look again.
    slow = Fault(effect="delay", method="POST", path="/remotelink$", seconds=2, skip=10, times=None)
    terminal.stage.sandbox.jira_switchboard.add_fault(slow)
    daemon = terminal.start("run", SYNCER_LOG__FORMAT="json")
    wait_for(lambda: mirrored(terminal) > 5)
    asked = time.monotonic()
    daemon.send_signal(signal.SIGTERM)
    _, err = daemon.communicate(timeout=STOP_SECONDS + 5)
    took = time.monotonic() - asked

    assert daemon.returncode == 0, err
    assert took < STOP_SECONDS
    lines = [json.loads(line) for line in err.splitlines()]
    assert lines[-1]["event"] == "stopped"
    known = terminal.known()
    assert not known["intents"]
    assert known["watermarks"] == [None, None]
    assert known["links"]
    assert mirrored(terminal) < 60

    terminal.stage.sandbox.jira_switchboard.clear()
    assert terminal("sync").code == 0
    assert mirrored(terminal) > 60
    issues = [issue.text("summary") for issue in terminal.stage.sandbox.jira.issues.values()]
    assert [issues.count(f"Number {number}") for number in range(60)] == [1] * 60


def test_a_server_that_hangs_does_not_keep_the_process_from_ending(terminal: Terminal) -> None:
    terminal("sync")
    terminal.log("Never answered")
    terminal.stage.sandbox.jira_switchboard.add_fault(
        Fault(effect="delay", method="POST", path="/issue$", seconds=STOP_SECONDS * 3)
    )
    daemon = terminal.start("run")
    requests = terminal.stage.sandbox.jira_switchboard
    wait_for(lambda: any(seen.method == "POST" and seen.path.endswith("/issue") for seen in requests.requests[-20:]))
    daemon.send_signal(signal.SIGTERM)
    _, err = daemon.communicate(timeout=STOP_SECONDS + 5)
    assert daemon.returncode == 0, err
    assert "left in doubt" in err
    assert len(terminal.known()["intents"]) == 1


def test_a_change_travels_by_itself_and_the_log_has_a_line_for_each_action_without_its_texts(
    terminal: Terminal,
) -> None:
    terminal.settings["SYNCER_SCHEDULE__EVERY_SECONDS"] = "1"
    terminal("sync")
    daemon = terminal.start("run", SYNCER_LOG__FORMAT="json")
    title, remark = "Written while the daemon runs", "Nobody but us should read this"
    incident = terminal.log(title, Comments=[{"Body": remark}])
    issues = terminal.stage.sandbox.jira.issues

    def travelled() -> bool:
        return any(issue.text("summary") == title and issue.comments for issue in list(issues.values()))

    wait_for(travelled)
    daemon.send_signal(signal.SIGINT)
    _, err = daemon.communicate(timeout=STOP_SECONDS + 5)
    assert daemon.returncode == 0, err
    lines = [json.loads(line) for line in err.splitlines()]
    settled = [line["event"] for line in lines if line.get("incident") == incident.id]
    assert sum(f"#{incident.number}" in event for event in settled) >= 1, err
    assert sum("comment" in event for event in settled) == 1
    assert {line["link"] for line in lines if "incident" in line} == {LINK}
    assert title not in err
    assert remark not in err


def test_a_hangup_takes_new_mapping_files_over_and_does_not_stop_the_process(terminal: Terminal) -> None:
    daemon = terminal.start("run", SYNCER_LOG__FORMAT="json")
    lines_until(daemon, "started")
    add_mapping(terminal, "other")
    daemon.send_signal(signal.SIGHUP)
    said = json.loads(lines_until(daemon, "a new mapping was found, and the project link begins")[-1])
    assert said["link"] == "other"
    lines_until(daemon, "NONE")
    daemon.send_signal(signal.SIGHUP)
    lines_until(daemon, "nothing in them has changed")
    daemon.send_signal(signal.SIGTERM)
    lines_until(daemon, "stopped")
    assert daemon.wait(STOP_SECONDS) == 0
    daemon.communicate()


def test_a_process_for_one_link_goes_on_with_that_one_alone(terminal: Terminal) -> None:
    daemon = terminal.start("run", "--link", LINK, SYNCER_LOG__FORMAT="json")
    lines_until(daemon, "started")
    add_mapping(terminal, "other")
    daemon.send_signal(signal.SIGHUP)
    lines_until(daemon, "nothing in them has changed")
    terminal.mapping.unlink()
    lines_until(daemon, "the mapping is gone, and the project link ends")
    daemon.send_signal(signal.SIGTERM)
    lines_until(daemon, "stopped")
    assert daemon.wait(STOP_SECONDS) == 0
    daemon.communicate()
