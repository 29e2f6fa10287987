"""Recorded exchanges: the contract suite without a server, the same for both sides.

    record   RECORD_CASSETTES=1: a live bench answers, each exchange is written to `recordings/<name>.yaml`
    replay   otherwise: the written answers are given, and a request that was not recorded fails its test

Sandboxes listen on any free port, so in a recording each server has a fixed name, in addresses and in bodies:
`http://127.0.0.1:40123/...` is written as `http://sandbox.example/...`, and that is the address to replay against.
Credentials are not written, nor are headers that nothing depends on. Long bodies, which come again and again, are
written once, under `recordings/bodies`. `script/record` records everything anew.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
import vcr
from requests.adapters import HTTPAdapter
from vcr.serializers import yamlserializer

STAND_IN = "http://sandbox.example"
FOLDER = Path(__file__).parent / "recordings"
BODIES = FOLDER / "bodies"
RECORDING = os.environ.get("RECORD_CASSETTES") == "1"

_LOOPBACK = re.compile(r"http://127\.0\.0\.1:\d+")
_KEPT_HEADERS = frozenset({"content-type", "date", "location", "retry-after"})
_MATCHED = ("method", "scheme", "host", "port", "path", "query", "body")
_LONG = 2000
"""Characters of a body beyond which it has a file of its own."""


def cassette_name(request: pytest.FixtureRequest) -> str:
    """The name of a test's cassette: `<test class>/<test>`, with the parameters of the test in it."""
    folder = request.cls.__name__ if request.cls else "functions"
    return f"{folder}/{re.sub(r'[^A-Za-z0-9.]+', '_', request.node.name).strip('_')}"


@contextmanager
def cassette(name: str) -> Iterator[None]:
    """Record or replay all HTTP exchanges of this process, by `RECORDING`."""
    path = FOLDER / f"{name}.yaml"
    if RECORDING:
        path.unlink(missing_ok=True)
    elif not path.exists():
        pytest.fail(f"There is no recording {path.name}: run script/record", pytrace=False)
    with _recorder().use_cassette(str(path), record_mode="all" if RECORDING else "none"), _taking_turns():
        yield
    if RECORDING and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("interactions: []\nversion: 1\n")


@contextmanager
def _taking_turns() -> Iterator[None]:
    """One request at a time: while the recorder sends one, those of other threads would go past it."""
    turn, send = Lock(), HTTPAdapter.send

    def alone(*args: Any, **kwargs: Any) -> Any:
        with turn:
            return send(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HTTPAdapter, "send", alone)
        yield


class _Sharing:
    """Cassettes as YAML, in which a long body is named by what it says."""

    def serialize(self, cassette: dict[str, Any]) -> str:
        return str(yamlserializer.serialize(_each_body(cassette, _put_away)))

    def deserialize(self, text: str) -> dict[str, Any]:
        return _each_body(yamlserializer.deserialize(text), _fetched)


def _each_body(cassette: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    def changed(interaction: dict[str, Any]) -> dict[str, Any]:
        response = interaction["response"]
        return {**interaction, "response": {**response, "body": change(response["body"])}}

    return {**cassette, "interactions": [changed(each) for each in cassette["interactions"]]}


def _put_away(body: dict[str, Any]) -> dict[str, Any]:
    text = body.get("string")
    if not isinstance(text, str) or len(text) <= _LONG:
        return body
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    BODIES.mkdir(parents=True, exist_ok=True)
    (BODIES / name).write_bytes(text.encode())
    return {"file": name}


def _fetched(body: dict[str, Any]) -> dict[str, Any]:
    return {"string": (BODIES / body["file"]).read_bytes().decode()} if "file" in body else body


def _recorder() -> Any:
    recorder = vcr.VCR(
        serializer="sharing",
        match_on=_MATCHED,
        before_record_request=_stand_in_request,
        before_record_response=_stand_in_response,
        decode_compressed_response=True,
    )
    recorder.register_serializer("sharing", _Sharing())
    return recorder


def _stand_in_request(request: Any) -> Any:
    """The request as it is written and compared: by the fixed address and without most headers."""
    request.uri = _LOOPBACK.sub(STAND_IN, request.uri)
    if isinstance(request.body, bytes):
        request.body = _without_address(request.body)
    request.headers = {name: value for name, value in request.headers.items() if name.lower() == "content-type"}
    return request


def _stand_in_response(response: dict[str, Any]) -> dict[str, Any]:
    """The answer as it is written. A copy: the test that is recorded goes on with the real one."""
    body = response["body"]["string"]
    return {
        **response,
        "headers": {
            name: [_LOOPBACK.sub(STAND_IN, value) for value in values]
            for name, values in response["headers"].items()
            if name.lower() in _KEPT_HEADERS
        },
        "body": {"string": _without_address(body) if isinstance(body, bytes) else _LOOPBACK.sub(STAND_IN, body)},
    }


def _without_address(body: bytes) -> bytes:
    return _LOOPBACK.sub(STAND_IN, body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
