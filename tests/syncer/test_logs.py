"""A log shows what was done, and neither secrets nor what libraries quote."""

import json
import logging

import pytest
import structlog

from syncer import logs


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    said = capsys.readouterr()
    assert not said.out
    return said.err.splitlines()


def test_no_line_shows_a_secret_wherever_it_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info", ["hunter2", "hunter2-longer", ""])
    log = structlog.get_logger("syncer")
    log.info("can't log in with hunter2-longer", reason="401 for hunter2")
    try:
        raise ValueError("hunter2")
    except ValueError:
        log.error("failed", exc_info=True)
    said = lines(capsys)
    assert "hunter2" not in "".join(said)
    assert json.loads(said[0])["event"] == "can't log in with ********"
    assert "ValueError: ********" in json.loads(said[1])["exception"]


def test_collectors_get_one_json_object_a_line_whatever_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info")
    structlog.get_logger("syncer").info("two\nlines and Größe", link="x")
    (line,) = lines(capsys)
    assert json.loads(line)["event"] == "two\nlines and Größe"
    assert {"link", "level", "timestamp"} <= json.loads(line).keys()


@pytest.mark.parametrize(("level", "shown"), [("debug", 3), ("info", 2), ("error", 0)])
def test_only_what_is_severe_enough_is_written(
    capsys: pytest.CaptureFixture[str], level: logs.Level, shown: int
) -> None:
    logs.configure("json", level)
    log = structlog.get_logger("syncer")
    log.debug("detail")
    log.info("done")
    log.warning("careful")
    assert len(lines(capsys)) == shown


def test_libraries_stay_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """They quote requests and answers, where texts of records and credentials are."""
    logs.configure("console", "debug")
    for name in ("httpx", "urllib3", "jira", "apscheduler", "sqlalchemy"):
        logging.getLogger(name).error("GET https://user:password@example.com/")
    assert lines(capsys) == []


def test_a_title_in_a_log_line_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("console", "info")
    structlog.get_logger("syncer").info("create '\x1b[2Jwiped\x07'")
    assert not {"\x1b", "\x07"} & set("".join(lines(capsys)))
