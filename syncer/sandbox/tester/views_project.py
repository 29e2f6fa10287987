"""The JSON of the project, its pick lists, people, custom fields and project links."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from syncer.sandbox.tester.catalogue import EXPANSIONS, ORGANISATION_NAME, named_id
from syncer.sandbox.tester.custom import TYPE_NAMES, VALUE_TYPES, CustomField
from syncer.sandbox.tester.model import TesterModel
from syncer.sandbox.tester.records import ExternalLink, PickKind, PickValue, User

Json = dict[str, Any]

_OWN_WIDGETS = (
    ("Name", "TextBox"),
    ("Description", "TextArea"),
    *((name, "ComboBox") for name in ("Type", "Status", "Priority", "Resolution", "AssignedTo")),
    *((name, "MultiSelect") for name in ("Components", "AffectedVersions", "FixedVersions")),
)
"""An incident's own fields on its form. Assumed: their names, after those that TQL uses."""


def project_view(model: TesterModel, expand: frozenset[str] = frozenset()) -> Json:
    """The project; its pick lists are plain arrays when expanded (Assumed)."""
    catalogue = model.catalogue
    manager = catalogue.user_named("annak")
    own = _project_url(model)
    return {
        "Id": catalogue.project_id,
        "Name": catalogue.project_name,
        "OrganisationId": named_id("Organisation", ORGANISATION_NAME),
        "OrganisationName": ORGANISATION_NAME,
        "ProjectCategoryId": None,
        "ProjectCategoryName": None,
        "Description": "The project of the sandbox",
        "EstimatedEndDate": None,
        "ManagerId": manager.id,
        "ManagerUserName": manager.login,
        "Slug": "test-project",
        "AutoNumberRequirements": True,
        "AutoNumberScripts": True,
        "Independent": False,
        "RequirementNumberReadOnly": False,
        "ScriptNumberReadOnly": False,
        "OrderNumber": 0,
        "StartDate": None,
        "Expands": [name for name in _EXPANSIONS if name not in expand],
        **{name: make(model) for name, make in _EXPANSIONS.items() if name in expand},
        "Self": own,
        "Links": [
            {"Href": f"{own}/assignees", "Rel": "Assignees"},
            {"Href": f"{own}/widgets", "Rel": "Widgets"},
        ],
    }


def pick_view(model: TesterModel, value: PickValue) -> Json:
    """One value of a pick list; IsEnable since 6.2."""
    return {
        "Id": value.id,
        "Text": value.text,
        "SortOrder": value.sort_order,
        **({"IsEnable": value.enabled} if model.modern else {}),
        "Self": f"{_project_url(model)}/{value.kind.lower()}/{value.id}",
    }


def pick_list_view(model: TesterModel, kind: PickKind) -> list[Json]:
    """All values of one pick list in their order."""
    return [pick_view(model, value) for value in model.catalogue.pick_list(kind)]


def widget_views(model: TesterModel) -> list[Json]:
    """The custom fields of the incident form."""
    return [
        {
            "FieldCategory": "custom",
            "Name": custom.name,
            "Label": custom.name,
            "WidgetType": TYPE_NAMES[custom.kind],
            "HandlerType": TYPE_NAMES[custom.kind],
            "ValueType": VALUE_TYPES[custom.kind],
            "Options": list(custom.options),
            "Required": custom.required,
            "ReadOnly": custom.read_only,
            "Hidden": False,
        }
        for custom in model.catalogue.fields.values()
    ]


def widgets_view(model: TesterModel) -> Json:
    """The forms of the project by type of entity (vendor's page Widgets)."""
    own = [
        {
            "FieldCategory": "intrinsic",
            "Name": name,
            "Label": name,
            "WidgetType": widget,
            "HandlerType": widget,
            "ValueType": "String",
            "Required": name == "Name",
            "ReadOnly": False,
            "Hidden": False,
        }
        for name, widget in _OWN_WIDGETS
    ]
    catalogue = model.catalogue
    return {
        "ProjectId": catalogue.project_id,
        "ProjectName": catalogue.project_name,
        "Incident": {"EntityType": "Incident", "Widgets": [*own, *widget_views(model)]},
    }


