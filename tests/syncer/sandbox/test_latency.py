"""A sandbox server can be as far away as asked: reads and writes take their time, and wait beside each other."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.syncer.sandbox.tester_stage import VENDOR, Played, Stage

FAR = 0.5


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture
def tester(stage: Stage) -> Played:
    return stage.play()


def control(tester: Played, method: str, body: Any = None) -> httpx.Response:
    return httpx.request(method, f"{tester.root}/_sandbox/latency", json=body)


def seconds(act: Callable[[], object]) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


def test_a_server_is_near_until_told_otherwise(tester: Played) -> None:
    assert control(tester, "GET").json() == {"reads": 0.0, "writes": 0.0}


def test_reads_and_writes_wait_as_long_as_asked(tester: Played) -> None:
    assert control(tester, "PUT", {"writes": FAR}).json() == {"reads": 0.0, "writes": FAR}
    assert seconds(lambda: tester.put(VENDOR, Summary="Far away")) >= FAR
    control(tester, "PUT", {"reads": FAR})
    assert seconds(lambda: tester.get("/api/incidents")) >= FAR
    assert tester.model.incident(VENDOR).summary == "Far away"


def test_requests_wait_beside_each_other(tester: Played) -> None:
    control(tester, "PUT", {"reads": FAR})

    def eight() -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: tester.get("/api/incidents"), range(8)))

    assert FAR <= seconds(eight) < 8 * FAR


@pytest.mark.parametrize("wrong", [{"reads": -1}, {"reads": "slow"}, {"writing": 1}])
def test_a_latency_that_makes_no_sense_is_refused_in_one_sentence(tester: Played, wrong: dict[str, Any]) -> None:
    answer = control(tester, "PUT", wrong)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert control(tester, "GET").json() == {"reads": 0.0, "writes": 0.0}
