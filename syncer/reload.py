"""Mapping files that change while the daemon runs.

    at each beat: names, sizes, times ── those that were loaded, or not yet the same twice ──► nothing
                            │
                            ▼ or SIGHUP
                     load all files ── something is wrong ──► said once; what was loaded before goes on
                            │
                            ▼
                         Changes ──► the daemon takes them over between two cycles

Looking is cheap and done often; loading tries out what the files say, and is done for a change only.
"""

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TypeAlias

import structlog

from mappings import Mapping, MappingError, load_mappings
from mappings.load import SUFFIXES
from syncer.context import ProjectLink

RELOAD = signal.SIGHUP.name
"""The request to load the mapping files anew, whatever they look like."""

RETRY_LOOKS = 30
"""After so many looks, files that were refused are loaded again: the trouble may have been the machine's."""

log = structlog.get_logger("syncer")

Listing: TypeAlias = frozenset[tuple[str, int, int, int]]
"""What is seen of files without reading them: name, size, time of the content, time of the inode."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What other mapping files mean for the project links: mappings to begin with, to go on with, names to end."""

    added: tuple[Mapping, ...] = ()
    changed: tuple[Mapping, ...] = ()
    removed: tuple[str, ...] = ()


NOTHING = Changes()


def changes(before: Iterable[Mapping], after: Iterable[Mapping]) -> Changes:
    """From the mappings that run to those that were loaded. Another name is another project link.

    A mapping that only moved within its file has changed too: what it parks names its lines."""
    known = {mapping.name: mapping for mapping in before}
    loaded = {mapping.name: mapping for mapping in after}
    return Changes(
        added=tuple(mapping for name, mapping in loaded.items() if name not in known),
        changed=tuple(mapping for name, mapping in loaded.items() if name in known and mapping != known[name]),
        removed=tuple(name for name in known if name not in loaded),
    )


def listing(path: Path) -> Listing:
    """The mapping file, or those of the folder. Empty where nothing can be seen: loading says why."""
    try:
        files = [file for file in path.iterdir() if _counts(file)] if path.is_dir() else [path]
    except OSError:
        return frozenset()
    return frozenset(_seen(files))


class Watcher:
    """Looks after the mapping files of one daemon, `only` for one project link where one is named.

    `link` makes a project link of a mapping; all of them share one `stopping`.
    """

    def __init__(self, path: Path, only: str | None, link: Callable[[Mapping], ProjectLink]) -> None:
        self.link = link
        self._path = path
        self._only = only
        self._seen: Listing | None = None
        # Not known at first: the files may have changed since the daemon read them, so they are loaded once more.
        self._loaded: Listing | None = None
        self._refused: tuple[str, ...] = ()
        self._looks_since = 0

    def look(self, running: Sequence[Mapping]) -> Changes:
        """What has changed from `running`, once the files have looked the same twice: an editor may be writing."""
        now = listing(self._path)
        settled = now == self._seen
        self._seen = now
        self._looks_since += 1
        retry = self._refused and self._looks_since >= RETRY_LOOKS
        if not settled or (now == self._loaded and not retry):
            return NOTHING
        return self._load(now, running, asked=False)

    def reload(self, running: Sequence[Mapping]) -> Changes:
        """The same at once, because somebody asked for it."""
        return self._load(listing(self._path), running, asked=True)

    def _load(self, now: Listing, running: Sequence[Mapping], *, asked: bool) -> Changes:
        again = now == self._loaded and not asked
        # The listing from before the files are read: what changes meanwhile is seen at the next look.
        self._loaded, self._looks_since = now, 0
        try:
            loaded = load_mappings(self._path)
        except MappingError as error:
            return self._refuse([str(problem) for problem in error.problems], again)
        except Exception as error:  # whatever the files do to the loader, the project links go on
            return self._refuse([f"the mapping files can't be loaded: {type(error).__name__}: {error}"], again)
        found = changes(running, [mapping for mapping in loaded if self._only in (None, mapping.name)])
        if found == NOTHING and (asked or self._refused):
            log.info("the mapping files were loaded anew, and nothing in them has changed")
        self._refused = ()
        return found

    def _refuse(self, sentences: Sequence[str], again: bool) -> Changes:
        """Say what is wrong, unless it is what was said `again` of files that nobody changed."""
        known, self._refused = self._refused, tuple(sentences)
        if again and known == self._refused:
            return NOTHING
        for sentence in sentences:
            log.error(sentence)
        log.error("the mappings that were loaded before go on")
        return NOTHING


@contextmanager
def reload_requests(requests: SimpleQueue[str]) -> Iterator[None]:
    """SIGHUP as an entry of the queue, for the main thread; it ends nothing meanwhile."""
    before = signal.signal(signal.SIGHUP, lambda _number, _frame: requests.put(RELOAD))
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def _counts(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and not file.name.startswith(".")


def _seen(files: Iterable[Path]) -> Iterator[tuple[str, int, int, int]]:
    for file in files:
        try:
            found = file.stat()
        except OSError:
            continue
        # The inode's time tells of a file that was made readable, or put back with the date of an older one.
        yield file.name, found.st_size, found.st_mtime_ns, found.st_ctime_ns
