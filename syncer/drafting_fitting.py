"""Whether a field of an incident and one of an issue can carry each other: by which kind, and which way. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mappings.fields import CUSTOM_PREFIX, Shape, field_of, noun
from mappings.policies import Direction
from syncer.core.lensing import SCALARS, catalogue_kind
from syncer.core.records import FieldInfo, Side
from syncer.core.relate import Catalogues, fold
from syncer.drafting_pairs import OVER, calling, pairs, rank_of
from syncer.drafting_values import Entry
from syncer.linting_fields import BY_WORKFLOW

_ALWAYS = "summary"
"""The one field that no mapping can do without."""

SERVERS: Mapping[Side, str] = {Side.INCIDENT: "Enterprise Tester", Side.ISSUE: "Jira"}

_CHOICES = ("table", "status", "automap")


def fitting_kind(incident: Shape, issue: Shape) -> str | None:
    """The kind that carries the one shape to the other, `None` for none. A text can hold all that can be written."""
    if incident in SCALARS and issue in SCALARS:
        days = {incident, issue} <= {"date", "moment"}
        return "copy" if incident == issue or days or "text" in (incident, issue) else None
    if issue == "words":
        return "labels" if incident in ("text", "choices") else None
    if incident != issue:
        return None
    return "users" if incident == "user" else "automap"


def namesakes(incident: FieldInfo, issue: FieldInfo) -> bool:
    """Whether people call both the same."""
    return fold(issue.name) in (fold(incident.name), fold(incident.id.removeprefix(CUSTOM_PREFIX)))


@dataclass(frozen=True, slots=True)
class Fitting:
    """What is asked about pairs of fields of two projects. `ranks` are those of statuses, see `drafting_pairs`."""

    surveys: Catalogues
    ranks: Mapping[str, int]
    link: Direction

    def entry(self, incident: FieldInfo, issue: FieldInfo, kind: str) -> Entry | None:
        """Two fields whose shapes fit; `None` where no option of one side stands for any of the other."""
        if kind not in _CHOICES:
            return Entry(incident.id, issue.id, kind, html=_html(incident, issue, kind))
        options = [self.surveys[side].of(catalogue_kind(side, info.id)) for side, info in _both(incident, issue)]
        found = pairs(catalogue_kind(Side.INCIDENT, incident.id), options[0], options[1], self.ranks)
        if not found.rows:
            return None
        if kind == "automap" and found.all_by_name:
            return Entry(incident.id, issue.id, kind)
        offered = {side: self.names(side, info) for side, info in _both(incident, issue)}
        kind, when = "table" if kind == "automap" else kind, self._when(issue)
        return Entry(incident.id, issue.id, kind, when=when, pairs=found, offered=offered)

    def _when(self, issue: FieldInfo) -> str:
        """The condition for a resolution, which Jira takes with the transition that ends an issue's life, and not on
        other issues, unless it is on a screen of its own."""
        statuses = [self.surveys[side].of("status") for side in Side]
        over = {calling(status, statuses[1]) for status in statuses[1] if rank_of(status, self.ranks) == OVER}
        first: dict[str, str] = {}
        for row in pairs("status", statuses[0], statuses[1], self.ranks).rows:
            first.setdefault(row.incident, row.issue)
        ended = [name for name, status in first.items() if status in over]
        if issue.id != "resolution" or "create" in issue.screens or not ended:
            return ""
        return f"incident.Status in [{', '.join(map(_literal, ended))}]"

    def offer(self, incident: FieldInfo, issue: FieldInfo) -> Entry | None:
        """Two fields of different names that a person could map to each other, in one line; `None` if they can't be.

        A text could hold a number or a date, but what is called differently would hardly mean the same then."""
        kind, way = fitting_kind(incident.shape, issue.shape), self.way(incident, issue)
        mixed = kind == "copy" and "text" in (incident.shape, issue.shape) and incident.shape != issue.shape
        if kind is None or way is None or mixed:
            return None
        return Entry(incident.id, issue.id, kind, self.narrowed(way), html=_html(incident, issue, kind))

    def way(self, incident: FieldInfo, issue: FieldInfo) -> Direction | None:
        """Which way the two can be carried, within the link's. What Jira lets nobody see can't be carried at all."""
        if issue.id == _ALWAYS:
            return self.link
        read_only = {side for side, info in _both(incident, issue) if _read_only(side, info)}
        if not issue.writable and issue.id not in BY_WORKFLOW and Side.ISSUE not in read_only:
            return None
        takes = {Side.INCIDENT: incident.writable, Side.ISSUE: _on_all_screens(issue)}
        ways = [side for side in Side if takes[side] and side not in read_only and self.link.carries(side.word)]
        if len(ways) == len(Side):
            return Direction.BOTH
        return Direction(f"to_{ways[0]}") if ways else None

    def narrowed(self, way: Direction) -> Direction | None:
        """The direction that an entry has to give: none where it is the link's own."""
        return None if way is self.link else way

    def obstacle(self, incident: FieldInfo, issue: FieldInfo) -> str:
        """Why two fields aren't carried both ways."""
        if fitting_kind(incident.shape, issue.shape) is None:
            return f"{incident.id} is {noun(incident.shape)} and {issue.id} is {noun(issue.shape)}"
        if not _on_all_screens(issue) and not _read_only(Side.ISSUE, issue):
            screens = [what for name, what in (("create", "new"), ("edit", "existing")) if name not in issue.screens]
            return f"{issue.id} isn't on the screen of {' and '.join(screens)} issues in Jira"
        if not _on_all_screens(issue):
            return f"only Jira itself writes {issue.id}"
        if not incident.writable:
            return f"Enterprise Tester lets nobody write {incident.id}"
        for side, info in _both(incident, issue):
            if not self.names(side, info):
                return f"{SERVERS[side]} offers none"
        return "no option of one side has a name of the other side's, or means the same"

    def names(self, side: Side, info: FieldInfo) -> tuple[str, ...]:
        """The options that can be chosen."""
        if info.shape not in ("choice", "choices"):
            return ()
        return tuple(option.name for option in self.surveys[side].of(catalogue_kind(side, info.id)) if option.active)

    def described(self, side: Side, info: FieldInfo) -> str:
        """A field for a person: "a choice: Europe, Asia"."""
        names = self.names(side, info)
        return noun(info.shape) + (f": {some(names)}" if names else "")


def some(names: Sequence[str], most: int = 12) -> str:
    """The first of many names."""
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def _both(incident: FieldInfo, issue: FieldInfo) -> tuple[tuple[Side, FieldInfo], ...]:
    return (Side.INCIDENT, incident), (Side.ISSUE, issue)


def _literal(name: str) -> str:
    """A name within a condition."""
    return f"'{name}'" if "'" not in name else f'"{name}"'


def _html(incident: FieldInfo, issue: FieldInfo, kind: str) -> bool:
    return kind == "copy" and incident.rich and issue.shape == "text"


def _read_only(side: Side, info: FieldInfo) -> bool:
    spec = field_of(side.word, info.id)
    return spec is not None and spec.read_only


def _on_all_screens(info: FieldInfo) -> bool:
    return info.id in BY_WORKFLOW or {"create", "edit"} <= info.screens
