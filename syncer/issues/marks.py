"""Our marks on an issue and on its comments: how they are written, and how they are told from what people write.

| mark | stands | for |
|---|---|---|
| property `syncer.mark` | in the create itself, or on an adopted issue | the truth: whose issue, which incident |
| label `syncer-<installation>-<incident>` | in the create itself | finding it: properties can't be searched for |
| remote link | after the create | people: a click leads to the incident, or to one of its step results |
| property `syncer.comment` | in the comment's create itself | the truth about a mirrored comment (`parts.py`) |
| heading | first line of a mirrored comment, of each of its parts | people: who wrote it |

A label or a heading alone proves nothing: people copy texts and clone issues. The property decides. An issue that has
the label only, as a clone has, is not taken for an issue of its own either: a person must look.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from syncer.core.records import Mark, StepResult, Twin

ISSUE_PROPERTY = "syncer.mark"
COMMENT_PROPERTY = "syncer.comment"
APPLICATION = "Enterprise Tester"
RELATIONSHIP = "mirrors"
RESULT_RELATIONSHIP = "found by"
LONGEST_TITLE = 255
LONGEST_NAME = 255

_BLANKS = r"[^\S\n]+"
_HEADING = re.compile(
    # Blanks are matched loosely and case not at all: what stands here has been through Jira's own wiki writer.
    rf"\A\s*\*(?P<author>[^*\n]+)\*{_BLANKS}{_BLANKS.join(['wrote', 'in', *APPLICATION.split()])}"
    r":[^\S\n]*(?:\n\s*|\Z)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[*{}\[\]|\\!^~]")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one installation. A label may hold no blank, so the installation's name is made fit."""

    installation: str

    def of(self, mark: Mark) -> str:
        return f"{_stem(mark.installation)}{mark.twin_id.replace('-', '').lower()}"

    def is_mark(self, label: str) -> bool:
        """Whether this installation put the label there. Another installation's label is any label to us."""
        return self._named(label) is not None

    def claim(self, labels: Iterable[str]) -> Mark | None:
        """The mark that a label of this installation makes; a clone has it too, where the property is missing."""
        found = next((match for label in labels if (match := self._named(label))), None)
        return None if found is None else Mark(self.installation, str(UUID(found[1])))

    def _named(self, label: str) -> re.Match[str] | None:
        return re.fullmatch(rf"{re.escape(_stem(self.installation))}([0-9a-f]{{32}})", label)


def _stem(installation: str) -> str:
    return f"syncer-{re.sub(r'[^A-Za-z0-9_.-]', '_', installation)}-"


def issue_property(mark: Mark) -> dict[str, str]:
    return {"installation": mark.installation, "incident": mark.twin_id}


def comment_property(mark: Mark) -> dict[str, str]:
    return {"installation": mark.installation, "comment": mark.twin_id}


def issue_mark(value: Any) -> Mark | None:
    """The mark that the value of an issue's property says; `None` for anything else, and for a dissolved link."""
    return None if _is_dissolved(value) else _mark(value, "incident")


def dissolved_property(mark: Mark) -> dict[str, str | bool]:
    """What stays on an issue whose link was dissolved: people don't see it, and it keeps the records apart for good."""
    return {**issue_property(mark), "dissolved": True}


def dissolved_mark(value: Any) -> Mark | None:
    """The mark of the link that was dissolved, `None` where none was."""
    return _mark(value, "incident") if _is_dissolved(value) else None


def _is_dissolved(value: Any) -> bool:
    return isinstance(value, dict) and value.get("dissolved") is True


def comment_mark(value: Any) -> Mark | None:
    return _mark(value, "comment")


def _mark(value: Any, twin: str) -> Mark | None:
    if not isinstance(value, dict):
        return None
    installation, twin_id = value.get("installation"), value.get(twin)
    return Mark(installation, twin_id) if isinstance(installation, str) and isinstance(twin_id, str) else None


def global_id(mark: Mark) -> str:
    """What makes writing the same remote link again an update (Jira REST v2, POST /issue/{id}/remotelink)."""
    return f"syncer:{mark.installation}:incident:{mark.twin_id}"


def remote_link(twin: Twin) -> dict[str, Any]:
    return {
        "globalId": global_id(twin.mark),
        "application": {"name": APPLICATION},
        "relationship": RELATIONSHIP,
        "object": {"url": twin.url, "title": f"{twin.key} {twin.title}".strip()[:LONGEST_TITLE]},
    }


def result_global_id(installation: str, step_result_id: str) -> str:
    return f"{_result_stem(installation)}{step_result_id}"


def result_link(installation: str, result: StepResult) -> dict[str, Any]:
    title = result.title.strip() or f"Step result {result.id}"
    return {
        "globalId": result_global_id(installation, result.id),
        "application": {"name": APPLICATION},
        "relationship": RESULT_RELATIONSHIP,
        "object": {"url": result.url, "title": title[:LONGEST_TITLE]},
    }


def shown_results(global_ids: Iterable[str], installation: str) -> frozenset[str]:
    """The ids of the step results to which this installation's links among them lead."""
    stem = _result_stem(installation)
    return frozenset(each.removeprefix(stem) for each in global_ids if each.startswith(stem) and each != stem)


def _result_stem(installation: str) -> str:
    return f"syncer:{installation}:stepresult:"


def headed(author: str, body: str) -> str:
    """The body of a mirrored comment. The author's name is kept from turning into markup or a mention."""
    name = " ".join(_MARKUP.sub(" ", author).split())[:LONGEST_NAME] or "Somebody"
    return f"*{name}* wrote in {APPLICATION}:\n\n{body}"


def beheaded(text: str) -> tuple[str, str] | None:
    """Author and body of a comment that looks like a mirrored one; `None` for one that doesn't."""
    heading = _HEADING.match(text)
    return None if heading is None else (heading["author"].strip(), text[heading.end() :])
