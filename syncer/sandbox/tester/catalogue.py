"""Who and what the project of the sandbox's Enterprise Tester knows: people, pick lists, custom fields.

The ids which the vendor's pages use in their examples belong to members of the cast, so that those
examples work against the sandbox. All other ids follow from the names alone and are the same in every sandbox.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from syncer.sandbox import cast
from syncer.sandbox.tester.custom import FIELDS
from syncer.sandbox.tester.errors import Refused
from syncer.sandbox.tester.records import ExternalLink, PickKind, PickValue, User

PROJECT_ID = "27dcaff0-1f8a-4dff-b49a-bb3d9f7153b3"
ORGANISATION_NAME = "Sandbox Ltd"

EXPANSIONS: Mapping[str, PickKind] = {
    "Priorities": "Priority",
    "IncidentStatuses": "IncidentStatus",
    "IncidentTypes": "IncidentType",
    "IncidentResolutions": "IncidentResolution",
    "Versions": "Version",
    "Components": "Component",
}
"""The project's expansions and the pick lists that they hold."""

_TEXTS: Mapping[PickKind, Sequence[str]] = {
    "Priority": cast.PRIORITIES,
    "IncidentStatus": cast.INCIDENT_STATUSES,
    "IncidentType": cast.INCIDENT_TYPES,
    "IncidentResolution": cast.RESOLUTIONS,
    "Version": (*cast.VERSIONS, cast.TESTER_ONLY_VERSION),
    "Component": cast.COMPONENTS,
}

_VENDOR_IDS: Mapping[tuple[str, str], str] = {
    ("User", "joeb"): "191375f2-ae6e-4b52-8bed-4192e34b6486",
    ("Priority", "High"): "fe92720f-3fbd-4e49-a3b2-309f6a0a062a",
    ("IncidentStatus", "Fixed"): "62daf195-0a65-400f-af4b-7fda3d529acb",
    ("IncidentType", "Defect"): "cfe51645-8179-4fe5-ada3-c145a64d0a05",
    ("IncidentResolution", "Fixed"): "47b4b0cc-22ee-4993-8ed5-ef1dec40a0d2",
    ("Version", "2.0"): "2b86c434-bdfa-467a-a944-1f3ac05a83cb",
    ("Version", "2.1"): "93588d80-b8cd-465a-847c-b14fa2dee0b8",
    ("Version", "3.0 beta"): "c09e7115-c55f-4899-856c-1b861143f78b",
    ("Component", "Reports"): "71917512-da95-4a24-9eb9-b7a6ba9f7346",
}

_NAMESPACE = uuid.UUID("6d1c0f0e-6f0b-4c55-9c1e-6a5e8f3d7a20")


def named_id(kind: str, name: str) -> str:
    """The id of a member of the catalogue: the vendor's, or one that follows from its name."""
    return _VENDOR_IDS.get((kind, name)) or str(uuid.uuid5(_NAMESPACE, f"{kind}/{name}"))


class Catalogue:
    """The one project with its people, pick lists, custom fields and project links, all by id."""

    def __init__(self) -> None:
        self.project_id = PROJECT_ID
        self.project_name = cast.PROJECT_NAME
        self.users: dict[str, User] = {}
        self.picks: dict[str, PickValue] = {}
        self.fields = {one.name: one for one in FIELDS}
        self.external_links: dict[str, ExternalLink] = {}
        for person in cast.PEOPLE:
            user = User(
                named_id("User", person.login),
                person.login,
                person.first_name,
                person.last_name,
                person.email,
                person.active,
            )
            self.users[user.id] = user
        for kind, texts in _TEXTS.items():
            for text in texts:
                self.add_pick(kind, text)
        self._add_external_link("Old Jira (switched off)", enabled=False)

    def user_named(self, login: str) -> User:
        """The user with this login. Raises Refused."""
        for user in self.users.values():
            if user.login == login:
                return user
        known = ", ".join(user.login for user in self.users.values())
        raise Refused(f"There is no user {login!r}; there are: {known}.")

    def user(self, user_id: str) -> User:
        """The user with this id. Raises Refused."""
        if user_id not in self.users:
            raise Refused(f"There is no user with the id {user_id}.")
        return self.users[user_id]

    def login(self, user_id: str | None) -> str | None:
        """The login name of a user id; None for nobody."""
        return None if user_id is None else self.users[user_id].login

    def pick_list(self, kind: PickKind) -> list[PickValue]:
        """All values of one kind in their order."""
        values = [value for value in self.picks.values() if value.kind == kind]
        return sorted(values, key=lambda value: value.sort_order)

    def pick_named(self, kind: PickKind, text: str) -> PickValue:
        """The value with this text. Raises Refused."""
        for value in self.pick_list(kind):
            if value.text == text:
                return value
        known = ", ".join(value.text for value in self.pick_list(kind))
        raise Refused(f"There is no {kind} {text!r}; there are: {known}.")

    def pick(self, kind: PickKind, pick_id: str) -> PickValue:
        """The value with this id. Raises Refused for an unknown one and for one of another kind."""
        value = self.picks.get(pick_id)
        if value is None or value.kind != kind:
            raise Refused(f"There is no {kind} with the id {pick_id} in the project {self.project_name}.")
        return value

    def text(self, pick_id: str | None) -> str | None:
        """The text of a pick-list id; None for none."""
        return None if pick_id is None else self.picks[pick_id].text

    def add_pick(self, kind: PickKind, text: str) -> PickValue:
        """Add a value at the end of its list, as an administrator would."""
        pick_id, name = named_id(kind, text), text
        while pick_id in self.picks:  # a value that was renamed keeps the id of its first name
            name += " again"
            pick_id = named_id(kind, name)
        value = PickValue(pick_id, kind, text, len(self.pick_list(kind)))
        self.picks[value.id] = value
        return value

    def rename_pick(self, kind: PickKind, text: str, new: str) -> None:
        """Give a value another text; its id stays."""
        value = self.pick_named(kind, text)
        self.picks[value.id] = replace(value, text=new)

    def _add_external_link(self, name: str, *, enabled: bool) -> None:
        link = ExternalLink(
            named_id("ExternalLink", name),
            name,
            named_id("ExternalSystem", name),
            "Jira",
            enabled,
        )
        self.external_links[link.id] = link
