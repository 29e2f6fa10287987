"""Jira as developers see it in their browsers.

What they ask for becomes a request of the API in their own name: the same checks, the same answers.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import QueryParams

from syncer.sandbox.jira.call import Call
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.fields import FIELD_BY_ID, FIELDS
from syncer.sandbox.jira.model import JiraModel
from syncer.sandbox.jira.permissions import ISSUE, REMOTE_LINKS, check_permitted
from syncer.sandbox.jira.records import Comment, Issue, RemoteLink
from syncer.sandbox.jira.routes import ENDPOINTS
from syncer.sandbox.jira.views.viewer import Viewer
from syncer.sandbox.jira.wiki_html import rendered
from syncer.sandbox.jira.workflow import available
from syncer.sandbox.pages import persona
from syncer.sandbox.pages.controls import Control, Form, filled, moved
from syncer.sandbox.pages.jira_fields import blank, controls, resolution_control, sent, told
from syncer.sandbox.pages.jira_moves import moves
from syncer.sandbox.pages.rich import html
from syncer.sandbox.pages.shapes import Aside, Fact, Link, Look, Picker, Record, Refusal, Remark, Row

COMMENTS = f"{ISSUE}/comment"
_APART = ("summary", "description", "environment", "comment", "statusCategory", "created", "updated")
"""Fields that stand elsewhere on the page than among the facts."""


@dataclass(frozen=True, slots=True)
class JiraSide:
    """The pages' view of a model."""

    model: JiraModel

    @property
    def look(self) -> Look:
        return Look("Jira", "jira", "issue", "issues", "", "/browse/", "annak")

    @property
    def lock(self) -> AbstractContextManager[Any]:
        return self.model.lock

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset({urlsplit(self.model.base_url).hostname or ""})

    def people(self) -> Mapping[str, str]:
        return persona.people(jira=True)

    def found(self, words: Sequence[str]) -> tuple[list[str], int]:
        shown = [one for one in self.model.issues.values() if self.model.findable(one)]
        shown.sort(key=lambda one: (_updated(one), int(one.id)), reverse=True)
        return [one.key for one in shown if not words or _holds(one, words)], len(shown)

    def row(self, record_id: str) -> Row:
        issue = self._issue(record_id)
        last = moves(issue, self._name, most=1)[0]
        return Row(
            id=issue.key,
            key=issue.key,
            title=issue.text("summary"),
            status=self._told(issue, "status"),
            priority=self._told(issue, "priority"),
            who=last.who,
            when=_updated(issue),
            twins=[_link(one) for one in issue.remote_links.values()][:1],
        )

    def record(self, record_id: str) -> Record:
        issue = self._issue(record_id)
        rich = [one for one in FIELDS if one.kind == "text" and issue.text(one.id)]
        return Record(
            id=issue.key,
            key=issue.key,
            title=issue.text("summary"),
            facts=[
                Fact(one.name, text)
                for one in FIELDS
                if one.id not in _APART and one.kind != "text" and (text := self._told(issue, one.id))
            ],
            texts=[Fact(one.name, html(rendered(issue.text(one.id)))) for one in rich],
            moves=moves(issue, self._name),
            comments=[self._remark(one) for one in issue.comments.values()],
            links=[_link(one, removable=True) for one in issue.remote_links.values()],
            left_by_programs={name: json.dumps(value, ensure_ascii=False) for name, value in issue.properties.items()},
            pickers=[_transitions(issue)],
            controls=controls(self.model, issue),
        )

    def aside(self, thing_id: str) -> Aside:
        raise Refusal("Jira has no such page.", 404)

    def blank(self) -> Sequence[Control]:
        return blank(self.model)

    def create(self, who: str, form: Form) -> str:
        fields = sent(self.model, filled(self.blank(), form))
        return str(json.loads(self._send(who, "POST", "/issue", body={"fields": fields}))["key"])

    def do(self, deed: str, record_id: str, who: str, form: Form) -> None:
        issue = self._issue(record_id)
        path = {"issue": issue.key}
        remark = {**path, "comment": form.text("comment")}
        link = {**path, "link": form.text("value")}
        body = {"body": form.text("body")}
        deeds: Mapping[str, Callable[[], object]] = {
            "edit": lambda: self._edit(issue, who, form),
            "transition": lambda: self._transition(issue, who, form),
            "comment": lambda: self._send(who, "POST", COMMENTS, path, body),
            "edit-comment": lambda: self._send(who, "PUT", f"{COMMENTS}/{{comment}}", remark, body),
            "delete-comment": lambda: self._send(who, "DELETE", f"{COMMENTS}/{{comment}}", remark),
            "unlink": lambda: self._send(who, "DELETE", f"{REMOTE_LINKS}/{{link}}", link),
            "delete": lambda: self._send(who, "DELETE", ISSUE, path, deleteSubtasks="true"),
        }
        if deed not in deeds:
            raise Refusal(f"Nobody can {deed!r} an issue; open its page and use the forms there.", 404)
        deeds[deed]()

    def _edit(self, issue: Issue, who: str, form: Form) -> None:
        fields = sent(self.model, moved(controls(self.model, issue), form))
        if fields:
            self._send(who, "PUT", ISSUE, {"issue": issue.key}, {"fields": fields})

    def _transition(self, issue: Issue, who: str, form: Form) -> None:
        wanted = form.text("transition")
        step = next((one for one in _available(issue) if one.id == wanted), None)
        asked = {name: (form.text(name),) for name in (step.demands if step else ())}
        body = {"transition": {"id": wanted}, "fields": sent(self.model, asked)}
        self._send(who, "POST", f"{ISSUE}/transitions", {"issue": issue.key}, body)

    def _send(
        self, who: str, method: str, route: str, path: Mapping[str, str] | None = None, body: Any = None, **query: str
    ) -> bytes:
        """Do what a request of this person would do; the answer's body. Raises Refusal."""
        endpoint = next(one for one in ENDPOINTS if (one.method, one.path) == (method, route))
        viewer = Viewer(self.model, self.model.users[who])
        raw = b"" if body is None else json.dumps(body).encode()
        try:
            check_permitted(self.model, method, route, path or {}, writes=True)
            answer = endpoint.handle(Call(self.model, viewer, path or {}, QueryParams(urlencode(query)), raw))
        except JiraError as problem:
            raise _refusal(problem) from None
        return bytes(answer.body)

    def _issue(self, id_or_key: str) -> Issue:
        try:
            return self.model.visible(id_or_key)
        except JiraError as problem:
            raise _refusal(problem) from None

    def _told(self, issue: Issue, field_id: str) -> str:
        return told(self.model, FIELD_BY_ID[field_id], issue.fields.get(field_id))

    def _remark(self, comment: Comment) -> Remark:
        edited = comment.updated != comment.created
        return Remark(
            id=comment.id,
            who=self._name(comment.author),
            when=comment.created,
            body=comment.body,
            shown=html(rendered(comment.body)),
            edited=(self._name(comment.update_author), comment.updated) if edited else None,
            note=f"only for {comment.visibility['value']}" if comment.visibility else "",
        )

    def _name(self, login: str) -> str:
        return self.model.users[login].display_name


