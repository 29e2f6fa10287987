"""The choices that a mapping offers: which way changes travel, who wins a conflict, what a deletion does."""

from enum import StrEnum


class Direction(StrEnum):
    """Which way changes travel."""

    BOTH = "both"
    TO_ISSUE = "to_issue"
    TO_INCIDENT = "to_incident"

    def carries(self, to: str) -> bool:
        """Whether changes travel to the side `to`, "incident" or "issue". Raises `ValueError` for others."""
        return self in (Direction.BOTH, Direction(f"to_{to}"))

    def narrowed(self, link: "Direction") -> "Direction":
        """This direction as far as the link's allows it; the link's own where this is `both`."""
        return link if self is Direction.BOTH else self


class Conflict(StrEnum):
    """What happens when both sides changed one field since they last agreed."""

    INCIDENT = "incident"
    ISSUE = "issue"
    NEWEST = "newest"
    ASK = "ask"


class DeletionPolicy(StrEnum):
    """What happens to a record, unedited since both sides last agreed, when its twin was deleted."""

    DELETE = "delete"
    CLOSE = "close"
    UNLINK = "unlink"
    IGNORE = "ignore"


class CommentDeletion(StrEnum):
    """What happens to a mirrored comment when the comment that it was mirrored from was deleted."""

    NOTICE = "notice"
    KEEP = "keep"
