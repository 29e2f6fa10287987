"""What is looked up about a project rather than configured: its id, its options, its people, its server's age."""

import difflib
import re
import threading
from collections.abc import Mapping
from dataclasses import replace

from syncer.core.records import Catalogue, Option, Side
from syncer.errors import Missing, Rejected
from syncer.incidents.answers import Json
from syncer.incidents.client import IncidentClient
from syncer.incidents.paging import pages
from syncer.incidents.shapes import guid

EXPANSIONS: Mapping[str, str] = {
    "type": "IncidentTypes",
    "status": "IncidentStatuses",
    "priority": "Priorities",
    "resolution": "IncidentResolutions",
    "component": "Components",
    "version": "Versions",
}
"""The kinds of options and the project's expansions that hold them (vendor's page Project)."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MODERN_SINCE = (4, 10)
_MOST_NAMES = 20


class Lookup:
    """One project, by name or GUID; what cannot change under a running process is asked for once."""

    def __init__(self, client: IncidentClient, project: str) -> None:
        self._client = client
        self._project = project
        self._lock = threading.RLock()
        self._project_id = guid(project) if _GUID.fullmatch(project.strip()) else None
        self._names: Mapping[str, str] | None = None
        self._modern: bool | None = None

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
        """The options of every kind, read now; a kind that the server left out is missing."""
        project = self.project(*EXPANSIONS.values())
        options = {
            kind: tuple(_option(value) for value in _items(project[expansion]))
            for kind, expansion in EXPANSIONS.items()
            if project.get(expansion) is not None
        }
        options["user"] = self._users()
        self._names = {user.id: user.name for user in options["user"]}
        return Catalogue(Side.INCIDENT, options)

    def names(self) -> Mapping[str, str]:
        """The display names of the project's people by user id, as the last catalogue had them."""
        with self._lock:
            if self._names is None:
                self._names = {user.id: user.name for user in self._users()}
            return self._names

    def version(self) -> str:
        """The server's version as it says it."""
        return str(self._client.get("systeminfo").body.get("Version") or "of unknown version")

    def modern(self) -> bool:
        """Whether incidents have `ExternalSystemLinkIds` and `Widgets` (vendor's page Incident, since 4.10)."""
        with self._lock:
            if self._modern is None:
                numbers = re.findall(r"\d+", self.version())
                self._modern = tuple(map(int, numbers[:2])) >= _MODERN_SINCE
            return self._modern

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


def _items(given: object) -> list[Json]:
    """The values of an expansion: a list, or a list in an envelope."""
    items = given.get("Items") if isinstance(given, dict) else given
    return items if isinstance(items, list) else []


def _option(value: Json) -> Option:
    """A pick-list value; those of servers before 6.2 are all active (vendor's page Project Picklist)."""
    return Option(guid(value["Id"]), str(value.get("Text")), value.get("IsEnable") is not False)


def _user(user: Json) -> Option:
    login = str(user.get("UserName") or "")
    full_name = f"{user.get('FirstName') or ''} {user.get('LastName') or ''}".strip()
    aliases = tuple(alias for alias in (login, user.get("Email")) if alias)
    name = user.get("DisplayName") or full_name or login
    return Option(guid(user["Id"]), name, user.get("Enabled") is not False, aliases)
