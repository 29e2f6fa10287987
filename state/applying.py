"""Which function carries out which effect, inside the transaction that settles an intent."""

from typing import assert_never

from sqlalchemy.engine import Connection

from state import absence_rows, coupling_rows, effects, link_rows, parking_rows
from state.rows import Link


def apply(connection: Connection, effect: effects.Effect) -> Link | None:
    """Carry out one effect; return the link when it created one.

    Raises StateError where the effect doesn't fit what is stored.
    """
    if isinstance(effect, effects.NewLink):
        return link_rows.insert(connection, effect)
    if isinstance(effect, effects.CouplingEffect):
        _apply_to_coupling(connection, effect)
    elif isinstance(effect, effects.ItemEffect):
        _apply_to_item(connection, effect)
    else:
        _apply_to_link(connection, effect)
    return None


def _apply_to_link(connection: Connection, effect: effects.LinkEffect) -> None:
    match effect:
        case effects.SetBaseline():
            link_rows.merge_baseline(connection, effect)
        case effects.SetStamp():
            link_rows.set_stamp(connection, effect)
        case effects.SetMarked():
            link_rows.update(connection, effect.link_id, {f"{effect.side}_marked": True})
        case effects.SetKeys():
            keys = {"incident_key": effect.incident_key, "issue_key": effect.issue_key}
            link_rows.update(connection, effect.link_id, keys)
        case effects.Bury():
            link_rows.bury(connection, effect)
        case effects.KeepApart():
            link_rows.keep_apart(connection, effect)
        case effects.Exhume():
            link_rows.exhume(connection, effect)
        case _:
            assert_never(effect)


def _apply_to_coupling(connection: Connection, effect: effects.CouplingEffect) -> None:
    match effect:
        case effects.NewCommentLink():
            coupling_rows.insert_comment_links(connection, [effect])
        case effects.SetCommentDigest():
            coupling_rows.set_digest(connection, effect)
        case effects.DropCommentLink():
            coupling_rows.drop_comment_link(connection, effect)
        case effects.NewResultLink():
            coupling_rows.insert_result_link(connection, effect)
        case effects.DropResultLink():
            coupling_rows.drop_result_link(connection, effect)
        case effects.NewVersionLink():
            coupling_rows.insert_version_link(connection, effect)
        case effects.DropVersionLink():
            coupling_rows.drop_version_link(connection, effect)
        case _:
            assert_never(effect)


def _apply_to_item(connection: Connection, effect: effects.ItemEffect) -> None:
    match effect:
        case effects.Park():
            parking_rows.park(connection, effect)
        case effects.Unpark():
            parking_rows.unpark(connection, effect)
        case effects.ForgetDecision():
            parking_rows.forget_decision(connection, effect)
        case effects.NoteAbsence():
            absence_rows.note(connection, effect)
        case effects.ForgetAbsence():
            absence_rows.forget(connection, effect)
        case _:
            assert_never(effect)
