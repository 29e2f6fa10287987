"""How the tests are run: where they put files, and how hard hypothesis searches.

Files go to memory where there is a file system for that, as each commit of a state DB waits for its disk: a run takes
half as long. PYTEST_DEBUG_TEMPROOT names another place.

hypothesis searches `quick` by default, `ci` where CI is set, `thorough` on request: HYPOTHESIS_PROFILE chooses a
profile. Deadlines are off: a busy machine is not a broken promise.
"""

import gc
import os
import shutil
import ssl
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

MEMORY = Path("/dev/shm")
ENOUGH = 2**29
"""Bytes; a run keeps a tenth of that at a time."""
if os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
# All servers of the tests are here, and no proxy of this machine may come in between.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
# Each client of httpx would read all certificate authorities of the world anew, which takes longer than most tests.
# From a folder they are read when a server shows a certificate.
os.environ.pop("SSL_CERT_FILE", None)
os.environ.setdefault("SSL_CERT_DIR", ssl.get_default_verify_paths().openssl_capath)

settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "quick"))


LONG = (
    "crash/test_sweep.py",
    "crash/test_killed.py",
    "crash/test_postgres.py",
    "simulation/test_simulator.py",
    "syncer/cli/test_worker.py",
    "syncer/console/test_console_browser.py",
    "test_operations.py",
    "limits/test_measure.py",
    "test_container.py",
    "syncer/sandbox/pages/test_pages_browser.py",
    "syncer/web/test_probes.py",
    "syncer/deciding/test_discarding.py",
    "syncer/test_missing.py",
    "syncer/test_removals.py",
    "syncer/test_lost_state.py",
    "syncer/test_mirror.py",
    "syncer/test_undo.py",
    "syncer/test_by_hand.py",
    "syncer/test_explaining.py",
    "syncer/test_undo_links.py",
    "syncer/deciding/test_settling.py",
    "syncer/test_ownership.py",
    "syncer/web/test_canary.py",
    "time/test_histories.py",
)
"""These files take longest, so they are begun first: a file is run by one process, and none should be left for the end,
when the others have nothing to do any more."""

TOGETHER = "tests/crash/"
"""One process runs all of this folder: what becomes of a world is worked out once, by whichever test asks first."""


class _ByFile(LoadFileScheduling):  # type: ignore[misc]  # it comes without types
    """A file is run by one process, and so is the folder whose files share what they find out."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    """Whoever asks for another distribution gets it."""
    return _ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The rest stays in its order."""
    ranks = {Path(__file__).parent / name: rank for rank, name in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


def pytest_collection_finish() -> None:
    """What has been imported stays: to look through it again and again for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
