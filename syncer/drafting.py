"""What a mapping of two projects would say, by all that both servers tell of them. Pure.

    two surveys  ->  Draft: fields that are mapped, and questions  ->  a file (`syncer.drafting_text`)

| a field of one side | becomes |
|---|---|
| has a counterpart: built in, or of the same name, with a shape that fits | a mapped field |
| has none, or one that doesn't fit | a question, with the fields that are left and fit |
| is needed by new records, and nothing fills it | a question, with a value to set |
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mappings.fields import CUSTOM_PREFIX, field_of
from mappings.policies import Direction
from mappings.problems import nearest
from syncer.core.lensing import catalogue_kind
from syncer.core.records import Catalogue, FieldInfo, Side
from syncer.core.relate import Catalogues, Kinds, fold, matches
from syncer.drafting_fitting import Fitting, fitting_kind, namesakes
from syncer.drafting_pairs import TYPES, Pair
from syncer.drafting_values import Draft, Entry, Fill, Lacking, Question
from syncer.linting_fields import FILLED

BUILT_IN: Sequence[tuple[str, str, str]] = (
    ("Summary", "summary", "copy"),
    ("Description", "description", "copy"),
    ("Type", "issuetype", "table"),
    ("Status", "status", "status"),
    ("Priority", "priority", "table"),
    ("Resolution", "resolution", "table"),
    ("AssignedTo", "assignee", "users"),
    ("Components", "components", "components"),
    ("AffectedVersions", "versions", "versions"),
    ("FixedVersions", "fixVersions", "versions"),
)
"""The fields that both servers have from the start, and the kinds that carry them."""

MARKS = (
    "jira key", "jira issue key", "issue key", "jira issue", "jira id", "jira issue id", "jira number", "jira ticket",
    "jira link", "jira", "tracker key", "external key", "external id",
)  # fmt: skip
"""What people call the text box for an issue's key, the best name first."""

DONE = ("done", "fixed", "resolved")
"""What a resolution is called that closes an issue the usual way."""


def draft(surveys: Catalogues, ranks: Mapping[str, int], project: str, key: str, *, to_issue: bool) -> Draft:
    """The mapping of two projects. `ranks` are those of the issue side's statuses by id, see `drafting_pairs`."""
    boxes = _boxes(surveys[Side.INCIDENT])
    mark = next((box for name in MARKS for box in boxes if fold(box) == name), None)
    link = Direction.TO_ISSUE if to_issue or mark is None else Direction.BOTH
    entries, questions = _Drafting(Fitting(surveys, ranks, link), mark).run()
    typed = any(each.issue == "issuetype" and each.direction is not Direction.TO_INCIDENT for each in entries)
    return Draft(
        project=project,
        key=key,
        direction=link,
        mark_field=mark,
        boxes=() if mark else boxes,
        new_type=None if typed else _first(surveys, "type", [word for group in TYPES for word in group]),
        entries=entries,
        questions=questions,
        versions=_lacking(surveys, "version"),
        components=_lacking(surveys, "component"),
        people=_people(surveys),
        resolution=_first(surveys, "resolution", DONE),
        foreign_link=surveys[Side.INCIDENT].foreign_link,
    )


def _boxes(survey: Catalogue) -> tuple[str, ...]:
    """The custom text fields of an incident that could hold the mark, by their names."""
    texts = (info for info in _mappable(survey) if info.id.startswith(CUSTOM_PREFIX) and info.shape == "text")
    return tuple(info.id.removeprefix(CUSTOM_PREFIX) for info in texts if info.writable and not info.rich)


def _first(surveys: Catalogues, kind: str, words: Sequence[str]) -> str | None:
    """The option of an issue that has the first of the names; the first option where none has any."""
    names = [option.name for option in surveys[Side.ISSUE].of(kind) if option.active]
    return next((name for word in words for name in names if fold(name) == word), next(iter(names), None))


def _people(surveys: Catalogues) -> tuple[int, int]:
    active = {option.id for option in surveys[Side.INCIDENT].of("user") if option.active}
    found = {own for own, _ in matches(surveys, Kinds("user", "user"), set(), set())}
    return len(active), len(active & found)


def _lacking(surveys: Catalogues, kind: str) -> Lacking:
    """What only one side has. Where names of the two sides are alike, or none of them is the same, creating what Jira
    lacks might double what is there."""
    same = matches(surveys, Kinds(kind, kind), set(), set())
    paired = {option_id for pair in same for option_id in pair}
    missing = {
        side: tuple(option.name for option in surveys[side].of(kind) if option.active and option.id not in paired)
        for side in Side
    }
    near = [(name, nearest(name, missing[Side.ISSUE])) for name in missing[Side.INCIDENT]]
    alike = tuple(Pair(name, other, guessed=True) for name, other in near if other is not None)
    strange = bool(missing[Side.ISSUE]) and not same
    return Lacking(missing, alike, bool(missing[Side.INCIDENT]) and not alike and not strange)


def _mappable(survey: Catalogue) -> list[FieldInfo]:
    """The fields that a mapping can name at all."""
    return [info for info in survey.fields.values() if field_of(survey.side.word, info.id) is not None]


