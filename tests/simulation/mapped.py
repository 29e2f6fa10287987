"""The mapping of a world, and its pace."""

from datetime import timedelta
from typing import Any

from mappings.model import Mapping as LinkMapping
from syncer.context import Pace
from syncer.core.records import Side
from tests.simulation.steps import LONGEST_JUMP, Terms

SETTLE_SECONDS = 60.0
"""Longer than an index ever lags here and a request ever takes, together."""

MATCHES = {"Priority": [("High", "High"), ("Low", "Low"), ("Low", "Lowest")]}
MATCHES["Status"] = [("New", "To Do"), ("Open", "To Do"), ("In Progress", "In Progress"), ("Closed", "Done")]
"""Which names stand for one another, by the mapping of every world."""


def mapping(name: str, terms: Terms, conflict: str) -> LinkMapping:
    """The mapping of a world, and its pace."""

    def rows(item: str) -> list[dict[str, str]]:
        return [{"incident": incident, "issue": issue} for incident, issue in MATCHES[item]]

    incident, issue = terms.deletions
    content: dict[str, Any] = {
        "name": name,
        "conflict": conflict,
        "incidents": {"project": "Sim", "mark_field": "Jira key"},
        "issues": {"project": "SIM", "type": "Bug"},
        "fields": [
            {"incident": "Summary", "issue": "summary", "kind": "copy"},
            {"incident": "Description", "issue": "description", "kind": "copy"},
            {"incident": "Priority", "issue": "priority", "kind": "table", "values": rows("Priority")},
            {"incident": "Status", "issue": "status", "kind": "status", "values": rows("Status")},
            {"incident": "AffectedVersions", "issue": "versions", "kind": "versions"},
        ],
        "deletions": {
            "incident": incident,
            "issue": issue,
            "close_issue_as": "Done",
            "close_incident_as": "Closed",
            "comments": terms.comments,
            "at_most": terms.at_most,
            "at_most_percent": 100,
            "exempt": terms.at_most,
        },
    }
    return LinkMapping.model_validate(content)


def pace(terms: Terms) -> Pace:
    """The pace of a world: where our own clock may be set, one waits so much longer for what is in doubt."""
    settle_after = timedelta(seconds=SETTLE_SECONDS) + (timedelta() if terms.steady else LONGEST_JUMP)
    return Pace(
        settle_after=dict.fromkeys(Side, settle_after),
        overlap=dict.fromkeys(Side, timedelta(seconds=120)),
        retry_after=timedelta(seconds=60),
        retry_at_most=timedelta(minutes=8),
        confirm_after=timedelta(minutes=5),
    )
