"""All endpoints, by resource. The order matters: fixed words before `{issue}`, which takes any word."""

from syncer.sandbox.jira.routes import (
    comments,
    components,
    issue_links,
    issue_lists,
    issues,
    metadata,
    projects,
    properties,
    remote_links,
    search,
    server,
    transitions,
    users,
    versions,
)
from syncer.sandbox.jira.routes.endpoint import Endpoint

ENDPOINTS: tuple[Endpoint, ...] = (
    *server.ENDPOINTS,
    *users.ENDPOINTS,
    *projects.ENDPOINTS,
    *versions.ENDPOINTS,
    *components.ENDPOINTS,
    *search.ENDPOINTS,
    *metadata.ENDPOINTS,
    *issue_lists.ENDPOINTS,
    *issues.ENDPOINTS,
    *transitions.ENDPOINTS,
    *comments.ENDPOINTS,
    *properties.ENDPOINTS,
    *remote_links.ENDPOINTS,
    *issue_links.ENDPOINTS,
)

__all__ = ["ENDPOINTS", "Endpoint"]
