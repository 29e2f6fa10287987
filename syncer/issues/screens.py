"""What the screen for new issues takes and demands: to advise people, never to decide what is sent."""

from dataclasses import dataclass

from syncer.issues.scope import Scope

PAGE = 100
GIVEN = frozenset({"project", "issuetype", "reporter"})
"""Sent always, or filled in by Jira with whoever asks."""


@dataclass(frozen=True, slots=True)
class ScreenField:
    """`demanded` where an issue can't be created without a value."""

    id: str
    name: str
    demanded: bool


def create_screen(scope: Scope, type_id: str) -> list[ScreenField]:
    """All fields of the screen (Jira REST v2, GET /issue/createmeta/{project}/issuetypes/{id})."""
    fields: list[ScreenField] = []
    while True:
        told = scope.client.get(
            "issue", "createmeta", scope.key, "issuetypes", type_id, startAt=len(fields), maxResults=PAGE
        )
        rows = told.get("fields") or told.get("values") or []  # Cloud says `fields`, Data Center `values`
        fields += [
            ScreenField(
                row["fieldId"],
                row.get("name", row["fieldId"]),
                demanded=bool(row.get("required")) and not row.get("hasDefaultValue") and row["fieldId"] not in GIVEN,
            )
            for row in rows
        ]
        if not rows or len(fields) >= int(told.get("total", 0)):
            return fields
