"""Reading records by id: what both the records of links and those without one are judged by."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from syncer.context import Progress, ProjectLink
from syncer.core.records import Observation, Side, StepResult, Unknown

Swept: TypeAlias = Mapping[str, Sequence[StepResult]]
"""All step-result links, by the id of their incident."""


def read(
    link: ProjectLink, side: Side, ids: Iterable[str], progress: Progress, whole: Collection[str]
) -> dict[str, Observation]:
    """Each of the ids, read now, those in `whole` as a whole. What the side doesn't answer for is unknown, never
    missing."""
    ids = list(dict.fromkeys(ids))
    seen: dict[str, Observation] = {record_id: Unknown("the server left it out of its answer") for record_id in ids}
    for as_whole in (True, False):
        some = [record_id for record_id in ids if (record_id in whole) is as_whole]
        for record_id, observation in link.ports[side].read(some, whole=as_whole) if some else ():
            link.go_on()
            seen[record_id] = observation
            progress.advance("read")
    return seen
