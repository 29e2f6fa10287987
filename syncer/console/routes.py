"""The addresses of the console."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Mount, Route

from state import StateError
from syncer.console.access import Refusal
from syncer.console.actions import Actions, posted
from syncer.console.assets import asset
from syncer.console.pages import Pages
from syncer.console.site import Site
from syncer.errors import SyncerError
from syncer.web.front import Front

LINK = "/links/{project_link}"


def routes(front: Front) -> list[BaseRoute]:
    """All of the console, for the end of a list of routes: what is no other page is one that says so."""
    site = Site(front)
    pages, actions = Pages(site), Actions(site)
    refused = (Refusal, HTTPException, StateError, SyncerError, Exception)
    own = [
        Route("/", pages.overview),
        Route("/live", pages.overview_live),
        Route("/history", pages.history),
        Route("/login", pages.sign_in),
        Route("/login", posted(actions.sign_in), methods=["POST"]),
        Route("/logout", posted(actions.sign_out), methods=["POST"]),
        Route("/static/{name}", asset),
        Route(f"{LINK}/records", pages.records),
        Route(f"{LINK}/records/{{ref}}", pages.record),
        Route(f"{LINK}/waiting", pages.waiting),
        Route(f"{LINK}/waiting/settle", posted(actions.settle), methods=["POST"]),
        Route(f"{LINK}/waiting/retry", posted(actions.retry), methods=["POST"]),
        Route(f"{LINK}/held", pages.held),
        Route(f"{LINK}/held/approve", posted(actions.approve), methods=["POST"]),
        Route(f"{LINK}/held/discard", posted(actions.discard), methods=["POST"]),
        Route(f"{LINK}/plan", pages.plan),
        Route(f"{LINK}/plan/live", pages.plan_live),
        Route(f"{LINK}/mapping", pages.mapping),
        Route(f"{LINK}/cycles", pages.cycles),
    ]
    return [Mount("/", Starlette(routes=own, exception_handlers=dict.fromkeys(refused, site.refuse)))]
