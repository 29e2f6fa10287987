"""What a path of Jira's API is called where requests are counted: without ids and keys, so there are few names.

Only what stands in the list is ever a name. A path that isn't in it counts as one of the others: a name never holds
anything that a server, a project or a person chose.
"""

import re

_API = "/rest/api/2"
# A resource with a name of its own comes before the one with an id in its place.
ROUTES = tuple(
    _API + path
    for path in (
        "/comment/list",
        "/comment/{}/properties/{}",
        "/component",
        "/field",
        "/issue",
        "/issue/bulk",
        "/issue/bulkfetch",
        "/issue/createmeta/{}/issuetypes/{}",
        "/issue/{}",
        "/issue/{}/changelog",
        "/issue/{}/comment",
        "/issue/{}/comment/{}",
        "/issue/{}/editmeta",
        "/issue/{}/properties/{}",
        "/issue/{}/remotelink",
        "/issue/{}/transitions",
        "/mypermissions",
        "/myself",
        "/priority",
        "/project",
        "/project/search",
        "/project/{}",
        "/project/{}/components",
        "/project/{}/securitylevel",
        "/project/{}/statuses",
        "/project/{}/versions",
        "/resolution",
        "/search",
        "/search/jql",
        "/serverInfo",
        "/user/assignable/search",
        "/version",
    )
)
OTHER = "other"

_PATTERNS = [(re.compile(re.escape(route).replace(r"\{\}", "[^/]+")), route) for route in ROUTES]


def route(path: str) -> str:
    """The route of a URL's path, whatever stands before `/rest`: `/jira/rest/api/2/issue/10042` is
    `/rest/api/2/issue/{}`."""
    below = path[max(path.find(_API), 0) :]
    return next((name for pattern, name in _PATTERNS if pattern.fullmatch(below)), OTHER)
