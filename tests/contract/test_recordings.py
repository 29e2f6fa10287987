"""What may lie in the recordings that everybody gets to see, and what a replay does without one."""

import re
from pathlib import Path

import httpx
import pytest
from vcr.errors import CannotOverwriteExistingCassetteException

from tests.contract.cassettes import BODIES, FOLDER, RECORDING, STAND_IN, cassette

RECORDINGS = sorted(FOLDER.rglob("*.yaml"))
KEPT = [*RECORDINGS, *sorted(BODIES.iterdir())]
BASIC = re.compile(r"authorization|set-cookie|basic [a-z0-9+/=]{8}", re.IGNORECASE)
NAMED_BODY = re.compile(r"^      file: '?([0-9a-f]{16})'?$", re.MULTILINE)
MOST_BYTES = 4_000_000
MACHINE = re.compile(r"127\.0\.0\.1|localhost|/home/|/root/|/tmp/")


def test_no_recording_holds_credentials_or_anything_of_a_machine() -> None:
    assert [_named(path) for path in KEPT if BASIC.search(path.read_text())] == []
    assert [_named(path) for path in KEPT if MACHINE.search(path.read_text())] == []


def test_recordings_stay_small_enough_to_be_kept_with_the_source() -> None:
    assert sum(path.stat().st_size for path in KEPT) < MOST_BYTES


@pytest.mark.skipif(RECORDING, reason="recordings are being made")
def test_there_are_recordings_of_every_deployment_and_version_and_no_body_that_none_of_them_names() -> None:
    profiles = {path.stem.rpartition("_")[2] for path in RECORDINGS}
    assert profiles == {"4.6", "6.x", "cloud", "datacenter"}
    named = {name for path in RECORDINGS for name in NAMED_BODY.findall(path.read_text())}
    assert named == {path.name for path in BODIES.iterdir()}, "run script/record without arguments"


def _named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.skipif(RECORDING, reason="recordings are being made")
def test_a_replay_answers_nothing_that_was_not_recorded() -> None:
    name = RECORDINGS[0].relative_to(FOLDER).with_suffix("")
    with cassette(str(name)), pytest.raises(CannotOverwriteExistingCassetteException):
        httpx.get(f"{STAND_IN}/never/asked")


@pytest.mark.skipif(RECORDING, reason="recordings are being made")
def test_a_missing_recording_fails_its_test_with_the_command_that_makes_it() -> None:
    with pytest.raises(pytest.fail.Exception, match="script/record"), cassette("never/recorded"):
        pass
