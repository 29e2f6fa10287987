"""What a path of Enterprise Tester's API is called where requests are counted: without ids, so there are few names.

Only what stands in the list is ever a name. A path that isn't in it counts as one of the others: a name never holds
anything that a server, a project or a person chose.
"""

import re

ROUTES = (
    "/api/customfields",
    "/api/incident/{}",
    "/api/incident/{}/comments",
    "/api/incidents",
    "/api/project/{}",
    "/api/project/{}/assignees",
    "/api/projects",
    "/api/scriptruns",
    "/api/stepresult/{}/incident/{}",
    "/api/stepresult/{}/incidents",
    "/api/systeminfo",
    "/api/users",
)
OTHER = "other"

_PATTERNS = [(re.compile(re.escape(route).replace(r"\{\}", "[^/]+")), route) for route in ROUTES]


def route(path: str) -> str:
    """The route of a path below `/api/`, without a query: `incident/4f5c...` is `/api/incident/{}`."""
    return next((name for pattern, name in _PATTERNS if pattern.fullmatch(f"/api/{path}")), OTHER)
