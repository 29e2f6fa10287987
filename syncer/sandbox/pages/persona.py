"""Who a visitor is: one of the cast, never the synchronizer's account, so that edits come from people."""

from collections.abc import Mapping

from syncer.sandbox import cast

ROLES: Mapping[str, str] = {
    "joeb": "tester",
    "annak": "developer",
    "mariag": "tester",
    "yukit": "developer",
    "olgap": "product owner",
    "samw": "support",
    "testeronly": "tester",
}

YEAR_SECONDS = 365 * 24 * 3600


def people(*, jira: bool) -> dict[str, str]:
    """Logins, and names with roles, of those who have an account and use it."""
    return {
        person.login: f"{person.display_name}, {ROLES[person.login]}"
        for person in cast.PEOPLE
        if person.active and person.login in ROLES and (person.jira or not jira)
    }


def cookie(style: str) -> str:
    """Both servers are one host to a browser, so each needs a cookie of its own."""
    return f"sandbox_{style}_person"
