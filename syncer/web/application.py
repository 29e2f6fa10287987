"""The one ASGI application on the daemon's port."""

from starlette.applications import Starlette
from starlette.types import ASGIApp

from syncer.web.front import Front
from syncer.web.guard import Guard


def application(front: Front) -> ASGIApp:
    """Probes, metrics and console behind the guard."""
    return Guard(Starlette(routes=[]), front.settings.http)
