"""Step-result links: which incidents were logged for which steps of the project's script runs.

A link has no id of its own. It is the pair in its address (vendor's page Step Result Incident):

    /api/stepresult/<step result>/incident/<incident>

The examples of that page and of Step Result Incidents contradict themselves: their bodies name the pair the other
way round than their requests. So it is the request that counts, and a body's ids are taken in no order: a link
listed for a step result is with whichever of its two ids is not that step result's. `_incident_of` decides it,
and nothing else reads those ids.

There is no list of an incident's links either. They are found from the runs, which are listed with their step
results, and then asked for at each step result that says it has some.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from syncer.core.records import Side, StepResult
from syncer.errors import Missing, SideError, Unavailable
from syncer.incidents.answers import Json, one_line
from syncer.incidents.client import IncidentClient
from syncer.incidents.listing import scope
from syncer.incidents.lookup import Lookup
from syncer.incidents.paging import pages
from syncer.incidents.scalars import guid

TITLE_CHARACTERS = 200

_PAIR = ("StepResultId", "IncidentId")
_NOT_SENT = object()


@dataclass(frozen=True, slots=True)
class _Step:
    """A step result that may have incidents, and what people know it by."""

    id: str
    title: str


class ResultLinks:
    """The step-result links of one project."""

    def __init__(self, client: IncidentClient, lookup: Lookup) -> None:
        self._client = client
        self._lookup = lookup

    def all(self) -> Iterator[StepResult]:
        """Every link that is visible. Raises whatever any of its lists raises, rather than being short."""
        tql = scope(self._lookup.project_id(), None, "CreatedAt")
        with ThreadPoolExecutor(self._client.connections, thread_name_prefix="results") as pool:
            for page in pages(self._client, "scriptruns", {"tql": tql, "$expand": "StepResults"}):
                steps = [step for run in page for step in _steps(run)]
                for links in pool.map(self._links, steps):
                    yield from links

    def stands(self, step_result_id: str, incident_id: str) -> bool | None:
        """Whether the link is there: 200 says yes, 404 says no, and nothing else says anything."""
        try:
            self._client.get(_path(step_result_id, incident_id))
        except Missing:
            return False
        except SideError:
            return None
        return True

    def link(self, step_result_id: str, incident_id: str) -> None:
        """Link both; a link that is there already is answered with 200 instead of 201."""
        self._client.post(_list(step_result_id), {"IncidentId": incident_id})

    def part(self, step_result_id: str, incident_id: str) -> None:
        """Remove the link and nothing else; one that isn't there is no error."""
        with suppress(Missing):
            self._client.delete(_path(step_result_id, incident_id))

    def _links(self, step: _Step) -> list[StepResult]:
        url = f"{self._client.base_url}/api/stepresult/{step.id}"
        try:
            listed = [link for page in pages(self._client, _list(step.id), {}, named_by=_PAIR) for link in page]
        except Missing as trouble:
            # Runs come from an index. A step result that it still shows must not look like one without incidents.
            said = f"Step result {step.id} was listed, but not its incidents: {trouble}"
            raise Unavailable(Side.INCIDENT, said, status=trouble.status) from trouble
        return [StepResult(step.id, _incident_of(link, step.id), step.title, url) for link in listed]


def _incident_of(link: Json, step_result_id: str) -> str:
    """The incident of a link that was listed for a step result: see the top of this module."""
    others = [named for member in _PAIR if (named := guid(link[member])) != step_result_id]
    if len(others) != 1:
        said = f"Enterprise Tester lists a link that is not with step result {step_result_id} among its incidents"
        raise Unavailable(Side.INCIDENT, said)
    return others[0]


def _steps(run: Json) -> list[_Step]:
    """The steps of a run that have incidents, or don't say. Raises `Unavailable` for a run without its steps."""
    steps = run.get("StepResults", _NOT_SENT)
    # Arrays may be null on newer servers; a run that doesn't have the member was not expanded.
    steps = [] if steps is None else steps
    if not isinstance(steps, list) or not all(isinstance(step, dict) and step.get("Id") for step in steps):
        said = f"Enterprise Tester listed script run {guid(run['Id'])} without its step results"
        raise Unavailable(Side.INCIDENT, said)
    return [_Step(guid(step["Id"]), _title(run, step)) for step in steps if step.get("HasIncidents") is not False]


def _title(run: Json, step: Json) -> str:
    """The run's name and the step's description on one line; the start of the step's id where both are empty."""
    texts = (one_line(str(text or ""), TITLE_CHARACTERS) for text in (run.get("Name"), step.get("Description")))
    line = ": ".join(text for text in texts if text)
    return one_line(line, TITLE_CHARACTERS) or f"Step result {guid(step['Id'])[:8]}"


def _list(step_result_id: str) -> str:
    return f"stepresult/{quote(step_result_id, safe='')}/incidents"


def _path(step_result_id: str, incident_id: str) -> str:
    return f"stepresult/{quote(step_result_id, safe='')}/incident/{quote(incident_id, safe='')}"
