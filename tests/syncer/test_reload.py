"""Mapping files that change: what is noticed, what is taken over, and what is said of it."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings import Mapping, MappingError, load_mappings
from mappings.policies import Direction
from syncer import logs
from syncer.context import ProjectLink
from syncer.reload import NOTHING, RELOAD, RETRY_LOOKS, Changes, Watcher, changes, listing, reload_requests

MINIMAL = (Path(__file__).parents[2] / "mappings" / "examples" / "minimal.yaml").read_text(encoding="utf-8")
PLAIN = load_mappings(Path(__file__).parents[2] / "mappings" / "examples" / "minimal.yaml")[0]
GO_ON = "the mappings that were loaded before go on"


class Folder:
    """A folder of mapping files with somebody who edits them, and what runs by them."""

    def __init__(self, path: Path, capture: pytest.CaptureFixture[str], only: str | None = None) -> None:
        self.path = path
        self.write("shop", MINIMAL)
        self.write("till", MINIMAL)
        self.running = [each for each in load_mappings(path) if only in (None, each.name)]
        self.watcher = Watcher(path, only, _no_link)
        self._capture = capture
        assert self.settle() == NOTHING

    def write(self, name: str, text: str) -> Path:
        """One file, and with it one project link of that name."""
        file = self.path / f"{name}.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    def look(self) -> Changes:
        return self.watcher.look(self.running)

    def settle(self) -> Changes:
        """Two looks: the first sees that something is different, the second that nobody is writing any more."""
        assert self.look() == NOTHING
        return self.look()

    def said(self) -> list[tuple[str, str]]:
        """Levels and sentences of the log since the last call."""
        lines = [json.loads(line) for line in self._capture.readouterr().err.splitlines()]
        return [(line["level"], line["event"]) for line in lines]


def _no_link(_: Mapping) -> ProjectLink:
    raise AssertionError("looking at files makes no project link")


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Folder]:
    logs.configure("json", "info")
    yield Folder(tmp_path, capsys)
    logs.configure("json", "error")


def names(found: Changes) -> tuple[list[str], list[str], list[str]]:
    return [each.name for each in found.added], [each.name for each in found.changed], list(found.removed)


def mapping(name: str, direction: Direction) -> Mapping:
    return PLAIN.model_copy(update={"name": name, "direction": direction})


mappings = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(Direction)).map(
    lambda held: [mapping(name, direction) for name, direction in held.items()]
)


@given(mappings, mappings)
def test_changes_lead_from_what_ran_to_what_was_loaded_and_touch_nothing_else(
    before: list[Mapping], after: list[Mapping]
) -> None:
    found = changes(before, after)
    untouched = [each for each in before if each in after]
    assert sorted([*untouched, *found.added, *found.changed], key=lambda each: each.name) == sorted(
        after, key=lambda each: each.name
    )
    assert set(found.removed) == {each.name for each in before} - {each.name for each in after}
    assert (found == NOTHING) == (sorted(map(repr, before)) == sorted(map(repr, after)))


def test_what_nobody_touched_is_not_loaded_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each beat the files are looked at, and only at that."""
    monkeypatch.setattr("syncer.reload.load_mappings", _no_load)
    assert [folder.look() for _ in range(5)] == [NOTHING] * 5
    assert folder.said() == []


def _no_load(_: Path) -> tuple[Mapping, ...]:
    raise AssertionError("nothing has changed")


def test_new_changed_and_removed_files_are_noticed_and_the_others_left_alone(folder: Folder) -> None:
    folder.write("shop", MINIMAL + "conflict: incident\n")
    folder.write("desk", MINIMAL)
    assert names(folder.settle()) == (["desk"], ["shop"], [])
    (folder.path / "till.yaml").unlink()
    assert names(folder.settle()) == (["desk"], ["shop"], ["till"])


def test_another_name_is_another_project_link(folder: Folder) -> None:
    (folder.path / "till.yaml").rename(folder.path / "desk.yaml")
    assert names(folder.settle()) == (["desk"], [], ["till"])


def test_a_file_that_was_saved_as_it_was_changes_nothing(folder: Folder) -> None:
    folder.write("shop", MINIMAL)
    assert folder.settle() == NOTHING
    assert folder.said() == []


def test_a_change_before_the_first_look_is_noticed(folder: Folder) -> None:
    """The daemon takes a while to start after it has read its files."""
    folder.write("shop", MINIMAL + "conflict: incident\n")
    folder.watcher = Watcher(folder.path, None, _no_link)
    assert names(folder.settle()) == ([], ["shop"], [])


