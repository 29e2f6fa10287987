"""What a mapping gets wrong that only its servers can tell: names, permissions, conditions, workflows, clocks. Pure.

    mapping + what both servers said  ->  remarks, each about a place in the mapping

What concerns single fields (screens, limits, people, values that would wait) is in `syncer.linting_fields`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from mappings.fields import CUSTOM_PREFIX
from mappings.kinds import AutomapField, StatusField
from mappings.model import Mapping as LinkMapping
from mappings.policies import DeletionPolicy
from mappings.problems import Fault, Loc, did_you_mean, listed
from state.rows import VersionLink
from syncer.core.bind import bind
from syncer.core.records import Catalogue, Side
from syncer.core.relate import find, find_or_tell, fold
from syncer.linting_fields import Remark, field_remarks, lost_places, named_fields, waiting, written
from syncer.ports import Finding

CLOCKS_APART = timedelta(minutes=5)
"""How far a server's clock may be from ours without a word."""

SERVERS: Mapping[Side, str] = {Side.INCIDENT: "Enterprise Tester", Side.ISSUE: "Jira"}
PLURALS: Mapping[Side, str] = {Side.INCIDENT: "incidents", Side.ISSUE: "issues"}


@dataclass(frozen=True, slots=True)
class Heard:
    """What both servers said about one mapping.

    `surveys` lack a side that couldn't be read; its findings say why. `refused` is what a server said against the
    mapping's condition `only`, `clocks` how far a server's clock is ahead of ours. `unreachable` are statuses of issues
    by issue type and id, and `demands` what transitions ask for, by the id of the status that they lead to.
    """

    surveys: Mapping[Side, Catalogue]
    findings: Mapping[Side, Sequence[Finding]] = field(default_factory=dict)
    refused: Mapping[Side, str] = field(default_factory=dict)
    clocks: Mapping[Side, timedelta] = field(default_factory=dict)
    unreachable: Sequence[tuple[str, str, str]] = ()
    demands: Mapping[str, Sequence[str]] = field(default_factory=dict)
    version_links: Sequence[VersionLink] = ()


def remarks(mapping: LinkMapping, heard: Heard) -> list[Remark]:
    """All that is to be said, each thing once."""
    own = [*_projects(mapping, heard), *_workflow(mapping, heard)]
    for side, survey in heard.surveys.items():
        own += field_remarks(mapping, side, survey)
    if len(heard.surveys) == len(Side):
        own += _names(mapping, heard)
    told = {remark.about for remark in own if remark.about}
    for side, findings in heard.findings.items():
        own += _found(mapping, side, findings, told)
    return list(dict.fromkeys(own))


def wished_statuses(mapping: LinkMapping, survey: Catalogue) -> Mapping[str, Loc]:
    """The ids of the statuses into which the mapping may bring an issue, each with the place that says so first."""
    wished: dict[str, Loc] = {}

    def wish(name: str | None, loc: Loc) -> None:
        found = None if name is None else find(survey, "status", name)
        if found is not None:
            wished.setdefault(found, loc)

    for place, entry in enumerate(mapping.fields):
        if isinstance(entry, StatusField) and mapping.direction_of(entry).carries("issue"):
            for loc, name in written(entry, Side.ISSUE, ("fields", place)):
                wish(name, loc)
    if mapping.deletions.policy("incident") is DeletionPolicy.CLOSE:
        wish(mapping.deletions.close_issue_as, ("deletions", "close_issue_as"))
    return wished


def _projects(mapping: LinkMapping, heard: Heard) -> Iterator[Remark]:
    for side, ahead in heard.clocks.items():
        if abs(ahead) > CLOCKS_APART:
            minutes = round(abs(ahead).total_seconds() / 60)
            way = "ahead of" if ahead > timedelta(0) else "behind"
            zone = ", as with a wrong time zone" if minutes % 30 == 0 else ""
            said = (
                f"{SERVERS[side]}'s clock is {minutes} minutes {way} this machine's{zone}; let a time server set both"
            )
            yield Remark(Fault((PLURALS[side], "project"), said), error=False)
    for side, words in heard.refused.items():
        only = mapping.incidents.only if side is Side.INCIDENT else mapping.issues.only
        said = f"{SERVERS[side]} refuses this condition: {words}"
        yield Remark(Fault((PLURALS[side], "only"), said), about=only or "")
    for side, survey in heard.surveys.items():
        yield from _names_of_project(mapping, side, survey)
        if survey.foreign_link is not None:
            said = (
                f"Enterprise Tester's own Jira link '{survey.foreign_link}' is active on this project, and two "
                "programs would overwrite each other: nothing is written until it is switched off"
            )
            yield Remark(Fault(("incidents", "project"), said), about=f"'{survey.foreign_link}'")


