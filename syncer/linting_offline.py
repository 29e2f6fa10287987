"""What is odd about mappings, and not wrong enough to refuse them: told without asking any server. Pure."""

from collections.abc import Iterator, Sequence

from mappings.expressions import condition, template
from mappings.kinds import COMPUTED_PREFIX
from mappings.model import IncidentProject, IssueProject
from mappings.model import Mapping as LinkMapping
from mappings.problems import Fault
from syncer.core.records import Side
from syncer.linting_fields import Remark


def oddities(mapping: LinkMapping) -> Iterator[Remark]:
    """What is odd about one mapping."""
    yield from _nearly_one_way(mapping)
    for loc, text in mapping.expressions.items():
        is_template = loc[-1] == "template"
        if not (template(text) if is_template else condition(text)).references:
            advice = "'set' with a value says the same" if is_template else "it decides the same for every record"
            yield Remark(
                Fault(loc, f"this reads no field, as incident.Summary or issue.summary would: {advice}"), error=False
            )


def _nearly_one_way(mapping: LinkMapping) -> Iterator[Remark]:
    """A direction in which new records would get a summary and nothing else."""
    filled: set[Side] = set()
    for each in mapping.fields:
        for side in Side:
            name = each.on(side.word)
            carried = not name.startswith(COMPUTED_PREFIX) and mapping.direction_of(each).carries(side.word)
            if carried and name not in ("Summary", "summary"):
                filled.add(side)
    for side in Side:
        if mapping.direction.carries(side.word) and side not in filled and side.other in filled:
            said = (
                f"nothing but the summary is carried to the {side} side; map more fields that way, "
                f"or let direction be to_{side.other}"
            )
            place = "direction" if "direction" in mapping.model_fields_set else "fields"
            yield Remark(Fault((place,), said), error=False)


def overlaps(mappings: Sequence[LinkMapping]) -> Iterator[tuple[LinkMapping, Remark]]:
    """Mappings of two projects that an earlier one links already, unless conditions keep their records apart."""
    for place, mapping in enumerate(mappings):
        for other in mappings[:place]:
            if _projects(mapping) == _projects(other) and not _apart(mapping, other):
                said = (
                    f"{other.place(('incidents', 'project'))} links the same two projects, and nothing keeps the "
                    "records of both apart, so that each would get two twins; give both a condition, as only or when"
                )
                yield mapping, Remark(Fault(("incidents", "project"), said), error=False)
                break


def _projects(mapping: LinkMapping) -> tuple[str, str]:
    return mapping.incidents.project.strip().casefold(), mapping.issues.project.strip().casefold()


def _apart(mapping: LinkMapping, other: LinkMapping) -> bool:
    """Whether on each side from which both take records, both have conditions, and none in common."""
    taken = [side for side in Side if all(each.direction.carries(side.other.word) for each in (mapping, other))]
    pairs = [(_conditions(_block(mapping, side)), _conditions(_block(other, side))) for side in taken]
    return all(mine and theirs and not mine & theirs for mine, theirs in pairs)


def _block(mapping: LinkMapping, side: Side) -> IncidentProject | IssueProject:
    return mapping.incidents if side is Side.INCIDENT else mapping.issues


def _conditions(block: IncidentProject | IssueProject) -> set[str]:
    return {text for text in (block.only, block.when) if text is not None}