def _available(issue: Issue) -> Sequence[Any]:
    return available(issue.text("issuetype"), issue.text("status"))


def _transitions(issue: Issue) -> Picker:
    steps = _available(issue)
    options = [
        (one.id, f"{one.name} → {one.target.name}" if one.name != one.target.name else one.name) for one in steps
    ]
    asks = any(one.demands for one in steps)
    choice = Control("transition", "Transition", "choice", (), options)
    return Picker("transition", "Move on", "Move", [choice, *([resolution_control()] if asks else [])])


def _link(link: RemoteLink, *, removable: bool = False) -> Link:
    url = str(link.object.get("url", ""))
    # A link may lead anywhere, also to a script; only pages are made clickable.
    href = url if urlsplit(url).scheme in ("http", "https") else None
    deed = "unlink" if removable else None
    return Link(str(link.object.get("title", url)), href, link.relationship or "", deed, link.id)


def _holds(issue: Issue, words: Sequence[str]) -> bool:
    labels = " ".join(issue.ids("labels"))
    texts = (issue.key, issue.text("summary"), issue.text("description"), issue.text("environment"), labels)
    whole = "\n".join((*texts, *(one.body for one in issue.comments.values()))).casefold()
    return all(word in whole for word in words)


def _updated(issue: Issue) -> datetime:
    return issue.moment("updated") or datetime.min.replace(tzinfo=UTC)


def _refusal(problem: JiraError) -> Refusal:
    """All that Jira complains about in one line, with the names that people know of the fields."""
    fields = [
        f"{FIELD_BY_ID[name].name}: {text}" if name in FIELD_BY_ID else text for name, text in problem.errors.items()
    ]
    return Refusal(" ".join([*problem.messages, *fields]), problem.status if problem.status in (403, 404) else 422)
