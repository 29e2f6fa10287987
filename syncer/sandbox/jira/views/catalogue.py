"""Statuses, priorities, types, versions, components, projects, remote links as JSON."""

from datetime import date

from syncer.sandbox.jira.catalogue import (
    LINK_TYPE_BY_ID,
    STATUS_BY_ID,
    TYPE_BY_ID,
    TYPES,
    Category,
    IssueType,
    LinkType,
    Named,
    Status,
)
from syncer.sandbox.jira.records import Component, Issue, IssueLink, Project, RemoteLink, Version
from syncer.sandbox.jira.views.viewer import Json, Viewer

FIRST_SECURITY_LEVEL = 10700
FIRST_AVATAR = 10300


def category(viewer: Viewer, one: Category) -> Json:
    return {
        "self": viewer.url(f"statuscategory/{one.id}"),
        "id": one.id,
        "key": one.key,
        "colorName": one.colour,
        "name": one.name,
    }


def status(viewer: Viewer, one: Status) -> Json:
    return {
        "self": viewer.url(f"status/{one.id}"),
        "description": "",
        "iconUrl": f"{viewer.store.base_url}/images/icons/statuses/generic.png",
        "name": one.name,
        "id": one.id,
        "statusCategory": category(viewer, one.category),
    }


def priority(viewer: Viewer, one: Named) -> Json:
    icon = f"{viewer.store.base_url}/images/icons/priorities/{one.name.lower()}.svg"
    return {"self": viewer.url(f"priority/{one.id}"), "iconUrl": icon, "name": one.name, "id": one.id}


def resolution(viewer: Viewer, one: Named) -> Json:
    me = viewer.url(f"resolution/{one.id}")
    return {"self": me, "id": one.id, "description": one.description, "name": one.name}


def issue_type(viewer: Viewer, one: IssueType) -> Json:
    shown: Json = {
        "self": viewer.url(f"issuetype/{one.id}"),
        "id": one.id,
        "description": one.description,
        "iconUrl": f"{viewer.store.base_url}/images/icons/issuetypes/{one.name.lower()}.svg",
        "name": one.name,
        "subtask": one.subtask,
        "avatarId": FIRST_AVATAR + TYPES.index(one),
    }
    if viewer.store.cloud:
        shown["hierarchyLevel"] = -1 if one.subtask else 0
    return shown


def version(viewer: Viewer, one: Version) -> Json:
    shown: Json = {
        "self": viewer.url(f"version/{one.id}"),
        "id": one.id,
        "description": one.description,
        "name": one.name,
        "archived": one.archived,
        "released": one.released,
        "projectId": int(one.project_id),
    }
    if one.start_date is not None:
        shown["startDate"] = one.start_date
    if one.release_date is not None:
        shown["releaseDate"] = one.release_date
        today = viewer.store.now().date()
        shown["overdue"] = not one.released and date.fromisoformat(one.release_date) < today
    return shown


def component(viewer: Viewer, one: Component) -> Json:
    project = viewer.store.projects[one.project_id]
    shown: Json = {
        "self": viewer.url(f"component/{one.id}"),
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "assigneeType": "PROJECT_DEFAULT",
        "realAssigneeType": "PROJECT_DEFAULT",
        "isAssigneeTypeValid": False,
        "project": project.key,
        "projectId": int(project.id),
    }
    if one.lead is not None:
        shown["lead"] = viewer.person(one.lead)
    return shown


def project(viewer: Viewer, one: Project) -> Json:
    """A project as lists and issues show it."""
    shown: Json = {
        "self": viewer.url(f"project/{one.id}"),
        "id": one.id,
        "key": one.key,
        "name": one.name,
        "projectTypeKey": "software",
        "avatarUrls": viewer.avatars("projectavatar"),
    }
    if viewer.store.cloud:
        shown["simplified"] = False
    return shown


def whole_project(viewer: Viewer, one: Project) -> Json:
    """A project with everything that belongs to it."""
    return {
        **project(viewer, one),
        "expand": "description,lead,issueTypes,url,projectKeys",
        "description": "",
        "lead": viewer.person(one.lead),
        "components": [component(viewer, part) for part in viewer.store.components_of(one.id)],
        "issueTypes": [issue_type(viewer, kind) for kind in TYPES],
        "assigneeType": "UNASSIGNED",
        "versions": [version(viewer, part) for part in viewer.store.versions_of(one.id)],
        "roles": {},
    }


def security_level(viewer: Viewer, name: str, place: int) -> Json:
    """A level with which a single issue can be kept from people."""
    level_id = str(FIRST_SECURITY_LEVEL + place)
    return {
        "self": viewer.url(f"securitylevel/{level_id}"),
        "id": level_id,
        "description": f"Only some people see issues of the level {name}.",
        "name": name,
    }


def short_issue(viewer: Viewer, issue: Issue) -> Json:
    """An issue as another one's parent, sub-task or end of a link."""
    kind, state = TYPE_BY_ID[issue.text("issuetype")], STATUS_BY_ID[issue.text("status")]
    return {
        "id": issue.id,
        "key": issue.key,
        "self": viewer.url(f"issue/{issue.id}"),
        "fields": {
            "summary": issue.text("summary"),
            "status": status(viewer, state),
            "issuetype": issue_type(viewer, kind),
        },
    }


def link_type(viewer: Viewer, one: LinkType) -> Json:
    me = viewer.url(f"issueLinkType/{one.id}")
    return {"id": one.id, "name": one.name, "inward": one.inward, "outward": one.outward, "self": me}


def issue_link(viewer: Viewer, link: IssueLink, of: Issue | None = None) -> Json:
    """A link with both its ends, or with the other end only where it is shown on one `of` them."""
    ends = {"inwardIssue": link.inward, "outwardIssue": link.outward}
    shown = {
        name: short_issue(viewer, viewer.store.issues[issue_id])
        for name, issue_id in ends.items()
        if of is None or issue_id != of.id
    }
    kind = link_type(viewer, LINK_TYPE_BY_ID[link.type_id])
    return {"id": link.id, "self": viewer.url(f"issueLink/{link.id}"), "type": kind, **shown}


def remote_link(viewer: Viewer, issue: Issue, link: RemoteLink) -> Json:
    """A remote link; what it was created without is absent."""
    shown: Json = {
        "id": int(link.id),
        "self": viewer.url(f"issue/{issue.key}/remotelink/{link.id}"),
        "application": link.application or {},
        "object": link.object,
    }
    if link.global_id is not None:
        shown["globalId"] = link.global_id
    if link.relationship is not None:
        shown["relationship"] = link.relationship
    return shown
