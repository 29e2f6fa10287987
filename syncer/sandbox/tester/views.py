"""The JSON of incidents and comments, member by member in the vendor's order, for both profiles.

| member                               | 4.6                           | 6.x                              |
|--------------------------------------|-------------------------------|----------------------------------|
| VersionNumber, ExternalSystemLinkIds | absent                        | present                          |
| empty arrays of ids                  | `[]`                          | `null` (ExternalSystemLinkIds: `[]`) |
| TicketCommentId of a comment         | present                       | absent                           |
| form fields                          | expansion FieldControls       | expansion Widgets                |
| FieldValues without a value          | absent (Assumed)              | `null` (Assumed)                 |
| further expansions                   | FieldValues, Project, Comments | those, and ten more             |

An expansion that is not asked for is absent. Assumed: one with an unknown name is ignored.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from syncer.sandbox.tester.custom import shown
from syncer.sandbox.tester.model import TesterModel
from syncer.sandbox.tester.records import Comment, Incident, PickValue
from syncer.sandbox.tester.views_project import external_link_view, pick_view, project_view, widget_views

NEVER = "0001-01-01T00:00:00Z"
"""How the server writes a time that never was."""

Json = dict[str, Any]
Names = frozenset[str]


def moment(value: datetime) -> str:
    """A time as the server writes it."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def incident_view(model: TesterModel, incident: Incident, expand: Names = frozenset()) -> Json:
    """One incident with the expansions asked for."""
    expansions = _EXPANSIONS_6 if model.modern else _EXPANSIONS_46
    view = _core(model, incident)
    view["Expands"] = [name for name in expansions if name not in expand]
    view |= {name: make(model, incident) for name, make in expansions.items() if name in expand}
    own = incident_url(model, incident.id)
    links = [("relationships", "Relationships"), ("allrelationships", "AllRelationships"), ("comments", "Comments")]
    view["Self"] = own
    view["Links"] = [
        *({"Href": f"{own}/{path}", "Rel": rel} for path, rel in links),
        {"Href": f"{model.base_url}/api/project/{model.catalogue.project_id}", "Rel": "Project"},
    ]
    return view


def incident_url(model: TesterModel, incident_id: str) -> str:
    """Where an incident is read."""
    return f"{model.base_url}/api/incident/{incident_id}"


def comment_view(model: TesterModel, incident: Incident, comment: Comment, *, listed: bool = False) -> Json:
    """One comment; `listed` as the comments resource shows it, with its own idea of "never edited"."""
    never = listed and model.behaviour.fresh_comment_never_updated
    edited = comment.updated_at or comment.created_at
    people = model.catalogue
    ticket = {} if model.modern else {"TicketCommentId": comment.ticket_comment_id}
    return {
        "Id": comment.id,
        "Body": comment.body,
        "CreatedById": comment.created_by,
        "CreatedByUserName": people.login(comment.created_by),
        **ticket,
        "LastUpdatedById": comment.updated_by,
        "LastUpdatedByUserName": people.login(comment.updated_by),
        "CreatedAt": moment(comment.created_at),
        "LastUpdatedAt": NEVER if never and comment.updated_at is None else moment(edited),
        "Self": f"{incident_url(model, incident.id)}/comment/{comment.id}",
        "Links": [
            {"Href": f"{model.base_url}/api/user/{comment.created_by}", "Rel": "CreatedBy"},
            {"Href": f"{model.base_url}/api/user/{comment.updated_by}", "Rel": "LastUpdatedBy"},
        ],
    }


def relationships_view(model: TesterModel, incident: Incident) -> Json:
    """The root of the tree of related records; the sandbox's incidents have none."""
    catalogue = model.catalogue
    return {
        "EntityId": incident.id,
        "Number": incident.number,
        "Name": incident.summary,
        "EntityType": "Incident",
        "AssignedTo": catalogue.login(incident.assigned_to),
        "Status": catalogue.text(incident.status),
        "Priority": catalogue.text(incident.priority),
        "Type": catalogue.text(incident.type),
        "PackageId": None,
        "RelationshipId": None,
        "RelationshipDirection": "None",
        "CanDelete": False,
        "CanEdit": False,
        "Children": [],
        "Self": f"{incident_url(model, incident.id)}/relationships",
    }


