"""Entity properties: JSON that programs leave on issues and comments. Nobody sees them on a page."""

import json
from collections.abc import Mapping
from typing import Any

from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.issue_writes import touch
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.jira.store import Store

MOST_KEY = 255
MOST_VALUE = 32_768


def checked_key(key: Any) -> str:
    """A property key that may be used. Raises JiraError 400."""
    if not isinstance(key, str) or not key:
        raise JiraError(400, "The property key must not be empty.")
    if len(key) > MOST_KEY:
        raise JiraError(400, f"The property key must not be longer than {MOST_KEY} characters.")
    return key


def checked_value(value: Any) -> Any:
    """A property value that may be stored. Raises JiraError 400."""
    if len(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) > MOST_VALUE:
        raise JiraError(400, f"The property value must not be longer than {MOST_VALUE} characters.")
    return value


def given_properties(body: Mapping[str, Any]) -> dict[str, Any]:
    """The `properties` of a body: a list of key and value. Raises JiraError 400."""
    given = body.get("properties") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) and "value" in one for one in given):
        text = "Properties must be a list of objects with key and value."
        raise JiraError(400, errors={"properties": text})
    return {checked_key(one.get("key")): checked_value(one["value"]) for one in given}


def put_properties(store: Store, issue: Issue, properties: Mapping[str, Any]) -> None:
    """Replace the properties of an issue."""
    issue.properties = dict(properties)
    touch(store, issue, store.behaviour.property_moves_updated)