def custom_field_view(model: TesterModel, custom: CustomField, expand: frozenset[str] = frozenset()) -> Json:
    """One definition of a custom field (vendor's page Custom Field). Assumed: what its expansions hold."""
    type_name = TYPE_NAMES[custom.kind]
    catalogue = model.catalogue
    expansions = {
        "Configuration": {},
        "Options": [_field_option(text, custom.below.get(text, ())) for text in custom.options],
        "Type": {"Name": type_name.lower(), "DisplayName": type_name},
    }
    return {
        "Id": named_id("CustomField", custom.name),
        "Name": custom.name,
        "CustomFieldTypeName": type_name,
        "Label": custom.name,
        "Description": None,
        "Required": custom.required,
        "Entities": ["Incident"],
        "Scopes": [{"Type": "Project", "Id": catalogue.project_id, "Name": catalogue.project_name}],
        "Expands": [name for name in expansions if name not in expand],
        **{name: value for name, value in expansions.items() if name in expand},
        "Self": f"{model.base_url}/api/customfield/{quote(custom.name)}",
        "Links": [{"Href": f"{model.base_url}/api/customfieldtype/{type_name.lower()}", "Rel": "CustomFieldType"}],
    }


def _field_option(text: str, below: tuple[str, ...]) -> Json:
    return {"Value": text, "Text": text, "Options": [_field_option(one, ()) for one in below]}


def user_view(model: TesterModel, user: User, expand: frozenset[str] = frozenset()) -> Json:
    """One person; Enabled and IsExternal since 5.1."""
    named = {"DisplayName": f"{user.first_name} {user.last_name}", "Groups": []}
    return {
        "Id": user.id,
        "UserName": user.login,
        "Email": user.email,
        "FirstName": user.first_name,
        "LastName": user.last_name,
        "Phone": None,
        "LastLogIn": None,
        **({"Enabled": user.enabled, "IsExternal": False} if model.modern else {}),
        "Expands": [name for name in named if name not in expand],
        **{name: value for name, value in named.items() if name in expand},
        "Self": f"{model.base_url}/api/user/{user.id}",
        "Links": [],
    }


def external_link_view(model: TesterModel, link: ExternalLink) -> Json:
    """One project link of the server's own synchronizer."""
    return {
        "Id": link.id,
        "Name": link.name,
        "Type": "Incident",
        "TypeForDisplay": "Incident",
        "ProjectId": model.catalogue.project_id,
        "ProjectName": model.catalogue.project_name,
        "ExternalSystemId": link.system_id,
        "ExternalSystemName": link.system_name,
        "ExternalSystemImplementationType": "Jira",
        "ExternalSystemConnectionType": "Jira",
        "Enabled": link.enabled,
        "LastSynchronizedAt": None,
        "ConfigurationComplete": True,
        "ConfigurationProblems": [],
        **({"AutoSelect": "No"} if model.modern else {}),
        "Self": f"{model.base_url}/api/externalsystemlink/{link.id}",
        "Links": [],
    }


def external_links_view(model: TesterModel) -> list[Json]:
    """All project links of the server's own synchronizer."""
    return [external_link_view(model, link) for link in model.catalogue.external_links.values()]


def _project_url(model: TesterModel) -> str:
    return f"{model.base_url}/api/project/{model.catalogue.project_id}"


def _expanded(kind: PickKind) -> Callable[[TesterModel], list[Json]]:
    return lambda model: pick_list_view(model, kind)


_EXPANSIONS: Mapping[str, Callable[[TesterModel], Any]] = {
    **{name: _expanded(kind) for name, kind in EXPANSIONS.items()},
    "ExternalSystemLinks": external_links_view,
    "Widgets": widgets_view,
}
