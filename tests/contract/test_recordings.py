"""What may lie in the recordings that everybody gets to see, and what a replay does without one."""

import re
from pathlib import Path

import httpx
import pytest
from vcr.errors import CannotOverwriteExistingCassetteException

from tests.contract.cassettes import FOLDER, RECORDING, STAND_IN, cassette

RECORDINGS = sorted(FOLDER.rglob("*.yaml"))
BASIC = re.compile(r"authorization|set-cookie|basic [a-z0-9+/=]{8}", re.IGNORECASE)
MACHINE = re.compile(r"127\.0\.0\.1|localhost|/home/|/root/|/tmp/")


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_recording_holds_credentials_or_anything_of_a_machine(path: Path) -> None:
    text = path.read_text()
    assert BASIC.search(text) is None
    assert MACHINE.search(text) is None


@pytest.mark.skipif(RECORDING, reason="recordings are being made")
def test_a_replay_answers_nothing_that_was_not_recorded() -> None:
    name = RECORDINGS[0].relative_to(FOLDER).with_suffix("")
    with cassette(str(name)), pytest.raises(CannotOverwriteExistingCassetteException):
        httpx.get(f"{STAND_IN}/never/asked")


@pytest.mark.skipif(RECORDING, reason="recordings are being made")
def test_a_missing_recording_fails_its_test_with_the_command_that_makes_it() -> None:
    with pytest.raises(pytest.fail.Exception, match="script/record"), cassette("never/recorded"):
        pass
