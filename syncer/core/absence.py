"""Whether a record that can't be read was deleted: only ever by all of the evidence, never by one answer.

| read by id | the side | seen so before | it is |
|---|---|---|---|
| readable | | | present |
| 403, 401, an error, moved, archived | | | unknown: access lost, moved, archived or unobserved |
| 404 | project unreadable, or no linked sibling readable | | unknown: it may be us who can't see |
| 404 | sound | no, or too recently | unknown, to be confirmed |
| 404 | sound | yes, long enough ago | gone |
| 404 | sound, but hides single records | yes, long enough ago | gone, and a person must approve |

The same table decides on a comment, a mark or a step-result link that isn't there any more: being unlisted by a
complete, readable record takes the place of the 404.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from state.rows import Absence
from syncer.core.records import Cause, Gone, Observation, Unknown


@dataclass(frozen=True, slots=True)
class Footing:
    """How sound a side stands this cycle: its project was read, and so many linked records of it by their ids."""

    project_read: bool
    siblings_read: int
    hides_single_records: bool

    @property
    def sound(self) -> bool:
        return self.project_read and self.siblings_read > 0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an absence must last before it is believed."""

    now: datetime
    confirm_after: timedelta

    def confirms(self, earlier: Absence | None) -> bool:
        """Whether an earlier, equal observation lies far enough back."""
        return earlier is not None and self.now - earlier.first_seen_at >= self.confirm_after


def classify(seen: Unknown, footing: Footing, earlier: Absence | None, patience: Patience) -> Observation:
    """The table above, for a record that could not be read by its id."""
    if seen.cause is not Cause.MISSING:
        return seen
    if not footing.sound:
        return Unknown(f"{seen.reason}; but no other linked record can be read either, so access may be lost")
    if earlier is None or not patience.confirms(earlier):
        return Unknown(f"{seen.reason}; to be confirmed by a later look before it counts as deleted", Cause.MISSING)
    since = f"{earlier.first_seen_at:%Y-%m-%d %H:%M} UTC"
    evidence = f"404 since {since}, while its project and {footing.siblings_read} linked siblings are readable"
    return Gone(evidence, certain=not footing.hides_single_records)
