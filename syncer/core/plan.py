"""The plan: what one cycle intends, as a value that prints, counts and serialises itself."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from state.rows import BothSides
from syncer.core.actions import Action, CatalogueAction, writes
from syncer.core.reasons import Reason
from syncer.core.situation import Situation


@dataclass(frozen=True, slots=True)
class Waiting:
    """One item that waits: "record", "comment <id>", or a field's name; and why, in words and as a code.

    `both` is what the sides of a conflict hold."""

    item: str
    reason: str
    code: Reason
    both: BothSides | None = None


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """The actions for one record and its twin, in the order in which they must be carried out.

    `waiting` are items that a person or a fix must settle. `reason` says why nothing is done where the actions are
    none and that isn't simply because both sides are in step; `code` is its code.
    """

    situation: Situation
    actions: tuple[Action, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    reason: str | None = None
    code: Reason = Reason.IN_STEP

    @property
    def writes(self) -> int:
        return sum(writes(action) for action in self.actions)

    @property
    def of_link(self) -> bool:
        """Whether it is for a link that is there already."""
        return self.situation.link is not None

    @property
    def step(self) -> str:
        """What of a cycle it is part of, for those who are told how far that has come."""
        return "write" if self.of_link else "mirror"

    @property
    def decided(self) -> bool:
        """Whether it is known what is to be done, be it nothing; while it isn't, what is parked stays so."""
        return self.reason is None or self.code is Reason.IGNORED_DELETION


@dataclass(frozen=True, slots=True)
class Plan:
    """What a cycle of one project link intends: catalogue actions first, then record by record."""

    project_link: str
    catalogue: tuple[CatalogueAction, ...] = ()
    records: tuple[RecordPlan, ...] = ()

    def actions(self) -> Iterator[Action | CatalogueAction]:
        yield from self.catalogue
        for record in self.records:
            yield from record.actions

    @property
    def writes(self) -> int:
        """How many actions would change something on a server."""
        return sum(writes(action) for action in self.actions())

    @property
    def empty(self) -> bool:
        """True when there is nothing to do, neither on a server nor in the state DB."""
        return next(self.actions(), None) is None

    def counts(self) -> Mapping[str, int]:
        """How many actions of each kind, e.g. {"create": 3, "add comment": 7}."""
        return dict(sorted(Counter(action.kind for action in self.actions()).items()))

    def to_json(self) -> dict[str, Any]:
        """The plan in JSON's own types: stable from run to run for the same snapshot."""
        return {
            "project_link": self.project_link,
            "counts": self.counts(),
            "catalogue": [action_json(action) for action in self.catalogue],
            "records": [
                {
                    "record": plan.situation.key,
                    "actions": [action_json(action) for action in plan.actions],
                    "waiting": [asdict(item) for item in plan.waiting],
                    "reason": plan.reason,
                }
                for plan in self.records
                if plan.actions or plan.waiting or plan.reason
            ],
        }

    def digest(self) -> str:
        """A short name for exactly this plan."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def action_json(action: Action | CatalogueAction) -> dict[str, Any]:
    """One action in JSON's own types, with its kind and sentence; sets become sorted lists, times ISO text."""
    body = {name: _plain(value) for name, value in asdict(action).items()}
    return {"kind": action.kind, "sentence": action.sentence(), **body}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
