"""What a project link has to be allowed to do on each side, by its mapping: for the checks before it starts."""

from mappings.kinds import ComponentsField
from mappings.model import Mapping as LinkMapping
from mappings.policies import DeletionPolicy
from syncer.core.records import Side
from syncer.ports import Needs


def needs_of(mapping: LinkMapping, side: Side) -> Needs:
    """What the link does on `side`."""
    ways = (mapping.direction, mapping.comments.direction, *map(mapping.direction_of, mapping.fields))
    creates = mapping.versions.create or any(
        isinstance(each, ComponentsField) and each.create for each in mapping.fields
    )
    return Needs(
        writes=any(way.carries(side.word) for way in ways),
        deletes=mapping.deletions.policy(side.other.word) is DeletionPolicy.DELETE,
        creates_options=creates and side is Side.ISSUE,
        filled=mapping.written_fields(side.word),
    )
