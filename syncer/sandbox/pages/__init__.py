"""The pages of both sandbox servers: their records as a person sees and changes them in a browser.

front = jira_front(model, switchboard)     ASGI: pages for browsers, everything else to the switchboard
"""

from collections.abc import Callable

from starlette.types import ASGIApp

from syncer.sandbox.jira import JiraModel
from syncer.sandbox.pages.door import PAGES, FrontDoor
from syncer.sandbox.pages.jira_side import JiraSide
from syncer.sandbox.pages.site import site
from syncer.sandbox.pages.tester_side import TesterSide
from syncer.sandbox.tester import TesterModel

__all__ = ["jira_front", "tester_front"]

_GUID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"


def tester_front(model: TesterModel, api: ASGIApp, jira_url: Callable[[], str]) -> ASGIApp:
    """The pages of Enterprise Tester in front of its API; `jira_url` tells where the issues are that marks name.

    Assumed: the vendor names no page of an incident, so what programs hand out as its address is that of the API.
    Here a browser that follows it is led to the page."""
    side = TesterSide(model, jira_url)
    aliases = {
        f"{side.look.root}/api/incident/{_GUID}": side.look.record,
        f"{side.look.root}/api/stepresult/{_GUID}": f"{PAGES}stepresult/",
    }
    return FrontDoor(side.look, site(side), api, aliases)


def jira_front(model: JiraModel, api: ASGIApp) -> ASGIApp:
    """The pages of Jira in front of its API."""
    side = JiraSide(model)
    return FrontDoor(side.look, site(side), api)
