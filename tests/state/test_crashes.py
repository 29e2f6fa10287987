"""The promise that a kill at any moment leaves either the intent, or all that settling it changes."""

import random
import time
from pathlib import Path

import pytest

from state import Store
from state.rows import Baseline
from tests.state.builders import entry
from tests.state.killed import AGREED, main
from tests.state.processes import settle_on
from tests.syncer.forked import Forked


def is_untouched(store: Store) -> bool:
    """Nothing of the settling is there, and the intent is; otherwise everything is, and the intent isn't."""
    links = store.links("shop")
    values = {link.incident_id: store.baselines([link.id])[link.id] for link in links}
    ids = [link.id for link in links]
    comments = [one for several in store.comment_links(ids).values() for one in several]
    results = [one for several in store.result_links(ids).values() for one in several]
    missing = [absence.record_id for absence in store.absences("shop")]
    if store.open_intents("shop"):
        assert values == {"guid-1": {"issue": AGREED}, "guid-2": {"issue": AGREED}}
        assert (comments, results, missing, store.history(), store.tombstones("shop")) == ([], [], [], [], [])
        return True
    after = Baseline({"title": "after"}, "rev-2")
    assert values == {"guid-2": {"issue": after}, "guid-3": {"incident": AGREED, "issue": AGREED}}
    assert (len(comments), len(results), missing, len(store.tombstones("shop"))) == (1, 1, ["10002"], 1)
    assert store.history() == [entry(3)]
    return False


def test_killed_at_any_step_of_settling_it_is_all_or_nothing(tmp_path: Path) -> None:
    with Forked(main, (str(tmp_path),)) as killed:
        _, err = killed.communicate()
    assert killed.returncode == 0, err
    untouched = []
    for k in range(1, len(list(tmp_path.glob("*.db"))) + 1):
        store = Store.open(f"sqlite:///{tmp_path}/{k}.db")
        untouched.append(is_untouched(store))
        store.close()
    # The last one was not killed; the one before it died on the way into its commit.
    assert len(untouched) > 10
    assert untouched == [True] * (len(untouched) - 1) + [False]


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment_nothing_that_was_acknowledged_is_lost(tmp_path: Path, seed: int) -> None:
    url = f"sqlite:///{tmp_path}/syncer.db"
    with Forked(settle_on, (url,)) as process:
        assert process.stdout.readline() == "1\n", process.communicate(10)
        time.sleep(random.Random(seed).uniform(0.0, 0.2))
        process.kill()
        acknowledged = 1 + len(process.stdout.readlines())
    store = Store.open(url)
    settled, told, open_intents = (
        store.count_links("shop"),
        len(store.history(limit=100_000)),
        store.open_intents("shop"),
    )
    store.close()
    assert settled == told
    assert acknowledged <= settled <= acknowledged + 1
    assert [intent.incident_id for intent in open_intents] in ([], [f"guid-{settled + 1}"])
