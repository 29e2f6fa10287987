"""The setting `connections`: never more requests of one side are under way, however many threads ask."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from syncer.incidents.client import IncidentClient
from syncer.issues import JiraClient, Login

CONNECTIONS, THREADS, REQUESTS = 3, 12, 36


class Crowded(ThreadingHTTPServer):
    """Answers slowly, and counts how many requests it had at once at most."""

    most = now = 0

    def __init__(self) -> None:
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Handler)

    def entered(self, by: int) -> None:
        with self.lock:
            self.now += by
            self.most = max(self.most, self.now)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Crowded

    def do_GET(self) -> None:
        self.server.entered(1)
        threading.Event().wait(0.02)
        self.server.entered(-1)
        content = json.dumps({"Id": "1"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Not on the test's output."""


@pytest.fixture
def crowded() -> Iterator[Crowded]:
    server = Crowded()
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    yield server
    server.shutdown()
    server.server_close()


@contextmanager
def of_incidents(url: str) -> Iterator[Callable[[int], object]]:
    with IncidentClient(url, ("syncer", "word"), connections=CONNECTIONS, pauses=()) as client:
        yield lambda number: client.get(f"incident/{number}")


@contextmanager
def of_issues(url: str) -> Iterator[Callable[[int], object]]:
    client = JiraClient(url, Login("a", "b"), connections=CONNECTIONS, pauses=())
    yield lambda number: client.get("issue", str(number))
    client.close()


@pytest.mark.parametrize("side", [of_incidents, of_issues])
def test_no_more_requests_are_under_way_than_there_are_connections(
    crowded: Crowded, side: Callable[[str], AbstractContextManager[Callable[[int], object]]]
) -> None:
    with side(f"http://127.0.0.1:{crowded.server_address[1]}") as ask, ThreadPoolExecutor(THREADS) as pool:
        assert len(list(pool.map(ask, range(REQUESTS)))) == REQUESTS
    assert crowded.most == CONNECTIONS
