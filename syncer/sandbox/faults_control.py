"""The control endpoints of a sandbox server, for people and for tests that run in another process.

    GET    /_sandbox/traffic     {"reads": n, "writes": n, "requests": [{"method", "path", "status"}, ...]}
    DELETE /_sandbox/traffic     forget it
    POST   /_sandbox/faults      a fault as JSON; 201 {"id"}
    GET    /_sandbox/faults      all faults with what they have hit
    DELETE /_sandbox/faults      lift them all
    GET    /_sandbox/behaviour   how the server behaves
    PATCH  /_sandbox/behaviour   change some of it, all or nothing
    GET    /_sandbox/latency     {"reads": seconds, "writes": seconds}
    PUT    /_sandbox/latency     let requests wait so long from now on; what isn't given is 0

No credentials are asked for: a sandbox listens on the loopback interface only. Bad input is answered with
400 and one sentence.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from syncer.sandbox.fault_values import Fault
from syncer.sandbox.latency import Latency

if TYPE_CHECKING:
    from syncer.sandbox.faults import Switchboard

CONTROL_PREFIX = "/_sandbox/"


class _BadControl(Exception):
    """What was asked of a control endpoint makes no sense; the message says what is allowed."""


async def answer_control(switchboard: "Switchboard", scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request below `CONTROL_PREFIX`."""
    request = Request(scope, receive)
    body = await request.body()
    name = f"{request.method} {scope['path'].removeprefix(CONTROL_PREFIX)}"
    answer = _ENDPOINTS.get(name)
    try:
        if answer is None:
            known = ", ".join(_ENDPOINTS)
            raise _BadControl(f"There is no control {name!r}; there are: {known}.")
        response = answer(switchboard, body)
    except _BadControl as problem:
        response = JSONResponse({"error": str(problem)}, 404 if answer is None else 400)
    await response(scope, receive, send)


def _traffic(switchboard: "Switchboard", _body: bytes) -> JSONResponse:
    return JSONResponse(
        {
            "reads": switchboard.reads,
            "writes": switchboard.writes,
            "requests": [asdict(seen) for seen in switchboard.requests],
        }
    )


def _reset_traffic(switchboard: "Switchboard", body: bytes) -> JSONResponse:
    switchboard.reset_traffic()
    return _traffic(switchboard, body)


def _faults(switchboard: "Switchboard", _body: bytes) -> JSONResponse:
    return JSONResponse(
        [{"id": one.id, **asdict(one.fault), "passed": one.passed, "hit": one.hit} for one in switchboard.armed]
    )


def _add_fault(switchboard: "Switchboard", body: bytes) -> JSONResponse:
    fault = _checked(TypeAdapter(Fault), _object(body), "fault")
    return JSONResponse({"id": switchboard.add_fault(fault)}, 201)


def _lift_faults(switchboard: "Switchboard", body: bytes) -> JSONResponse:
    switchboard.clear()
    return _faults(switchboard, body)


def _behaviour(switchboard: "Switchboard", _body: bytes) -> JSONResponse:
    return JSONResponse(to_jsonable_python(asdict(switchboard.behaviour)))


def _change_behaviour(switchboard: "Switchboard", body: bytes) -> JSONResponse:
    hints = get_type_hints(type(switchboard.behaviour), include_extras=True)
    wanted = _object(body)
    for name in wanted:
        if name not in hints:
            raise _BadControl(f"There is no behaviour {name!r}; there are: {', '.join(hints)}.")
    checked = {name: _checked(TypeAdapter(hints[name]), value, name) for name, value in wanted.items()}
    for name, value in checked.items():
        setattr(switchboard.behaviour, name, value)
    return _behaviour(switchboard, body)


def _latency(switchboard: "Switchboard", _body: bytes) -> JSONResponse:
    return JSONResponse(asdict(switchboard.latency))


def _set_latency(switchboard: "Switchboard", body: bytes) -> JSONResponse:
    switchboard.latency = _checked(TypeAdapter(Latency), _object(body), "latency")
    return _latency(switchboard, body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise _BadControl("The body must be a JSON object.")
    return value


def _checked(adapter: TypeAdapter[Any], value: object, name: str) -> Any:
    try:
        return adapter.validate_json(json.dumps(value), strict=True)
    except ValidationError as problem:
        raise _BadControl(_sentence(problem, name)) from None


def _sentence(problem: ValidationError, name: str) -> str:
    first = problem.errors(include_url=False)[0]
    place = ".".join([name, *map(str, first["loc"])])
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    if first["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"{place} is unknown; leave it out."
    if first["type"] in ("missing", "missing_argument"):
        return f"{place} is missing."
    return f"{place}: {first['msg'].replace('Input should', 'it must')}, not {first['input']!r}."


_ENDPOINTS: dict[str, Callable[["Switchboard", bytes], JSONResponse]] = {
    "GET traffic": _traffic,
    "DELETE traffic": _reset_traffic,
    "GET faults": _faults,
    "POST faults": _add_fault,
    "DELETE faults": _lift_faults,
    "GET behaviour": _behaviour,
    "PATCH behaviour": _change_behaviour,
    "GET latency": _latency,
    "PUT latency": _set_latency,
}