def _core(model: TesterModel, incident: Incident) -> Json:
    def ids(values: tuple[str, ...]) -> list[str] | None:
        return list(values) if values or not model.modern else None

    catalogue = model.catalogue
    return {
        "Id": incident.id,
        "Summary": incident.summary,
        "AssignedToId": incident.assigned_to,
        "AssignedTo": catalogue.login(incident.assigned_to),
        "Description": incident.description,
        "PriorityId": incident.priority,
        "StatusId": incident.status,
        "TypeId": incident.type,
        "ResolutionId": incident.resolution,
        "AffectedVersionIds": ids(incident.affected_versions),
        "FixedVersionIds": ids(incident.fixed_versions),
        "ComponentIds": ids(incident.components),
        **({"ExternalSystemLinkIds": list(incident.external_links)} if model.modern else {}),
        "CreatedAt": moment(incident.created_at),
        "LastUpdatedAt": moment(incident.updated_at),
        "CreatedById": incident.created_by,
        "CreatedBy": catalogue.login(incident.created_by),
        "LastUpdatedById": incident.updated_by,
        "LastUpdatedBy": catalogue.login(incident.updated_by),
        "ProjectId": catalogue.project_id,
        "ProjectName": catalogue.project_name,
        "IncidentNumber": incident.number,
        "InternalId": None,
        **({"VersionNumber": incident.version_number} if model.modern else {}),
        "HasAttachments": False,
    }


def _field_values(model: TesterModel, incident: Incident) -> Json:
    held, forms = incident.field_values, model.behaviour.forms
    fields = model.catalogue.fields.values()
    return {one.name: shown(one, held.get(one.name), forms) for one in fields if model.modern or one.name in held}


def _form(model: TesterModel, incident: Incident) -> list[Json]:
    values = incident.field_values
    return [{**widget, "Value": values.get(widget["Name"])} for widget in widget_views(model)]


def _comments(model: TesterModel, incident: Incident) -> list[Json]:
    return [comment_view(model, incident, comment) for comment in incident.comments]


def _last_comment(model: TesterModel, incident: Incident) -> Json | None:
    return comment_view(model, incident, incident.comments[-1]) if incident.comments else None


def _value(attribute: str) -> Callable[[TesterModel, Incident], Json | None]:
    def make(model: TesterModel, incident: Incident) -> Json | None:
        pick_id = getattr(incident, attribute)
        return None if pick_id is None else pick_view(model, model.catalogue.picks[pick_id])

    return make


def _values(attribute: str) -> Callable[[TesterModel, Incident], Json]:
    def make(model: TesterModel, incident: Incident) -> Json:
        values: list[PickValue] = [model.catalogue.picks[one] for one in getattr(incident, attribute)]
        return {
            "Items": [pick_view(model, value) for value in values],
            "Text": ", ".join(value.text for value in values),
        }

    return make


def _external_links(model: TesterModel, incident: Incident) -> list[Json]:
    return [external_link_view(model, model.catalogue.external_links[one]) for one in incident.external_links]


def _project(model: TesterModel, _incident: Incident) -> Json:
    return project_view(model)


_EXPANSIONS_46: Mapping[str, Callable[[TesterModel, Incident], Any]] = {
    "FieldControls": _form,
    "FieldValues": _field_values,
    "Project": _project,
    "Comments": _comments,
}

_EXPANSIONS_6: Mapping[str, Callable[[TesterModel, Incident], Any]] = {
    "Widgets": _form,
    "FieldValues": _field_values,
    "Project": _project,
    "LastComment": _last_comment,
    "Status": _value("status"),
    "Priority": _value("priority"),
    "Type": _value("type"),
    "Resolution": _value("resolution"),
    "Components": _values("components"),
    "FixedVersions": _values("fixed_versions"),
    "AffectedVersions": _values("affected_versions"),
    "ExternalSystemLinks": _external_links,
    "ExternalKeys": lambda _model, _incident: None,
    "Comments": _comments,
    "Attachments": lambda _model, _incident: [],
}
