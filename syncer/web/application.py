"""The one ASGI application on the daemon's port."""

from starlette.applications import Starlette
from starlette.types import ASGIApp

from syncer import console
from syncer.web.front import Front
from syncer.web.guard import Guard
from syncer.web.probes import probes


def application(front: Front) -> ASGIApp:
    """Probes, metrics and console behind the guard."""
    return Guard(Starlette(routes=[*probes(front), *console.routes(front)]), front.settings.http)
