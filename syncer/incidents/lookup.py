"""What is looked up about a project rather than configured: its id, its options, its people, its custom fields.

Definitions of custom fields are asked for only where one is mapped: once, and again with each catalogue. Where they
can't be read for good, the form tells the kinds, and an option is whatever it is called.
"""

import difflib
import re
import threading
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from syncer.core.records import Catalogue, Option, Side
from syncer.errors import Denied, Missing, Rejected
from syncer.incidents import catalogue
from syncer.incidents.answers import Answer, Json
from syncer.incidents.client import IncidentClient
from syncer.incidents.custom import PREFIX, CustomField, applies, defined, on_form
from syncer.incidents.paging import pages
from syncer.incidents.scalars import guid
from syncer.incidents.values import CustomFields

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MODERN_SINCE = (4, 10)
_MOST_NAMES = 20


class Lookup:
    """One project, by name or GUID; what cannot change under a running process is asked for once.

    `fields` are the mapped ones."""

    def __init__(self, client: IncidentClient, project: str, fields: Collection[str]) -> None:
        self._client = client
        self._project = project
        self._lock = threading.RLock()
        self._project_id = guid(project) if _GUID.fullmatch(project.strip()) else None
        self._names: Mapping[str, str] | None = None
        self._modern: bool | None = None
        self._mapped = {field.removeprefix(PREFIX) for field in fields if field.startswith(PREFIX)}
        self._custom: CustomFields | None = None
        self._seen: dict[str, Any] = {}

    def project_id(self) -> str:
        """The project's GUID. Raises `Missing` for a name that no visible project has."""
        with self._lock:
            if self._project_id is None:
                self._project_id = self._find_project()
            return self._project_id

    def project(self, *expansions: str) -> Json:
        """The project as the server gives it now. Raises `Missing`."""
        return self._client.get(f"project/{self.project_id()}", {"$expand": ",".join(expansions)}).body

    def catalogue(self) -> Catalogue:
        """The options of every kind, read now; a kind that the server left out is missing.

        Of the custom fields only those that are mapped."""
        return self._read_catalogue({name: one for name, one in self._definitions().items() if name in self._mapped})

    def survey(self) -> Catalogue:
        """The catalogue with all custom fields of the project and their options."""
        return self._read_catalogue(self._read_definitions())

    def custom(self) -> CustomFields:
        """The mapped custom fields, as the last catalogue had them."""
        with self._lock:
            if self._custom is None:
                self._custom = CustomFields(self._definitions(), self._seen)
            return self._custom

    def names(self) -> Mapping[str, str]:
        """The display names of the project's people by user id, as the last catalogue had them."""
        with self._lock:
            if self._names is None:
                self._names = {user.id: user.name for user in self._users()}
            return self._names

    def server(self) -> Answer:
        """What the server says of itself."""
        return self._client.get("systeminfo")

    def version(self) -> str:
        """The server's version as it says it."""
        return catalogue.version(self.server().body)

    def modern(self) -> bool:
        """Whether incidents have `ExternalSystemLinkIds` and `Widgets` (vendor's page Incident, since 4.10)."""
        with self._lock:
            if self._modern is None:
                numbers = re.findall(r"\d+", self.version())
                self._modern = tuple(map(int, numbers[:2])) >= _MODERN_SINCE
            return self._modern

    def _read_catalogue(self, custom: Mapping[str, CustomField]) -> Catalogue:
        project = self.project(*catalogue.EXPANSIONS)
        users = self._users()
        with self._lock:
            self._names = {user.id: user.name for user in users}
            self._custom = CustomFields(custom, self._seen)
        return catalogue.offered(project, users, custom.values())

    def _definitions(self) -> Mapping[str, CustomField]:
        return self._read_definitions() if self._mapped else {}

    def _read_definitions(self) -> dict[str, CustomField]:
        """The project's custom fields by name. One that fails for a while raises: it must not change a shape."""
        project_id, params = self.project_id(), {"$expand": "Options,Type"}
        try:
            listed = [given for page in pages(self._client, "customfields", params, may_repeat=True) for given in page]
        except Denied as trouble:
            if trouble.status == 401:
                raise
            return self._form()
        except (Missing, Rejected):
            return self._form()
        here = [given for given in listed if applies(given, project_id)]
        return {field.name: field for field in map(defined, here)}

    def _form(self) -> dict[str, CustomField]:
        widgets = catalogue.custom_widgets(self.project("Widgets"))
        return {field.name: field for field in map(on_form, widgets)}

    def _users(self) -> tuple[Option, ...]:
        """Those whom an incident may be assigned to, then everybody else as inactive: they are named on old ones."""
        path = f"project/{self.project_id()}/assignees"
        users = {user["Id"]: _user(user) for page in pages(self._client, path, {}, may_repeat=True) for user in page}
        for page in pages(self._client, "users", {}):
            for user in page:
                users.setdefault(user["Id"], replace(_user(user), active=False))
        return tuple(users.values())

    def _find_project(self) -> str:
        visible = [project for page in pages(self._client, "projects", {}) for project in page]
        wanted = self._project.strip().casefold()
        found = [guid(project["Id"]) for project in visible if str(project.get("Name")).casefold() == wanted]
        if len(found) > 1:
            said = f"{len(found)} projects are called '{self._project}': give the GUID of one, " + ", ".join(found)
            raise Rejected(Side.INCIDENT, said)
        if not found:
            raise Missing(Side.INCIDENT, self._no_such([str(project.get("Name")) for project in visible]))
        return found[0]

    def _no_such(self, names: list[str]) -> str:
        said = f"'{self._client.user}' sees no project '{self._project}'"
        close = difflib.get_close_matches(self._project, names, 1)
        if close:
            return f"{said}; did you mean '{close[0]}'?"
        listed = ", ".join(f"'{name}'" for name in sorted(names)[:_MOST_NAMES])
        return f"{said}; it sees {listed or 'none at all'}"


def _user(user: Json) -> Option:
    login = str(user.get("UserName") or "")
    full_name = f"{user.get('FirstName') or ''} {user.get('LastName') or ''}".strip()
    aliases = tuple(alias for alias in (login, user.get("Email")) if alias)
    name = user.get("DisplayName") or full_name or login
    return Option(guid(user["Id"]), name, user.get("Enabled") is not False, aliases)
