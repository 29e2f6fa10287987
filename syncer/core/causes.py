"""Why an action was planned, in the words of the history."""

from syncer.core.actions import Action, CatalogueAction, CreateOption, CreateRecord, UpdateRecord
from syncer.core.removals import Bury, DeleteRecord, DropComment, DropResult, EndDecision


def cause(action: Action | CatalogueAction) -> str:
    """Why an action was planned, for the history."""
    match action:
        case DeleteRecord() | DropComment() | DropResult() | EndDecision() | Bury():
            return action.reason
        case UpdateRecord() if any(change.decided for change in action.changes):
            origin = action.side.other
            decided = [
                f"decided by {each.decided}: take the {origin}'s {each.item}" for each in action.changes if each.decided
            ]
            others = [] if len(decided) == len(action.changes) else [f"the {origin} side changed"]
            return "; ".join(decided + others)
        case CreateRecord():
            return f"the {action.side.other} had no {action.side}"
        case CreateOption():
            return f"the incident side has a {action.kind_of_option} of that name, and the mapping asks for it"
        case _:
            return f"the {action.side.other} side changed" if action.side is not None else "found so on both sides"
