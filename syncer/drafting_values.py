"""A mapping before it is a file: what is mapped, and what is left for a person to decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mappings.policies import Direction
from syncer.core.records import Side
from syncer.drafting_pairs import Pair, Pairs


@dataclass(frozen=True, slots=True)
class Entry:
    """One mapped field. `pairs` are the rows of a choice, `offered` the names that a further row could have, and
    `note` what is to be said beside it. `html`: Enterprise Tester holds HTML in this text."""

    incident: str
    issue: str
    kind: str
    direction: Direction | None = None
    html: bool = False
    when: str = ""
    pairs: Pairs | None = None
    offered: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""

    def on(self, side: Side) -> str:
        """The field's name on `side`."""
        return self.incident if side is Side.INCIDENT else self.issue


@dataclass(frozen=True, slots=True)
class Fill:
    """A value that could be set in a field which new records need; `None` where only a person knows one."""

    side: Side
    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """What a person has to decide, and the entries from which to choose, each with a remark."""

    sentence: str
    entries: tuple[tuple[Entry | Fill, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lacking:
    """Versions or components that one side has and the other hasn't, by name.

    `alike` are those of both sides that may be the same. `create`: those that Jira lacks can be created there without
    a doubt."""

    missing: Mapping[Side, tuple[str, ...]]
    alike: tuple[Pair, ...]
    create: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a mapping file is to say.

    `boxes` are the text boxes that could hold the mark where `mark_field` is `None`. `new_type` is the type of new
    issues where no field gives it, and `resolution` what a transition may ask for. `people` counts the active ones of
    the incident side, and those of them that were found on the issue side.
    """

    project: str
    key: str
    direction: Direction
    mark_field: str | None
    boxes: tuple[str, ...]
    new_type: str | None
    entries: tuple[Entry, ...]
    questions: tuple[Question, ...]
    versions: Lacking
    components: Lacking
    people: tuple[int, int]
    resolution: str | None
    foreign_link: str | None