class _Drafting:
    """One draft on its way: what is mapped is taken off the lists of fields that are left."""

    def __init__(self, fitting: Fitting, mark: str | None) -> None:
        self._fitting = fitting
        self._mark = f"{CUSTOM_PREFIX}{mark}"
        known = {self._mark, *(name for incident, issue, _ in BUILT_IN for name in (incident, issue))}
        self._left = {
            side: [each for each in _mappable(fitting.surveys[side]) if each.id not in known] for side in Side
        }
        self._entries: list[Entry] = []
        self._questions: list[Question] = []
        self._asked: set[str] = set()

    def run(self) -> tuple[tuple[Entry, ...], tuple[Question, ...]]:
        """The mapped fields and the questions."""
        for incident, issue, kind in BUILT_IN:
            left, right = self._info(Side.INCIDENT, incident), self._info(Side.ISSUE, issue)
            if not self._take(left, right, kind):
                why = self._fitting.obstacle(left, right)
                self._questions.append(Question(f"{incident} isn't mapped to {issue}: {why}"))
        for info in list(self._left[Side.INCIDENT]):
            self._take_namesake(info)
        for side in Side:
            # What only the server writes needs nobody's decision.
            self._questions += [self._about(side, info) for info in self._left[side] if info.writable]
        for side in Side:
            self._questions += self._needed(side)
        return tuple(self._entries), tuple(self._questions)

    def _info(self, side: Side, name: str) -> FieldInfo:
        """What the server tells of a field; of one that it doesn't tell about, what is known beforehand."""
        told, spec = self._fitting.surveys[side].fields.get(name), field_of(side.word, name)
        return told or FieldInfo(name, name, (spec and spec.shape) or "text")

    def _take(self, incident: FieldInfo, issue: FieldInfo, kind: str) -> bool:
        """Map two fields to each other, if they can be."""
        entry, way = self._fitting.entry(incident, issue, kind), self._fitting.way(incident, issue)
        if entry is None or way is None:
            return False
        direction = self._fitting.narrowed(way)
        note = "" if direction is None else f"one way: {self._fitting.obstacle(incident, issue)}"
        self._entries.append(replace(entry, direction=direction, note=note))
        return True

    def _take_namesake(self, info: FieldInfo) -> None:
        """Of several fields of the same name, one of the same shape is the best."""
        called_so = [each for each in self._left[Side.ISSUE] if namesakes(info, each)]
        for each in sorted(called_so, key=lambda each: each.shape != info.shape):
            kind = fitting_kind(info.shape, each.shape)
            if kind is not None and self._take(info, each, kind):
                self._left[Side.INCIDENT].remove(info)
                self._left[Side.ISSUE].remove(each)
                return

    def _about(self, side: Side, info: FieldInfo) -> Question:
        """The question about a field that is left. Each pair that fits is offered once."""
        others = [each for each in self._left[side.other] if each.writable]
        pairs = [((info, each) if side is Side.INCIDENT else (each, info), each) for each in others]
        fitting = [(entry, each) for pair, each in pairs if (entry := self._fitting.offer(*pair)) is not None]
        fresh = [(entry, each) for entry, each in fitting if each.id not in self._asked]
        same = next((pair for pair, _ in pairs if namesakes(*pair)), None)
        said = f"{_titled(info)} ({self._fitting.described(side, info)}) has no counterpart of that name"
        if same is not None:
            said = f"{_titled(info)} isn't mapped to its namesake: {self._fitting.obstacle(*same)}"
        if fitting:
            said += "; these are left and fit:" if fresh else "; it is offered above where it fits"
        self._asked.add(info.id)
        return Question(said, tuple((entry, self._remark(side.other, each)) for entry, each in fresh))

    def _remark(self, side: Side, info: FieldInfo) -> str:
        named = "" if info.name in info.id else f"{info.name}: "
        return named + self._fitting.described(side, info)

    def _needed(self, side: Side) -> Iterator[Question]:
        """What new records need and nothing fills."""
        link = self._fitting.link
        if not link.carries(side.word):
            return
        filled = {each.on(side) for each in self._entries if (each.direction or link).carries(side.word)}
        for info in _mappable(self._fitting.surveys[side]):
            if info.required and info.writable and info.id not in filled | FILLED[side] | {self._mark}:
                said = f"new {side}s need {_titled(info)} ({self._fitting.described(side, info)}), and nothing fills it"
                fill = Fill(side, info.id, self._value(side, info))
                yield Question(f"{said}; map it, or set it:", ((fill, ""),))

    def _value(self, side: Side, info: FieldInfo) -> str | None:
        """A value that the field takes."""
        if info.shape in ("choice", "choices"):
            options = self._fitting.surveys[side].of(catalogue_kind(side, info.id))
            return next((option.name for option in options if option.active), None)
        return {"text": "to be filled in", "number": "0", "words": "to_be_filled_in"}.get(info.shape)


def _titled(info: FieldInfo) -> str:
    """A field by what a mapping calls it, and what people do."""
    return info.id if info.name in info.id else f"{info.id} '{info.name}'"
