"""Why a field, a comment or a record is where it is: one code for each situation, the same in the state DB, in
`syncer explain`, in metrics and in docs/reasons.md."""

from enum import StrEnum


class Reason(StrEnum):
    """A reason code."""

    # Nothing has to be done.
    IN_STEP = "in-step"
    PLANNED = "planned"
    ONE_WAY = "one-way"
    OUT_OF_SCOPE = "out-of-scope"
    DISSOLVED = "dissolved"
    CONDITION = "condition"
    UNOBSERVED = "unobserved"
    # One field or comment waits.
    CONFLICT = "conflict"
    UNMAPPED = "unmapped"
    UNFIT = "unfit"
    EXPRESSION = "expression"
    # What a server said.
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    # The record can't be judged.
    MISSING = "missing"
    DENIED = "denied"
    MOVED = "moved"
    ARCHIVED = "archived"
    UNREADABLE = "unreadable"
    IN_DOUBT = "in-doubt"
    # A person has to look.
    TO_CONFIRM = "to-confirm"
    FOREIGN_MARK = "foreign-mark"
    CLONE = "clone"
    HELD_REMOVAL = "held-removal"
    HELD_MAPPING = "held-mapping"
    IGNORED_DELETION = "ignored-deletion"
    FOREIGN_LINK = "foreign-link"

    @property
    def sentence(self) -> str:
        """What the code means."""
        return SENTENCES[self]


SENTENCES: dict[Reason, str] = {
    Reason.IN_STEP: "both sides hold what they agreed on",
    Reason.PLANNED: "the next cycle will carry it",
    Reason.ONE_WAY: "the mapping carries nothing that way",
    Reason.OUT_OF_SCOPE: "the mapping's conditions leave this record out",
    Reason.DISSOLVED: "the link was dissolved, and a dissolved link never comes back by itself",
    Reason.CONDITION: "the field's condition doesn't hold for this record",
    Reason.UNOBSERVED: "the server doesn't send the field, and what isn't seen is no change",
    Reason.CONFLICT: "both sides changed the field since they last agreed",
    Reason.UNMAPPED: "the mapping has no counterpart for a value",
    Reason.UNFIT: "the other side can't hold the value",
    Reason.EXPRESSION: "a template or condition of the mapping failed for this record",
    Reason.REFUSED: "the server refused the write",
    Reason.UNAVAILABLE: "the server didn't answer; it is tried again",
    Reason.MISSING: "the server says that there is no such record; only more evidence makes that a deletion",
    Reason.DENIED: "this account may not see or change the record",
    Reason.MOVED: "the record was moved to another project",
    Reason.ARCHIVED: "the record is archived",
    Reason.UNREADABLE: "the record couldn't be read",
    Reason.IN_DOUBT: "a write was sent and its outcome isn't known yet",
    Reason.TO_CONFIRM: "something is gone on one side; a later look must confirm it",
    Reason.FOREIGN_MARK: "the record carries a mark that leads elsewhere",
    Reason.CLONE: "several records carry the same mark",
    Reason.HELD_REMOVAL: "a removal is held until a person approves it",
    Reason.HELD_MAPPING: "the mapping was changed, and its changes are held until a person approves them",
    Reason.IGNORED_DELETION: "the twin was deleted, and the mapping says to leave this record alone",
    Reason.FOREIGN_LINK: "Enterprise Tester's own link is active on the project; nothing is written until it is off",
}
