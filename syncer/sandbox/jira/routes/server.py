"""The site itself: what it is, who is asking, what there is to choose from."""

from collections.abc import Iterable
from typing import TypeVar

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer
from syncer.sandbox.jira.catalogue import (
    PERMISSIONS,
    PRIORITIES,
    RESOLUTIONS,
    STATUSES,
    TYPES,
    IssueType,
    Named,
    Status,
)
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.fields import FIELDS
from syncer.sandbox.jira.permissions import permitted
from syncer.sandbox.jira.routes.endpoint import Endpoint
from syncer.sandbox.jira.views import catalogue
from syncer.sandbox.jira.views.meta import field_details
from syncer.sandbox.jira.views.viewer import Json

N = TypeVar("N", Named, Status, IssueType)

CLOUD_VERSION = (1001, 0, 0)
DATACENTER_VERSION = (10, 3, 2)


def server_info(call: Call) -> Response:
    """Data Center calls itself "Server"."""
    cloud = call.store.cloud
    numbers = CLOUD_VERSION if cloud else DATACENTER_VERSION
    version = ".".join(str(number) for number in numbers)
    now = call.viewer.time(call.store.now())
    address = call.store.base_url
    only_cloud = {
        "displayUrlServicedeskHelpCenter": address,
        "displayUrlConfluence": address,
        "defaultLocale": {"locale": "en_US"},
        "serverTimeZone": "Etc/UTC",
    }
    return answer(
        {
            "baseUrl": address,
            "displayUrl": address,
            "version": f"{version}-SNAPSHOT" if cloud else version,
            "versionNumbers": list(numbers),
            "deploymentType": "Cloud" if cloud else "Server",
            "buildNumber": 100283,
            "buildDate": now,
            "serverTime": now,
            "scmInfo": "sandbox",
            "serverTitle": "Jira",
            **(only_cloud if cloud else {}),
        }
    )


def myself(call: Call) -> Response:
    me = call.viewer.person(call.login)
    groups = {"size": 0, "items": []}
    return answer({**me, "locale": "en_GB", "groups": groups, "expand": "groups,applicationRoles"})


def my_permissions(call: Call) -> Response:
    """Everybody may do what no switch forbids in a project that shows itself; another one is a 404."""
    asked = call.words("permissions")
    if call.store.cloud and not asked:
        raise JiraError(400, "The 'permissions' query parameter is required.")
    for name in asked:
        if name not in PERMISSIONS:
            raise JiraError(400, f"Unrecognized permission: {name}.")
    project = call.query.get("projectKey") or call.query.get("projectId")
    if project is not None:
        call.store.project(project)
    issue = call.query.get("issueKey") or call.query.get("issueId")
    if issue is not None:
        call.store.visible(issue)
    return answer({"permissions": {name: _permission(call, name) for name in asked or PERMISSIONS}})


def _permission(call: Call, key: str) -> Json:
    permission_id, name = PERMISSIONS[key]
    return {
        "id": permission_id,
        "key": key,
        "name": name,
        "type": "PROJECT",
        "description": name,
        "havePermission": permitted(call.store.behaviour, key),
    }


def fields(call: Call) -> Response:
    return answer([field_details(call.viewer, field) for field in FIELDS])


def statuses(call: Call) -> Response:
    return answer([catalogue.status(call.viewer, one) for one in STATUSES])


def priorities(call: Call) -> Response:
    shown = [(catalogue.priority(call.viewer, one), one.description) for one in PRIORITIES]
    return answer([{**one, "description": text, "statusColor": "#707070"} for one, text in shown])


def resolutions(call: Call) -> Response:
    return answer([catalogue.resolution(call.viewer, one) for one in RESOLUTIONS])


def issue_types(call: Call) -> Response:
    return answer([catalogue.issue_type(call.viewer, one) for one in TYPES])


def priority(call: Call) -> Response:
    return answer(catalogue.priority(call.viewer, _chosen(call, PRIORITIES)))


def resolution(call: Call) -> Response:
    return answer(catalogue.resolution(call.viewer, _chosen(call, RESOLUTIONS)))


def status(call: Call) -> Response:
    """By id or by name."""
    return answer(catalogue.status(call.viewer, _chosen(call, STATUSES, by_name=True)))


def issue_type(call: Call) -> Response:
    return answer(catalogue.issue_type(call.viewer, _chosen(call, TYPES)))


def _chosen(call: Call, known: Iterable[N], *, by_name: bool = False) -> N:
    wanted = call.path["id"]
    for one in known:
        if wanted == one.id or (by_name and wanted == one.name):
            return one
    raise JiraError(404, f"There is none with the id '{wanted}'.")


ENDPOINTS = (
    Endpoint("GET", "/serverInfo", server_info, anonymous=True),
    Endpoint("GET", "/myself", myself),
    Endpoint("GET", "/mypermissions", my_permissions),
    Endpoint("GET", "/field", fields),
    Endpoint("GET", "/status", statuses),
    Endpoint("GET", "/priority", priorities),
    Endpoint("GET", "/resolution", resolutions),
    Endpoint("GET", "/issuetype", issue_types),
    Endpoint("GET", "/status/{id}", status),
    Endpoint("GET", "/priority/{id}", priority),
    Endpoint("GET", "/resolution/{id}", resolution),
    Endpoint("GET", "/issuetype/{id}", issue_type),
)
