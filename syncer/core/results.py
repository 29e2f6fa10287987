"""Step-result links: what a tester linked to a test step is shown on the issue as a remote link.

| on the incident | on the issue | known to the state DB | plan |
|---|---|---|---|
| linked | not shown | no | show it |
| linked | shown | no | remember it |
| removed | shown | yes | take it off the issue |
| linked | removed by a person | yes | remove the link on the incident, where the direction allows |
| removed | removed | yes | forget it |
"""

from collections.abc import Iterator

from mappings.policies import Direction
from syncer.core.absence import result_item
from syncer.core.actions import Action
from syncer.core.records import Side
from syncer.core.removals import DropResult, HideResult, LinkResult, ShowResult
from syncer.core.situation import Situation


def plan_results(situation: Situation, direction: Direction) -> Iterator[Action]:
    """The actions for all step-result links of a link; none where the issue's remote links were not observed."""
    issue = situation.record(Side.ISSUE)
    if issue is None or issue.results is None:
        return
    known = {row.step_result_id for row in situation.result_links}
    if direction.carries(Side.ISSUE.word):
        for result in situation.results or ():
            if result.id not in known:
                yield LinkResult(result.id) if result.id in issue.results else ShowResult(result)
    for row in situation.result_links:
        item = result_item(row.step_result_id)
        lost = {side for side in Side if (side, item) in situation.lost}
        if len(lost) == len(Side):
            yield DropResult(row.id, row.step_result_id)
        elif lost and direction.carries(next(iter(lost)).other.word):
            yield HideResult(next(iter(lost)).other, row.id, row.step_result_id)