def _names_of_project(mapping: LinkMapping, side: Side, survey: Catalogue) -> Iterator[Remark]:
    """What the blocks beside `fields` name."""
    faults: list[Fault] = []
    close = mapping.deletions.close_status(side.other.word)
    if close is not None:
        find_or_tell(survey, "status", close, ("deletions", f"close_{side}_as"), faults)
    if side is Side.ISSUE and mapping.issues.type is not None:
        find_or_tell(survey, "type", mapping.issues.type, ("issues", "type"), faults)
    yield from (Remark(each, about=f"'{mapping.issues.type}'" if each.loc[0] == "issues" else "") for each in faults)
    if side is Side.INCIDENT and mapping.incidents.mark_field is not None:
        yield from _mark_field(mapping.incidents.mark_field, survey)


def _mark_field(name: str, survey: Catalogue) -> Iterator[Remark]:
    loc, about = ("incidents", "mark_field"), f"'{name}'"
    texts = {
        info.id.removeprefix(CUSTOM_PREFIX): info.shape == "text" and not info.rich
        for info in survey.fields.values()
        if info.id.startswith(CUSTOM_PREFIX)
    }
    fitting = [each for each, is_text in texts.items() if is_text]
    offered = f"there are {listed(fitting, 'and')}" if fitting else "add one there"
    if not texts:
        return
    if name not in texts:
        said = f"incidents have no custom field '{name}'; it has to be of type text box: {offered}"
        yield Remark(Fault(loc, f"{said}{did_you_mean(name, fitting)}"), about=about)
    elif not texts[name]:
        said = f"the custom field '{name}' is no text box, so it can't hold our marks; {offered}"
        yield Remark(Fault(loc, said), about=about)


def _names(mapping: LinkMapping, heard: Heard) -> Iterator[Remark]:
    """What binding finds, but for fields that a server doesn't have at all: these have been told about."""
    lost = [loc for side, survey in heard.surveys.items() for loc in lost_places(mapping, side, survey)]
    bound = bind(mapping, heard.surveys, heard.version_links)
    for fault in bound.problems:
        if not any(fault.loc[:2] == loc[:2] for loc in lost):
            # About the versions as a whole it only says what happened to them.
            yield Remark(fault, error=fault.loc != ("versions",))
    yield from waiting(bound, lost)


def _workflow(mapping: LinkMapping, heard: Heard) -> Iterator[Remark]:
    survey = heard.surveys.get(Side.ISSUE)
    if survey is None:
        return
    wished = wished_statuses(mapping, survey)
    types = _types(mapping, heard)
    for kind, status, sentence in heard.unreachable:
        # Issues of other types may be mirrored too, but this mapping makes none.
        yield Remark(Fault(wished[status], sentence), error=not kind or fold(kind) in types)
    for status, sentences in heard.demands.items():
        for sentence in sentences:
            yield Remark(Fault(_asked(mapping, wished[status], sentence), sentence))


def _types(mapping: LinkMapping, heard: Heard) -> Collection[str]:
    """The names of the types that new issues can get."""
    named = {mapping.issues.type} if mapping.issues.type else set()
    for entry in mapping.fields:
        if entry.issue == "issuetype":
            named |= {name for _, name in written(entry, Side.ISSUE, ())}
            if isinstance(entry, AutomapField) and Side.INCIDENT in heard.surveys:
                named |= {option.name for option in heard.surveys[Side.INCIDENT].of("type")}
    return {fold(name) for name in named}


def _asked(mapping: LinkMapping, row: Loc, sentence: str) -> Loc:
    """Where a demand of a transition is to be met: at the value that it quotes, at the block, or at the row."""
    for place, entry in enumerate(mapping.fields):
        if isinstance(entry, StatusField) and entry.transition_fields:
            block: Loc = ("fields", place, "transition_fields")
            quoted = (name for name, value in entry.transition_fields.items() if f"'{value}'" in sentence)
            return next(((*block, name) for name in quoted), block)
    return row


def _found(mapping: LinkMapping, side: Side, findings: Iterable[Finding], told: Collection[str]) -> Iterator[Remark]:
    """What the server's own check found, where the mapping has what it quotes, else at the project."""
    for finding in findings:
        if finding.ok or any(_first(name, finding.sentence) >= 0 for name in told):
            continue
        quoted = [(at, loc) for name, loc in _quotable(mapping, side) if (at := _first(name, finding.sentence)) >= 0]
        loc = min(quoted)[1] if quoted else (PLURALS[side], "project")
        yield Remark(Fault(loc, finding.sentence))


def _quotable(mapping: LinkMapping, side: Side) -> Iterator[tuple[str, Loc]]:
    block = mapping.incidents if side is Side.INCIDENT else mapping.issues
    if block.only is not None:
        yield block.only, (PLURALS[side], "only")
    if side is Side.INCIDENT and mapping.incidents.mark_field is not None:
        yield f"'{mapping.incidents.mark_field}'", ("incidents", "mark_field")
    if side is Side.ISSUE and mapping.issues.type is not None:
        yield f"'{mapping.issues.type}'", ("issues", "type")
    yield from ((name, loc) for loc, name in named_fields(mapping, side))


def _first(name: str, sentence: str) -> int:
    """Where a name stands in a sentence as a whole, -1 for nowhere."""
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sentence)
    return found.start() if found else -1
