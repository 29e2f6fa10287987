"""Routes about the server itself: what it offers, its version and time, its synchronization log."""

from datetime import UTC, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from syncer.sandbox.tester.calls import Call, JsonAnswer, Route
from syncer.sandbox.tester.errors import Refused
from syncer.sandbox.tester.records import SystemEvent
from syncer.sandbox.tester.views import moment

_VERSIONS = {"4.6": "4.6.0.0", "6.x": "6.4.1.0"}
_LEVELS = ("DEBUG", "INFO", "WARN", "ERROR")

_RESOURCES = (
    ("Incidents", "incidents", True),
    ("Projects", "projects", False),
    ("ScriptRuns", "scriptruns", True),
    ("ExternalSystemLinks", "externalsystemlinks", False),
    ("SystemInfo", "systeminfo", None),
)
"""Rel, path, and whether it is queried with TQL (True), with OData (False) or not at all (None)."""


def _root(call: Call) -> Response:
    links = [
        {
            "Title": rel,
            "Href": f"{call.model.base_url}/api/{path}",
            "Rel": rel,
            "Description": "",
            "SupportedHttpMethods": ["GET", "POST"] if rel == "Incidents" else ["GET"],
            "SupportsOData": tql is False,
            "SupportsTQL": tql is True,
            "Help": "",
        }
        for rel, path, tql in _RESOURCES
    ]
    return JsonAnswer({"Links": links})


def _system_info(call: Call) -> Response:
    return JsonAnswer(
        {
            "Version": _VERSIONS[call.model.profile],
            "RootUrl": call.model.base_url,
            "StaticContentRootUrl": f"{call.model.base_url}/content",
            "PackagePathSeparator": "|",
            "TimeZoneId": "UTC",
            "UtcOffset": "00:00:00",
            "Modules": {},
        }
    )


def _time_zone(call: Call) -> Response:
    name = call.param("id")
    if not name:
        raise Refused("You must specify the id of a time zone.")
    zone: tzinfo
    try:
        zone, resolved = ZoneInfo(name), True
    except (KeyError, ValueError, OSError):
        zone, resolved = UTC, False
    here = call.model.now().astimezone(zone)
    minutes = (here.utcoffset() or timedelta()) // timedelta(minutes=1)
    return JsonAnswer(
        {
            "UnresolvedTimeZoneId": name,
            "Resolved": resolved,
            "TimeZoneId": name if resolved else None,
            "UtcOffset": f"{'-' if minutes < 0 else ''}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}:00",
            "CurrentTimeInZone": here.isoformat(),
        }
    )


def _events(call: Call) -> Response:
    return call.odata([_event_view(event) for event in call.model.events])


def _log_event(call: Call) -> Response:
    body = call.body
    if not isinstance(body, dict) or not isinstance(body.get("Message"), str):
        raise Refused("You must specify the Message of the event.")
    level = body.get("Level") or "INFO"
    if level not in _LEVELS:
        raise Refused(f"Level must be one of {', '.join(_LEVELS)}, not {level!r}.")
    event = SystemEvent(
        id=call.model.new_id(),
        occurred_at=call.model.now(),
        message=body["Message"],
        type=str(body.get("Type") or "Message"),
        source=str(body.get("Source") or "API"),
        level=level,
        link_id=body.get("LinkId"),
        entity_type=body.get("EntityType"),
        entity_id=body.get("EntityId"),
    )
    call.model.events.append(event)
    return JsonAnswer(_event_view(event), 201)


def _event_view(event: SystemEvent) -> dict[str, Any]:
    return {
        "Id": event.id,
        "OccurredAt": moment(event.occurred_at),
        "LinkId": event.link_id,
        "Message": event.message,
        "Type": event.type,
        "Source": event.source,
        "EntityType": event.entity_type,
        "EntityId": event.entity_id,
        "Level": event.level,
    }


ROUTES: tuple[Route, ...] = (
    ("GET", "/api", _root),
    ("GET", "/api/systeminfo", _system_info),
    ("GET", "/api/timezone", _time_zone),
    ("GET", "/api/systemevents", _events),
    ("POST", "/api/systemevents", _log_event),
)
