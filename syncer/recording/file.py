"""A recording as it lies in a file: JSON that a person can read through, and that needs nothing else to be replayed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

from syncer.errors import ConfigurationError

Json: TypeAlias = Any

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """One exchange. `path` stands below the server's address; `asked` and `answered` are `None`, `{"json": ...}` or
    `{"text": ...}`."""

    side: str
    method: str
    path: str
    query: Sequence[tuple[str, str]]
    asked: Json
    status: int
    headers: Mapping[str, str]
    answered: Json


@dataclass(frozen=True, slots=True)
class Bindings:
    """What both adapters were bound to, as far as they ask for it. `records` are the ids that were read, by side."""

    installation: str
    incidents: Mapping[str, Json]
    issues: Mapping[str, Json]
    records: Mapping[str, Sequence[str]]
    needs: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Recording:
    """`saw` is what the adapters saw in the answers, by call."""

    bindings: Bindings
    saw: Mapping[str, str]
    exchanges: Sequence[Kept]

    def text(self) -> str:
        told = {
            "syncer_recording": FORMAT,
            "bindings": asdict(self.bindings),
            "saw": dict(self.saw),
            "exchanges": [asdict(each) for each in self.exchanges],
        }
        return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def load(path: Path) -> Recording:
    """Raises `ConfigurationError` for a file that holds no recording."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["syncer_recording"] != FORMAT:
            raise ConfigurationError(f"{path} is a recording of another version of syncer; record it anew")
        exchanges = [_kept(each) for each in told["exchanges"]]
        return Recording(Bindings(**told["bindings"]), told["saw"], exchanges)
    except OSError as problem:
        raise ConfigurationError(f"the recording {path} can't be read: {problem.strerror or problem}") from None
    except (ValueError, LookupError, TypeError):
        raise ConfigurationError(f"{path} holds no recording; 'syncer record --out FILE' makes one") from None


def _kept(told: dict[str, Json]) -> Kept:
    return Kept(**{**told, "query": [(name, value) for name, value in told["query"]]})
