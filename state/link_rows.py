"""Writing links, their baselines, and the tombstones that they leave."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from state import absence_rows, parking_rows
from state.database import columns_of, upsert
from state.effects import Bury, Exhume, ForgetAbsence, KeepApart, NewLink, SetBaseline, SetStamp, Unpark
from state.errors import StateError
from state.links import read_link
from state.rows import Link, SideName
from state.tables import baselines, links, tombstones
from state.values_json import dump, load

_NEW = sa.insert(links).returning(*links.c)
_TAKEN = sa.select(links).where(
    links.c.project_link == sa.bindparam("within"),
    sa.or_(links.c.incident_id == sa.bindparam("incident"), links.c.issue_id == sa.bindparam("issue")),
)
_LINK = sa.select(links.c.id).where(links.c.id == sa.bindparam("link_id"))
_CHANGE = sa.update(links).where(links.c.id == sa.bindparam("of"))
_AGREE = sa.insert(baselines)
_HERE = (baselines.c.link_id == sa.bindparam("of"), baselines.c.side == sa.bindparam("on"))
_BASELINE = sa.select(baselines).where(*_HERE)
_AGREE_ANEW = sa.update(baselines).where(*_HERE)


def insert(connection: Connection, new: NewLink) -> Link:
    """Create a link with its baselines. Raises StateError naming both links when either record is linked already."""
    _refuse_second(connection, new)
    columns = {
        "project_link": new.project_link,
        "incident_id": new.incident_id,
        "issue_id": new.issue_id,
        "incident_key": new.incident_key,
        "issue_key": new.issue_key,
        "incident_marked": "incident" in new.marked,
        "issue_marked": "issue" in new.marked,
        "created_at": new.created_at,
    }
    link = read_link(connection.execute(_NEW, columns).one())
    agreed = [
        {"link_id": link.id, "side": side, "field_values": dump(baseline.values), "stamp": baseline.stamp}
        for side, baseline in new.baselines.items()
    ]
    if agreed:
        connection.execute(_AGREE, agreed)
    return link


def _refuse_second(connection: Connection, new: NewLink) -> None:
    either = {"within": new.project_link, "incident": new.incident_id, "issue": new.issue_id}
    clash = connection.execute(_TAKEN, either).first()
    if clash is not None:
        raise StateError(
            f"project link {new.project_link}: incident {new.incident_key} ({new.incident_id}) and issue "
            f"{new.issue_key} ({new.issue_id}) can't be linked, because incident {clash.incident_key} "
            f"({clash.incident_id}) and issue {clash.issue_key} ({clash.issue_id}) are linked already; "
            "unlink those two first"
        )


def merge_baseline(connection: Connection, effect: SetBaseline) -> None:
    """Replace the given fields of one side's baseline, and its stamp unless that is kept."""
    require(connection, effect.link_id)
    before = connection.execute(_BASELINE, {"of": effect.link_id, "on": effect.side}).one_or_none()
    values, stamp = ({}, None) if before is None else (load(before.field_values), before.stamp)
    held = {
        "field_values": dump({**values, **effect.values}),
        "stamp": stamp if effect.keep_stamp else effect.stamp,
    }
    if before is None:
        connection.execute(_AGREE, {"link_id": effect.link_id, "side": effect.side, **held})
    else:
        connection.execute(_AGREE_ANEW, {"of": effect.link_id, "on": effect.side, **held})


def set_stamp(connection: Connection, effect: SetStamp) -> None:
    """Replace one side's stamp and none of its values."""
    merge_baseline(connection, SetBaseline(effect.link_id, effect.side, {}, effect.stamp))


def update(connection: Connection, link_id: int, values: Mapping[str, object]) -> None:
    """Change a link's own columns. Raises StateError when there is no such link."""
    if connection.execute(_CHANGE, {"of": link_id, **values}).rowcount == 0:
        raise _no_link(link_id)


def bury(connection: Connection, effect: Bury) -> None:
    """Turn a link into a tombstone. Raises StateError when there is no such link.

    What is coupled in it goes by the foreign keys' cascade.
    """
    row = connection.execute(sa.delete(links).where(links.c.id == effect.link_id).returning(*links.c)).one_or_none()
    if row is None:
        raise _no_link(effect.link_id)
    buried = read_link(row)
    ids = (buried.project_link, buried.incident_id, buried.issue_id)
    _forget_records(connection, *ids)
    # The same two may have been buried before, and linked again by a person since.
    upsert(connection, tombstones, _tombstone(*ids), {"reason": effect.reason, "buried_at": effect.at})


def keep_apart(connection: Connection, effect: KeepApart) -> None:
    """Put up a tombstone, where none stands."""
    ids = (effect.project_link, effect.incident_id, effect.issue_id)
    _forget_records(connection, *ids)
    key = _tombstone(*ids)
    standing = sa.and_(*(tombstones.c[name] == value for name, value in key.items()))
    if connection.scalar(sa.select(tombstones.c.reason).where(standing)) is None:
        connection.execute(sa.insert(tombstones).values(**key, reason=effect.reason, buried_at=effect.at))


def _tombstone(project_link: str, incident_id: str, issue_id: str) -> dict[str, str]:
    return {"project_link": project_link, "incident_id": incident_id, "issue_id": issue_id}


def _forget_records(connection: Connection, project_link: str, incident_id: str, issue_id: str) -> None:
    """What waits for them or was missed of them can come to no end any more."""
    records: tuple[tuple[SideName, str], ...] = (("incident", incident_id), ("issue", issue_id))
    for side, record_id in records:
        parking_rows.unpark(connection, Unpark(project_link, side, record_id, item=None))
        absence_rows.forget(connection, ForgetAbsence(project_link, side, record_id, item=None))


def exhume(connection: Connection, effect: Exhume) -> None:
    """Remove a tombstone, if it is there."""
    here = sa.and_(*(tombstones.c[name] == value for name, value in columns_of(effect).items()))
    connection.execute(sa.delete(tombstones).where(here))


def require(connection: Connection, link_id: int) -> None:
    """Raise StateError when there is no such link."""
    if connection.scalar(_LINK, {"link_id": link_id}) is None:
        raise _no_link(link_id)


def _no_link(link_id: int) -> StateError:
    return StateError(f"link {link_id} isn't in the state DB: it was never made, or was buried since")
