"""A project link's mapping as a table, and what is to be said about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from config.model import Settings
from mappings import MappingError, load_mappings
from mappings.model import Mapping as LinkMapping
from mappings.problems import Problem
from syncer.cli.mapping_show import described
from syncer.hearing import heard_of
from syncer.linting import remarks
from syncer.linting_fields import Remark
from syncer.linting_offline import oddities, overlaps


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One remark on a file; `error` is False for what needn't be put right."""

    problem: Problem
    error: bool


@dataclass(frozen=True, slots=True)
class MappingView:
    """`told` is the mapping that is in effect, as data; `pending`: its file says something else by now, which the
    daemon could not take over, or has not yet."""

    told: dict[str, Any]
    findings: tuple[Finding, ...]
    pending: bool


def mapping_view(running: LinkMapping, settings: Settings, *, live: bool) -> MappingView:
    """The mapping in effect, and what is wrong or odd in its file now. Raises `SyncerError` where a server that is
    asked has no answer at all."""
    try:
        files = load_mappings(settings.mappings)
    except MappingError as error:
        findings = [Finding(problem, True) for problem in error.problems]
        return MappingView(described(running), tuple(sorted(findings)), True)
    now = next((each for each in files if each.name == running.name), None)
    if now is None:
        return MappingView(described(running), (), True)
    found = list(_offline(now, files))
    if live:
        found += [
            _finding(each, remark) for each, heard in heard_of([now], settings) for remark in remarks(each, heard)
        ]
    return MappingView(described(running), tuple(sorted(found)), now.fingerprint != running.fingerprint)


def _offline(mapping: LinkMapping, files: Sequence[LinkMapping]) -> Iterator[Finding]:
    yield from (_finding(mapping, remark) for remark in oddities(mapping))
    yield from (_finding(each, remark) for each, remark in overlaps(files) if each.name == mapping.name)


def _finding(mapping: LinkMapping, remark: Remark) -> Finding:
    document, fault = mapping.document, remark.fault
    if document is None:
        raise ValueError("a mapping that is looked at here was read from a file")
    spot = document.key_at(fault.loc) if fault.at_key else document.value_at(fault.loc)
    return Finding(document.problem(spot, fault.sentence), remark.error)
