"""`syncer backup` beside a daemon at work, and what becomes of a copy that is put back."""

import signal
from collections import Counter

from state.rows import Link
from syncer.core.records import Side
from tests.syncer.cli.terminal import Terminal
from tests.syncer.cli.test_run import STOP_SECONDS, lines_until, wait_for

INCIDENTS = 40


def put_back(terminal: Terminal, name: str) -> None:
    """As docs/backup.md says."""
    for left in ("cli.db-wal", "cli.db-shm"):
        (terminal.folder / left).unlink(missing_ok=True)
    (terminal.folder / name).replace(terminal.state)


def titles(terminal: Terminal) -> Counter[str]:
    sandbox = terminal.stage.sandbox
    issues = Counter(issue.text("summary") for issue in sandbox.jira.issues.values())
    return issues + Counter(incident.summary for incident in sandbox.tester.incidents())


def test_a_copy_made_amid_a_mirror_can_be_put_back_and_nothing_is_there_twice(terminal: Terminal) -> None:
    for number in range(INCIDENTS):
        terminal.log(f"Number {number}", Comments=[{"Body": f"Comment {number}"}])
    daemon = terminal.start("run", SYNCER_LOG__FORMAT="json")
    wait_for(lambda: len(finished(terminal)) > 2)
    said = terminal("backup", "copy.db")
    assert said.code == 0, said.err
    assert said.out.startswith(f"{terminal.folder}/copy.db: ")
    lines_until(daemon, "cycle done")
    daemon.send_signal(signal.SIGTERM)
    _, err = daemon.communicate(timeout=STOP_SECONDS + 5)
    assert daemon.returncode == 0, err
    known = {(row.incident_id, row.issue_id) for row in terminal.known()["links"]}
    before, comments = titles(terminal), comment_count(terminal)

    put_back(terminal, "copy.db")
    assert 0 < len(finished(terminal)) < len(known)
    for _ in range(2):
        assert terminal("sync", "--census").code == 0
    assert {(row.incident_id, row.issue_id) for row in terminal.known()["links"]} == known
    assert titles(terminal) == before
    assert comment_count(terminal) == comments
    assert [before[f"Number {number}"] for number in range(INCIDENTS)] == [2] * INCIDENTS


def finished(terminal: Terminal) -> list[Link]:
    """The links whose records bear both marks, which are written last."""
    return [row for row in terminal.known()["links"] if len(row.marked) == len(Side)]


def comment_count(terminal: Terminal) -> int:
    sandbox = terminal.stage.sandbox
    issues = sum(len(issue.comments) for issue in sandbox.jira.issues.values())
    return issues + sum(len(incident.comments) for incident in sandbox.tester.incidents())


def test_a_backup_replaces_an_earlier_one_only_when_told_to(terminal: Terminal) -> None:
    terminal("sync")
    assert terminal("backup", "copy.db").code == 0
    said = terminal("backup", "copy.db")
    assert said.code == 1
    assert said.complaints == [
        f"{terminal.folder}/copy.db is there already; name another file, or replace it with --force"
    ]
    assert terminal("backup", "--force", "copy.db").code == 0
