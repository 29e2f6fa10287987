"""What the screens of new and of existing issues take, demand and offer: to advise people and to name options, never
to decide what is sent.

The options of custom fields are told nowhere else to an account that is no administrator. They hardly move, and a
screen is a long answer, so what was read is kept for some minutes.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from syncer.errors import Denied, Missing, Rejected
from syncer.issues.answers import concerns_everything
from syncer.issues.scope import Scope
from syncer.issues.search import first

Json: TypeAlias = Any

PAGE = 100
KEPT_SECONDS = 300.0
GIVEN = frozenset({"project", "issuetype", "reporter"})
"""Sent always, or filled in by Jira with whoever asks."""


@dataclass(frozen=True, slots=True)
class ScreenField:
    """`demanded` where an issue can't be created without a value; `schema` and `allowed` as Jira tells them."""

    id: str
    name: str
    demanded: bool
    schema: Mapping[str, Json]
    allowed: Sequence[Json]


Screen: TypeAlias = Sequence[ScreenField]


def create_screen(scope: Scope, type_id: str) -> Screen:
    """All fields of the screen (Jira REST v2, GET /issue/createmeta/{project}/issuetypes/{id})."""
    fields: list[ScreenField] = []
    while True:
        told = scope.client.get(
            "issue", "createmeta", scope.key, "issuetypes", type_id, startAt=len(fields), maxResults=PAGE
        )
        rows = told.get("fields") or told.get("values") or []  # Cloud says `fields`, Data Center `values`
        fields += [_field(row["fieldId"], row) for row in rows]
        if not rows or len(fields) >= int(told.get("total", 0)):
            return fields


def edit_screen(scope: Scope, type_id: str) -> Screen | None:
    """The screen of an existing issue of the type; `None` where there is none, or none that can be edited."""
    found = first(scope.client, scope.jql(f"issuetype = {type_id}", order="updated DESC"), "issuetype")
    if found is None:
        return None
    told = scope.client.get("issue", found["id"], "editmeta").get("fields") or {}
    return [_field(name, row) for name, row in told.items()] or None


class Screens:
    """The screens of all issue types of the project, each read once in some minutes."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._kept: dict[tuple[str, str], tuple[float, Screen | None]] = {}

    def create(self) -> Mapping[str, Screen]:
        """By issue type; those for which this account can't create issues are left out."""
        screens = {type_id: self._recent("create", type_id) for type_id in self._scope.project.types}
        return {type_id: screen for type_id, screen in screens.items() if screen is not None}

    def edit(self) -> Mapping[str, Screen]:
        """By issue type; those of which no issue shows its screen are left out."""
        screens = {type_id: self._recent("edit", type_id) for type_id in self._scope.project.types}
        return {type_id: screen for type_id, screen in screens.items() if screen is not None}

    def _recent(self, which: str, type_id: str) -> Screen | None:
        now = time.monotonic()
        at, screen = self._kept.get((which, type_id), (None, None))
        if at is None or now - at > KEPT_SECONDS:
            screen = self._read(which, type_id)
            self._kept[which, type_id] = (now, screen)
        return screen

    def _read(self, which: str, type_id: str) -> Screen | None:
        try:
            return create_screen(self._scope, type_id) if which == "create" else edit_screen(self._scope, type_id)
        except (Denied, Missing, Rejected) as problem:
            if concerns_everything(problem):
                raise
            return None


def _field(field_id: str, row: Json) -> ScreenField:
    return ScreenField(
        field_id,
        row.get("name", field_id),
        demanded=bool(row.get("required")) and not row.get("hasDefaultValue") and field_id not in GIVEN,
        schema=row.get("schema") or {},
        allowed=row.get("allowedValues") or [],
    )
