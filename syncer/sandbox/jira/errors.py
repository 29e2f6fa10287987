"""The one way a request to Jira fails: a status and Jira's error collection."""

from collections.abc import Mapping
from typing import Any

NO_ISSUE = "Issue does not exist or you do not have permission to see it."


class JiraError(Exception):
    """Becomes `{"errorMessages": [...], "errors": {field: message}}` under the given status."""

    def __init__(self, status: int, *messages: str, errors: Mapping[str, str] | None = None) -> None:
        told = [f"{field}: {text}" for field, text in (errors or {}).items()]
        super().__init__("; ".join([*messages, *told]))
        self.status = status
        self.messages = messages
        self.errors = dict(errors or {})

    def body(self) -> dict[str, Any]:
        return {"errorMessages": list(self.messages), "errors": self.errors}


class FieldError(Exception):
    """One field can't take one value; collected into a `JiraError` with status 400."""


def no_issue() -> JiraError:
    """The answer for an issue that never was, is deleted, or is hidden: Jira doesn't tell them apart."""
    return JiraError(404, NO_ISSUE)
