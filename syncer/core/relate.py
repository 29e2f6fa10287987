"""Which incident option is which issue option: by the mapping's rows, by what both share, by name.

The ids come out as pairs for a `Relation`; names that no catalogue knows come out as sentences.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from mappings.model import Row
from state.rows import VersionLink
from syncer.core.records import Catalogue, Option, Side

Catalogues: TypeAlias = Mapping[Side, Catalogue]


def resolve(
    rows: Iterable[Row], catalogues: Catalogues, incident_kind: str, issue_kind: str, problems: list[str]
) -> Iterator[tuple[str, str]]:
    """The ids of the rows' names; a name that its catalogue doesn't have becomes a sentence in `problems`."""
    for row in rows:
        ids = [
            find(catalogues[Side.INCIDENT], incident_kind, row.incident),
            find(catalogues[Side.ISSUE], issue_kind, row.issue),
        ]
        for found, side, kind, name in zip(
            ids, Side, (incident_kind, issue_kind), (row.incident, row.issue), strict=True
        ):
            if found is None:
                offered = ", ".join(option.name for option in catalogues[side].of(kind)) or "none"
                problems.append(f"the {side} side has no {kind} '{name}'; it has: {offered}")
        if ids[0] is not None and ids[1] is not None:
            yield ids[0], ids[1]


def find(catalogue: Catalogue, kind: str, wanted: str) -> str | None:
    """The id of the option that goes by `wanted`: exactly, else with case and blanks folded, else by an alias."""
    options = catalogue.of(kind)
    tests: tuple[Callable[[Option], bool], ...] = (
        lambda option: wanted in (option.name, option.id),
        lambda option: fold(option.name) == fold(wanted),
        lambda option: fold(wanted) in map(fold, option.aliases),
    )
    return next((option.id for test in tests for option in options if test(option)), None)


def matches(catalogues: Catalogues, kind: str, taken: set[str], given: set[str]) -> list[tuple[str, str]]:
    """Options of both sides that share an alias (an e-mail address), else a name; inactive ones only when nothing
    else fits, and never an inactive user: nobody can assign to them."""
    rows: list[tuple[str, str]] = []
    candidates = [o for o in catalogues[Side.ISSUE].of(kind) if o.id not in given and (o.active or kind != "user")]
    candidates.sort(key=lambda option: not option.active)
    for keys in (_aliases, _name_keys):
        index: dict[str, str] = {}
        for option in candidates:
            for key in keys(option):
                index.setdefault(key, option.id)
        for option in catalogues[Side.INCIDENT].of(kind):
            found = next((index[key] for key in keys(option) if key in index), None)
            if option.id not in taken and found is not None and found not in given:
                rows.append((option.id, found))
                taken.add(option.id)
                given.add(found)
    return rows


def _aliases(option: Option) -> list[str]:
    return [fold(alias) for alias in option.aliases]


def _name_keys(option: Option) -> list[str]:
    return [fold(option.name)]


def unmatched(rows: Iterable[Row], catalogues: Catalogues, kind: str, links: Iterable[VersionLink]) -> Iterator[str]:
    """Names of active incident options that nothing on the issue side stands for."""
    taken = {link.incident_version_id for link in links} | {i for i, _ in resolve(rows, catalogues, kind, kind, [])}
    matched = {i for i, _ in matches(catalogues, kind, set(taken), set())}
    for option in catalogues[Side.INCIDENT].of(kind):
        if option.active and option.id not in taken | matched:
            yield option.name


def display_names(catalogues: Catalogues, kind: str) -> dict[str, str]:
    """What both sides' options of `kind` are called, by id."""
    return {option.id: option.name for side in Side for option in catalogues[side].of(kind)}


def fold(name: str) -> str:
    """A name without the differences that people don't see: case, and blanks round or doubled within it."""
    return " ".join(name.casefold().split())
