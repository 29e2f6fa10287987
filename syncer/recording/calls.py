"""The calls of a recording, and what the adapters see in their answers: told in numbers, which no redaction changes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from syncer.core.records import Listed, Observation, Present, Side, Unknown
from syncer.errors import SideError
from syncer.incidents import IncidentClient, IncidentProject
from syncer.issues import IssueProject, JiraClient
from syncer.ports import Needs, Port
from syncer.recording.file import Bindings

Ports: TypeAlias = Mapping[Side, Port]


def bound(bindings: Bindings, incidents: IncidentClient, issues: JiraClient) -> Ports:
    """Both adapters as a recording wants them."""
    return {
        Side.INCIDENT: IncidentProject(incidents, installation=bindings.installation, **bindings.incidents),
        Side.ISSUE: IssueProject(issues, installation=bindings.installation, **bindings.issues),
    }


def first_page(port: Port) -> Sequence[Listed]:
    """The first page of all that is in scope; no more is asked for."""
    return next(iter(port.listed(None)), ())


def saw(ports: Ports, bindings: Bindings) -> dict[str, str]:
    """What each call saw; of one that failed, how."""
    return {
        f"{side.word} {name}": _told(call)
        for side, port in ports.items()
        for name, call in _calls(port, _needs(bindings, side), bindings.records[side.word]).items()
    }


def _calls(port: Port, needs: Needs, ids: Sequence[str]) -> Mapping[str, Callable[[], str]]:
    return {
        "check": lambda: _check(port, needs),
        "catalogue": lambda: _catalogue(port),
        "listing": lambda: f"{len(first_page(port))} records on its first page",
        "records": lambda: _records([seen for _, seen in port.read(ids)]),
    }


def _told(call: Callable[[], str]) -> str:
    try:
        return call()
    except SideError as error:
        return f"{type(error).__name__}, status {error.status}"
    except (LookupError, TypeError, ValueError, AttributeError) as problem:
        # An answer that the adapter doesn't understand at all; that is what a recording is there to show.
        return f"not understood ({type(problem).__name__})"


def _check(port: Port, needs: Needs) -> str:
    findings = list(port.check(needs))
    return f"{sum(not finding.ok for finding in findings)} to be put right"


def _catalogue(port: Port) -> str:
    catalogue = port.catalogue()
    counts = Counter({_kind(kind): 0 for kind in catalogue.options})
    for kind, options in catalogue.options.items():
        counts[_kind(kind)] += len(options)
    held = ", ".join(f"{count} of {kind}" for kind, count in sorted(counts.items()))
    return f"{held}; {len(catalogue.fields)} fields"


def _kind(kind: str) -> str:
    """Custom fields have names of their own, which are replaced."""
    return "custom fields" if kind.startswith(("FieldValues.", "customfield_")) else kind


def _records(observations: Sequence[Observation]) -> str:
    records = [each.record for each in observations if isinstance(each, Present)]
    values = sum(value is not None and value != frozenset() for record in records for value in record.values.values())
    comments = [comment for record in records for comment in record.comments or ()]
    marks = sum(record.mark is not None for record in records) + sum(each.mark is not None for each in comments)
    told = f"{len(records)} of {len(observations)} read, with {values} values, {len(comments)} comments, {marks} marks"
    causes = Counter(str(each.cause) for each in observations if isinstance(each, Unknown))
    return "; ".join([told, *(f"{count} {cause}" for cause, count in sorted(causes.items()))])


def _needs(bindings: Bindings, side: Side) -> Needs:
    told = bindings.needs[side.word]
    return Needs(**{**told, "filled": frozenset(told["filled"])})
