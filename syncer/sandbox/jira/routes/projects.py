"""Projects with their statuses, versions and components."""

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer
from syncer.sandbox.jira.catalogue import STATUSES, TYPES
from syncer.sandbox.jira.records import Project
from syncer.sandbox.jira.routes.endpoint import CLOUD, Endpoint
from syncer.sandbox.jira.views import catalogue

MOST = 100


def _project(call: Call) -> Project:
    return call.store.project(call.path["project"])


def projects(call: Call) -> Response:
    return answer([catalogue.project(call.viewer, one) for one in call.store.visible_projects()])


def search(call: Call) -> Response:
    keys = {key.upper() for key in call.words("keys")}
    asked = call.query.get("query", "").casefold()
    found = [
        one
        for one in call.store.visible_projects()
        if (not keys or one.key in keys) and (asked in one.key.casefold() or asked in one.name.casefold())
    ]
    page = call.page(50, MOST)
    shown = [catalogue.project(call.viewer, one) for one in page.of(found)]
    return answer({**page.envelope(len(found)), "isLast": page.is_last(len(found)), "values": shown})


def project(call: Call) -> Response:
    return answer(catalogue.whole_project(call.viewer, _project(call)))


def statuses(call: Call) -> Response:
    """The statuses of each issue type; here all types have the same ones."""
    _project(call)
    shown = [catalogue.status(call.viewer, one) for one in STATUSES]
    kinds = [catalogue.issue_type(call.viewer, kind) for kind in TYPES]
    names = ("self", "id", "name", "subtask")
    return answer([{**{name: kind[name] for name in names}, "statuses": shown} for kind in kinds])


def versions(call: Call) -> Response:
    found = call.store.versions_of(_project(call).id)
    return answer([catalogue.version(call.viewer, one) for one in found])


def version_page(call: Call) -> Response:
    found = call.store.versions_of(_project(call).id)
    page = call.page(50, MOST)
    shown = [catalogue.version(call.viewer, one) for one in page.of(found)]
    return answer({**page.envelope(len(found)), "isLast": page.is_last(len(found)), "values": shown})


def components(call: Call) -> Response:
    found = call.store.components_of(_project(call).id)
    return answer([catalogue.component(call.viewer, one) for one in found])


def security_levels(call: Call) -> Response:
    """The levels with which a single issue can be kept from people; none for those who may not set them."""
    _project(call)
    behaviour = call.store.behaviour
    names = [] if behaviour.security_levels_withheld else behaviour.security_levels
    shown = [catalogue.security_level(call.viewer, name, place) for place, name in enumerate(names)]
    return answer({"levels": shown})


ENDPOINTS = (
    Endpoint("GET", "/project", projects),
    Endpoint("GET", "/project/search", search, CLOUD),
    Endpoint("GET", "/project/{project}", project),
    Endpoint("GET", "/project/{project}/statuses", statuses),
    Endpoint("GET", "/project/{project}/versions", versions),
    Endpoint("GET", "/project/{project}/version", version_page),
    Endpoint("GET", "/project/{project}/components", components),
    Endpoint("GET", "/project/{project}/securitylevel", security_levels),
)