def test_a_file_that_is_being_written_is_left_until_it_stays_the_same(folder: Folder) -> None:
    text = MINIMAL + "conflict: incident\n"
    for length in range(len(text) // 2, len(text), 40):
        folder.write("shop", text[:length])
        assert folder.look() == NOTHING
    folder.write("shop", text)
    assert names(folder.settle()) == ([], ["shop"], [])
    assert folder.said() == []


def test_a_bad_file_is_told_of_once_with_all_its_places_and_what_ran_goes_on(folder: Folder) -> None:
    shop = folder.write("shop", MINIMAL + "conflict: whoever\n")
    till = folder.write("till", MINIMAL.replace("Summary", "Sumary"))
    with pytest.raises(MappingError) as refused:
        load_mappings(folder.path)
    expected = [str(problem) for problem in refused.value.problems]
    assert [each.rpartition("/")[2].split(":")[0] for each in expected] == [shop.name, till.name]

    assert [folder.look() for _ in range(5)] == [NOTHING] * 5
    assert folder.said() == [("error", each) for each in (*expected, GO_ON)]

    folder.write("shop", MINIMAL + "conflict: nobody\n")
    assert folder.settle() == NOTHING
    assert len(folder.said()) == 3, "whoever saves a file again is told again"
    assert folder.watcher.reload(folder.running) == NOTHING
    assert len(folder.said()) == 3, "and so is whoever asks"


def test_a_file_that_was_repaired_is_taken_over(folder: Folder) -> None:
    folder.write("shop", MINIMAL + "conflict: whoever\n")
    folder.settle()
    folder.write("shop", MINIMAL + "conflict: incident\n")
    assert names(folder.settle()) == ([], ["shop"], [])


def test_a_file_that_was_put_back_is_good_again_and_says_so(folder: Folder) -> None:
    """Even by a program that gives it the size and the date of the bad one."""
    bad = folder.write("shop", MINIMAL.replace("copy", "cpoy", 1)).stat()
    folder.settle()
    folder.said()
    os.utime(folder.write("shop", MINIMAL), ns=(bad.st_atime_ns, bad.st_mtime_ns))
    assert folder.settle() == NOTHING
    assert folder.said() == [("info", "the mapping files were loaded anew, and nothing in them has changed")]


def test_files_that_all_vanished_end_nothing(folder: Folder) -> None:
    """A folder that isn't mounted any more is no decision of an admin."""
    away = folder.path.with_name("elsewhere")
    folder.path.rename(away)
    assert folder.settle() == NOTHING
    assert folder.said()[-1] == ("error", GO_ON)
    away.rename(folder.path)
    assert folder.settle() == NOTHING
    folder.write("shop", MINIMAL + "conflict: incident\n")
    assert names(folder.settle()) == ([], ["shop"], [])


def test_what_was_refused_is_tried_again_now_and_then_and_not_told_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever kept the files from being loaded, what ran goes on; and it may not have been the files."""

    def broken(_: Path) -> tuple[Mapping, ...]:
        raise PermissionError("nobody may look")

    folder.write("shop", MINIMAL + "conflict: incident\n")
    with monkeypatch.context() as patched:
        patched.setattr("syncer.reload.load_mappings", broken)
        assert [folder.look() for _ in range(RETRY_LOOKS * 3)] == [NOTHING] * RETRY_LOOKS * 3
        first, last = folder.said()
        assert "nobody may look" in first[1]
        assert last == ("error", GO_ON)
    found = [each for each in (folder.look() for _ in range(RETRY_LOOKS)) if each != NOTHING]
    assert [names(each) for each in found] == [([], ["shop"], [])]


def test_asked_for_all_is_loaded_at_once_and_the_answer_is_told(folder: Folder) -> None:
    assert folder.watcher.reload(folder.running) == NOTHING
    assert folder.said() == [("info", "the mapping files were loaded anew, and nothing in them has changed")]
    folder.write("shop", MINIMAL + "conflict: incident\n")
    assert names(folder.watcher.reload(folder.running)) == ([], ["shop"], [])


def test_a_daemon_for_one_project_link_leaves_the_others_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Folder(tmp_path, capsys, only="shop")
    folder.write("desk", MINIMAL)
    (folder.path / "till.yaml").unlink()
    assert folder.settle() == NOTHING
    (folder.path / "shop.yaml").unlink()
    assert names(folder.settle()) == ([], [], ["shop"])


def test_what_is_no_mapping_file_is_not_looked_at(folder: Folder) -> None:
    before = listing(folder.path)
    for name in (".shop.yaml.swp", ".hidden.yaml", "shop.yaml~", "notes.txt"):
        (folder.path / name).write_text("anything", encoding="utf-8")
    assert listing(folder.path) == before


def test_a_single_file_can_be_watched_too(tmp_path: Path) -> None:
    file = tmp_path / "shop.mapping"
    file.write_text(MINIMAL, encoding="utf-8")
    running = load_mappings(file)
    watcher = Watcher(file, None, _no_link)
    assert [watcher.look(running) for _ in range(2)] == [NOTHING] * 2
    file.write_text(MINIMAL + "conflict: incident\n", encoding="utf-8")
    watcher.look(running)
    assert names(watcher.look(running)) == ([], ["shop"], [])


def test_a_hangup_is_a_request_and_ends_nothing_while_somebody_listens() -> None:
    before = signal.getsignal(signal.SIGHUP)
    requests: SimpleQueue[str] = SimpleQueue()
    with reload_requests(requests):
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGHUP)
            assert requests.get(timeout=5) == RELOAD
    assert signal.getsignal(signal.SIGHUP) is before
