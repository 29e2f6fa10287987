"""The block `deletions`: what is taken from one side when something vanished on the other, and how much at a time.

| the policy given | the status to close with | the policy in effect |
|---|---|---|
| any | | the given one; `close` can't do without the status |
| none | named | close |
| none | not named | unlink |

Its rules stand here too: they look at plain data, as all of those in `mappings.rules` do.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, TypeAlias

from pydantic import Field

from mappings.fields import Side
from mappings.kinds import Frozen, Text
from mappings.policies import CommentDeletion, DeletionPolicy, Direction
from mappings.problems import Fault

_OTHER: Mapping[Side, Side] = {"incident": "issue", "issue": "incident"}
"""Each side, and the opposite one."""

_SERVERS: Mapping[Side, str] = {"incident": "Enterprise Tester", "issue": "Jira"}

Count: TypeAlias = Annotated[int, Field(ge=0)]
Percentage: TypeAlias = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class Deletions(Frozen):
    """What follows when something was deleted, and how much of that may happen without a person. By default no
    record is deleted, and one that was edited meanwhile always stays."""

    incident: DeletionPolicy | None = None
    """An incident was deleted: delete its issue, close it, unlink (the issue stays), or ignore (the link stays too).
    When left out: close where close_issue_as is given, else unlink."""
    issue: DeletionPolicy | None = None
    """An issue was deleted: delete its incident, close it, unlink (the incident stays), or ignore (the link stays
    too). When left out: close where close_incident_as is given, else unlink."""
    close_issue_as: Text | None = None
    """The status that a closed issue gets: the name of a status of Jira."""
    close_incident_as: Text | None = None
    """The status that a closed incident gets: the name of a status of Enterprise Tester."""
    comments: CommentDeletion = CommentDeletion.NOTICE
    """A comment was deleted: notice (its mirrored one is deleted; in Enterprise Tester, which offers no call for
    that, a short notice takes its place), or keep (the mirrored one stays)."""
    at_most: Count = 10
    """The guard: so many removals in 24 hours. Above that all of them wait until a person approves them."""
    at_most_percent: Percentage = 10.0
    """The guard: so many percent of all links at once. Above that all removals wait until a person approves them."""
    exempt: Count = 3
    """So few removals at a time always pass the percentage; they still count for at_most."""

    def policy(self, gone: Side) -> DeletionPolicy:
        """The policy for a link whose record on the side `gone` was deleted."""
        given = self.incident if gone == "incident" else self.issue
        if given is not None:
            return given
        return DeletionPolicy.UNLINK if self.close_status(gone) is None else DeletionPolicy.CLOSE

    def close_status(self, gone: Side) -> str | None:
        """The name of the status that closes the record which is left when the one on the side `gone` was deleted."""
        return self.close_issue_as if gone == "incident" else self.close_incident_as


def deletion_faults(
    block: Mapping[str, object], way: Direction | None, carried: Mapping[str | None, Direction] | None
) -> Iterator[Fault]:
    """All broken rules of the block. `way` is the link's direction, `carried` that of each mapped field of an
    incident; either is `None` where the file is mistyped, and then raises no questions here."""
    for gone, left in _OTHER.items():
        policy, key = block.get(gone), f"close_{left}_as"
        removes = policy in (DeletionPolicy.DELETE, DeletionPolicy.CLOSE)
        if removes and way is not None and not way.carries(left):
            sentence = f"the link's direction '{way}' never touches the {left}; use unlink or ignore"
            yield Fault(("deletions", gone), sentence)
        elif policy == DeletionPolicy.CLOSE and block.get(key) is None:
            what = f"the name of a status of {_SERVERS[left]}"
            sentence = f"{key} is needed to close an {left}: {what}; or let {gone} be unlink or ignore"
            yield Fault(("deletions", key), sentence)
        if block.get(key) is not None and carried is not None:
            yield from _status_to_close(key, left, carried.get("Status"))


def _status_to_close(key: str, left: Side, status: Direction | None) -> Iterator[Fault]:
    if status is None:
        sentence = f"closing sets the status, and no field carries it; map Status to status, or leave {key} out"
        yield Fault(("deletions", key), sentence)
    elif not status.carries(left):
        sentence = f"the direction '{status}' never touches the status of an {left}; leave {key} out"
        yield Fault(("deletions", key), sentence)
