"""What a route is: a method, a path below /rest/api/2, and the function that answers."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from syncer.sandbox.jira.behaviour import Deployment
from syncer.sandbox.jira.call import Call

CLOUD: tuple[Deployment, ...] = ("cloud",)
DATACENTER: tuple[Deployment, ...] = ("datacenter",)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`deployments` None means both. `anonymous` ones answer callers without credentials, too."""

    method: str
    path: str
    handle: Callable[[Call], Response]
    deployments: tuple[Deployment, ...] | None = None
    anonymous: bool = False
