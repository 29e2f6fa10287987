"""The little of REST version 3 that clients of Cloud ask for although they speak version 2 otherwise.

Version 3 differs in rich text only: it is a document of nodes, not wiki markup.
"""

import json
from typing import Any

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer
from syncer.sandbox.jira.fields import FIELDS
from syncer.sandbox.jira.routes import search, server, versions
from syncer.sandbox.jira.routes.endpoint import CLOUD, Endpoint
from syncer.sandbox.jira.views.viewer import Json

_RICH = [field.id for field in FIELDS if field.kind == "text"]


def found(call: Call) -> Response:
    page = json.loads(bytes(search.cloud_get(call).body))
    for issue in page["issues"]:
        fields = issue.get("fields", {})
        fields.update({name: document(fields[name]) for name in _RICH if fields.get(name) is not None})
        for comment in fields.get("comment", {}).get("comments", ()):
            comment["body"] = document(comment["body"])
    return answer(page)


def document(text: str) -> Json:
    """The text as a document of paragraphs. The markup within a paragraph stays as it is."""
    paragraphs: list[Any] = [
        {"type": "paragraph", "content": [{"type": "text", "text": each}]} for each in text.split("\n\n") if each
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


ENDPOINTS = (
    Endpoint("GET", "/search/jql", found, CLOUD),
    Endpoint("GET", "/field", server.fields, CLOUD),
    Endpoint("POST", "/version", versions.create, CLOUD),
)
