"""Which incident option is which issue option: by the mapping's rows, by what both share, by name.

The ids come out as pairs for a `Relation`; names that no catalogue knows come out as sentences.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mappings.kinds import Row
from mappings.problems import Fault, Loc, did_you_mean
from state.rows import VersionLink
from syncer.core.records import Catalogue, Option, Side

Catalogues: TypeAlias = Mapping[Side, Catalogue]

MOST_NAMES = 20
"""So many names are offered in a sentence about one that isn't known."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The catalogue kinds whose options a relation is about, on either side."""

    incident: str
    issue: str

    def on(self, side: Side) -> str:
        return self.incident if side is Side.INCIDENT else self.issue


def resolve(
    rows: Iterable[Row], catalogues: Catalogues, kinds: Kinds, loc: Loc, problems: list[Fault]
) -> Iterator[tuple[str, str]]:
    """The ids of the rows' names; a name that its catalogue doesn't have becomes a sentence in `problems`.

    `loc` is where the rows stand in the mapping."""
    for place, row in enumerate(rows):
        here: Loc = (*loc, place)
        incident = find_or_tell(catalogues[Side.INCIDENT], kinds.incident, row.incident, (*here, "incident"), problems)
        issue = find_or_tell(catalogues[Side.ISSUE], kinds.issue, row.issue, (*here, "issue"), problems)
        if incident is not None and issue is not None:
            yield incident, issue


def find_or_tell(catalogue: Catalogue, kind: str, name: str, loc: Loc, problems: list[Fault]) -> str | None:
    """The id of the option that goes by `name`; where there is none, `problems` gets a sentence about `loc`."""
    found = find(catalogue, kind, name)
    if found is None:
        names = [option.name for option in catalogue.of(kind)]
        offered = ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "") or "none"
        said = (
            f"the {catalogue.side} side has no {noun_of(kind)} '{name}'; it has: {offered}{did_you_mean(name, names)}"
        )
        problems.append(Fault(loc, said))
    return found


def noun_of(kind: str) -> str:
    """A catalogue kind in words: a custom field's options stand under its own name."""
    custom = "." in kind or kind.startswith("customfield_")
    return f"option of {kind}" if custom else kind


def find(catalogue: Catalogue, kind: str, wanted: str) -> str | None:
    """The id of the option that goes by `wanted`: exactly, else with case and blanks folded, else by an alias."""
    options = catalogue.of(kind)
    tests: tuple[Callable[[Option], bool], ...] = (
        lambda option: wanted in (option.name, option.id),
        lambda option: fold(option.name) == fold(wanted),
        lambda option: fold(wanted) in map(fold, option.aliases),
    )
    return next((option.id for test in tests for option in options if test(option)), None)


def matches(catalogues: Catalogues, kinds: Kinds, taken: set[str], given: set[str]) -> list[tuple[str, str]]:
    """Options of both sides that share an alias (an e-mail address), else a name; inactive ones only when nothing
    else fits, and never an inactive user: nobody can assign to them."""
    rows: list[tuple[str, str]] = []
    candidates = [
        option
        for option in catalogues[Side.ISSUE].of(kinds.issue)
        if option.id not in given and (option.active or kinds.issue != "user")
    ]
    candidates.sort(key=lambda option: not option.active)
    for keys in (_aliases, _name_keys):
        index: dict[str, str] = {}
        for option in candidates:
            for key in keys(option):
                index.setdefault(key, option.id)
        for option in catalogues[Side.INCIDENT].of(kinds.incident):
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
    kinds = Kinds(kind, kind)
    taken = {link.incident_version_id for link in links} | {i for i, _ in resolve(rows, catalogues, kinds, (), [])}
    matched = {i for i, _ in matches(catalogues, kinds, set(taken), set())}
    for option in catalogues[Side.INCIDENT].of(kind):
        if option.active and option.id not in taken | matched:
            yield option.name


def display_names(catalogues: Catalogues, kinds: Kinds) -> dict[str, str]:
    """What both sides' options are called, by id."""
    return {option.id: option.name for side in Side for option in catalogues[side].of(kinds.on(side))}


def fold(name: str) -> str:
    """A name without the differences that people don't see: case, and blanks round or doubled within it."""
    return " ".join(name.casefold().split())
