"""Enterprise Tester as testers see it in their browsers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from syncer.sandbox.pages import persona
from syncer.sandbox.pages.controls import Control, Form, filled, moved
from syncer.sandbox.pages.rich import html_or_text
from syncer.sandbox.pages.shapes import Aside, Fact, Link, Look, Picker, Record, Refusal, Remark, Row
from syncer.sandbox.pages.tester_fields import MANY, ONE, asked, controls, told
from syncer.sandbox.pages.tester_moves import moves
from syncer.sandbox.tester.errors import Refused
from syncer.sandbox.tester.model import TesterModel
from syncer.sandbox.tester.records import Comment, Incident

MARK_FIELD = "Jira key"
"""The custom field where a mirror may leave the key of the issue, and what else it needs to know it again."""

_KEY = re.compile(r"\b[A-Z][A-Z0-9]+-\d+\b")
_RICH = ("area", "rich")


@dataclass(frozen=True, slots=True)
class TesterSide:
    """The pages' view of a model. `jira_url` tells where the issues are that marks name."""

    model: TesterModel
    jira_url: Callable[[], str]

    @property
    def look(self) -> Look:
        root = self.model.application_path.rstrip("/")
        return Look("Enterprise Tester", "tester", "incident", "incidents", root, "/incident/", "joeb")

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """None is needed: everything happens in the server's one thread."""
        return nullcontext()

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset({urlsplit(self.model.base_url).hostname or ""})

    def people(self) -> Mapping[str, str]:
        return persona.people(jira=False)

    def found(self, words: Sequence[str]) -> tuple[list[str], int]:
        behaviour = self.model.behaviour
        shown = [one for one in self.model.incidents() if self.model.can_see(one.id) and not behaviour.wrong_site]
        shown.sort(key=lambda one: (one.updated_at, one.number), reverse=True)
        return [one.id for one in shown if not words or _holds(one, words)], len(shown)

    def row(self, record_id: str) -> Row:
        incident = self.model.incident(record_id)
        return Row(
            id=incident.id,
            key=_key(incident),
            title=incident.summary,
            status=self.model.catalogue.text(incident.status) or "",
            priority=self.model.catalogue.text(incident.priority) or "",
            who=self._name(incident.updated_by),
            when=incident.updated_at,
            twins=self._marks(incident),
        )

    def record(self, record_id: str) -> Record:
        with _refusing():
            incident = self.model.incident(record_id)
        fields = self.model.catalogue.fields.values()
        rich = [one for one in fields if one.kind in _RICH and incident.field_values.get(one.name)]
        return Record(
            id=incident.id,
            key=_key(incident),
            title=incident.summary,
            facts=self._facts(incident),
            texts=[
                Fact("Description", html_or_text(incident.description)),
                *(Fact(one.name, html_or_text(incident.field_values[one.name])) for one in rich),
            ],
            moves=moves(self.model.catalogue, self.model.past(incident.id), self._name),
            comments=[self._remark(one) for one in incident.comments],
            links=[*self._marks(incident, removable=True), *self._steps(incident)],
            left_by_programs={},
            pickers=self._pickers(incident),
            controls=controls(self.model.catalogue, incident),
        )

    def aside(self, thing_id: str) -> Aside:
        """A step result, with the incidents that were found in it."""
        runs = self.model.runs
        with _refusing():
            step = runs.step(thing_id)
            run = runs.run(step.run_id)
            if not self.model.can_see(step.id):
                raise Refused("You do not have permission to view this step result.")
        found = [self.model.incident(one) for one in runs.incidents_of(step.id) if self.model.can_see(one)]
        texts = {"Step": step.description, "Expected": step.expected, "Actual": step.actual, "Outcome": step.outcome}
        return Aside(
            f"{run.name}, step {step.number}",
            [Fact(name, text) for name, text in texts.items()],
            [Link(f"{_key(one)} {one.summary}", f"{self.look.root}{self.look.record}{one.id}") for one in found],
        )

    def blank(self) -> Sequence[Control]:
        catalogue = self.model.catalogue
        priority, kind = (catalogue.pick_named("Priority", "Medium"), catalogue.pick_named("IncidentType", "Defect"))
        return [
            Control("Summary", "Summary", "line", required=True),
            Control("Description", "Description", "area", hint="HTML or plain text"),
            Control("PriorityId", "Priority", "choice", (priority.id,), _options(self.model, "PriorityId")),
            Control("TypeId", "Type", "choice", (kind.id,), _options(self.model, "TypeId")),
        ]

    def create(self, who: str, form: Form) -> str:
        self._check_permission()
        with _refusing():
            members = asked(self.model.catalogue, filled(self.blank(), form))
            return self.model.create_incident(who, **members).id

    def do(self, deed: str, record_id: str, who: str, form: Form) -> None:
        self._check_permission()
        deeds: Mapping[str, Callable[[], object]] = {
            "edit": lambda: self._edit(record_id, who, form),
            "comment": lambda: self.model.comment(record_id, who, body=form.text("body")),
            "edit-comment": lambda: self.model.edit_comment(
                record_id, form.text("comment"), who, body=form.text("body")
            ),
            "delete-comment": lambda: self.model.delete_comment(record_id, form.text("comment"), who),
            "link-step": lambda: self.model.link_step(form.text("step"), record_id),
            "unlink-step": lambda: self.model.unlink_step(form.text("value"), record_id),
            "unmark": lambda: self.model.edit(record_id, who, FieldValues={MARK_FIELD: None}),
            "delete": lambda: self._delete(record_id),
        }
        if deed not in deeds:
            raise Refusal(f"Nobody can {deed!r} an incident; open its page and use the forms there.", 404)
        with _refusing():
            deeds[deed]()

    def _edit(self, record_id: str, who: str, form: Form) -> None:
        catalogue = self.model.catalogue
        members = asked(catalogue, moved(controls(catalogue, self.model.incident(record_id)), form))
        if members:
            self.model.edit(record_id, who, **members)

    def _delete(self, record_id: str) -> None:
        if self.model.behaviour.delete_forbidden:
            raise Refused("You do not have permission to delete this incident.")
        self.model.delete(record_id)

    def _check_permission(self) -> None:
        if self.model.behaviour.read_only:
            raise Refusal("You do not have permission to change anything here.", 403)

    def _facts(self, incident: Incident) -> list[Fact]:
        catalogue = self.model.catalogue
        held = {label: catalogue.text(getattr(incident, attribute)) or "" for label, attribute, _ in ONE.values()}
        held["Assigned to"] = self._name(incident.assigned_to) if incident.assigned_to else ""
        for label, attribute, _ in MANY.values():
            held[label] = ", ".join(catalogue.picks[one].text for one in getattr(incident, attribute))
        for custom in catalogue.fields.values():
            if custom.kind not in _RICH:
                held[custom.name] = told(incident.field_values.get(custom.name))
        held["Created by"] = self._name(incident.created_by)
        return [Fact(name, text) for name, text in held.items() if text]

    def _marks(self, incident: Incident, *, removable: bool = False) -> list[Link]:
        text = told(incident.field_values.get(MARK_FIELD))
        key = _KEY.search(text)
        if not text:
            return []
        href = f"{self.jira_url()}/browse/{quote(key[0])}" if key else None
        return [Link(key[0] if key else text, href, "its issue in Jira", "unmark" if removable else None)]

    def _steps(self, incident: Incident) -> list[Link]:
        runs = self.model.runs
        shown = [runs.step(one) for one in runs.steps_with(incident.id) if self.model.can_see(one)]
        place = f"{self.look.root}/_pages/stepresult/"
        return [
            Link(self._step_name(one.id), f"{place}{one.id}", "found in this step", "unlink-step", one.id)
            for one in shown
        ]

    def _step_name(self, step_id: str) -> str:
        step = self.model.runs.step(step_id)
        return f"{self.model.runs.run(step.run_id).name}, step {step.number} ({step.outcome})"

    def _pickers(self, incident: Incident) -> list[Picker]:
        runs = self.model.runs
        linked = runs.steps_with(incident.id)
        others = [one for one in runs.steps if one not in linked and self.model.can_see(one)]
        options = [(one, self._step_name(one)) for one in others]
        return [Picker("link-step", "Found in a step", "Link", [Control("step", "Step result", "choice", (), options)])]

    def _remark(self, comment: Comment) -> Remark:
        edited = (self._name(comment.updated_by), comment.updated_at) if comment.updated_at else None
        shown = html_or_text(comment.body)
        return Remark(comment.id, self._name(comment.created_by), comment.created_at, comment.body, shown, edited)

    def _name(self, user_id: str) -> str:
        user = self.model.catalogue.users[user_id]
        return f"{user.first_name} {user.last_name}"


@contextmanager
def _refusing() -> Iterator[None]:
    """What the server refuses, told beside the form."""
    try:
        yield
    except Refused as problem:
        raise Refusal(problem.message, 404 if problem.status == 404 else 422) from None


def _options(model: TesterModel, member: str) -> list[tuple[str, str]]:
    return [(one.id, one.text) for one in model.catalogue.pick_list(ONE[member][2])]


def _holds(incident: Incident, words: Sequence[str]) -> bool:
    custom = (told(value) for value in incident.field_values.values())
    texts = (_key(incident), incident.summary, incident.description or "", *custom)
    whole = "\n".join((*texts, *(comment.body for comment in incident.comments))).casefold()
    return all(word in whole for word in words)


def _key(incident: Incident) -> str:
    return f"#{incident.number}"
