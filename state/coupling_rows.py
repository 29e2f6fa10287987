"""Writing what is coupled besides records: comments and step results in a link, versions in a project link."""

from collections.abc import Sequence
from itertools import product

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from state.database import columns_of
from state.effects import (
    DropCommentLink,
    DropResultLink,
    DropVersionLink,
    NewCommentLink,
    NewResultLink,
    NewVersionLink,
    SetCommentDigest,
)
from state.errors import StateError
from state.link_rows import require
from state.tables import comment_links, result_links, version_links

_COUPLE_COMMENTS = sa.insert(comment_links)
_SIDES = ("incident_comment_id", "issue_comment_id")
_COMMENTS_COUPLED = sa.select(comment_links).where(
    comment_links.c.link_id.in_(sa.bindparam("link_id", expanding=True)),
    sa.or_(*(comment_links.c[name].in_(sa.bindparam(name, expanding=True)) for name in _SIDES)),
)


def insert_comment_links(connection: Connection, several: Sequence[NewCommentLink]) -> None:
    """Couple comments, two by two. Raises StateError naming both couplings when one is coupled already in its link."""
    for link_id in {new.link_id for new in several}:
        require(connection, link_id)
    rows = [columns_of(new) for new in several]
    wanted = {name: [row[name] for row in rows] for name in ("link_id", *_SIDES)}
    coupled = connection.execute(_COMMENTS_COUPLED, wanted).all()
    for new, clash in product(several, coupled):
        alike = new.incident_comment_id == clash.incident_comment_id or new.issue_comment_id == clash.issue_comment_id
        if new.link_id == clash.link_id and alike:
            raise StateError(
                f"link {new.link_id}: incident comment {new.incident_comment_id} and issue comment "
                f"{new.issue_comment_id} can't be coupled, because incident comment {clash.incident_comment_id} "
                f"and issue comment {clash.issue_comment_id} are coupled already"
            )
    connection.execute(_COUPLE_COMMENTS, rows)


def set_digest(connection: Connection, effect: SetCommentDigest) -> None:
    """Replace one side's digest. Raises StateError when there is no such comment link."""
    digest = {f"{effect.side}_digest": effect.digest}
    here = comment_links.c.id == effect.comment_link_id
    if connection.execute(sa.update(comment_links).where(here).values(digest)).rowcount == 0:
        raise StateError(f"comment link {effect.comment_link_id} isn't in the state DB: it was dropped before")


def drop_comment_link(connection: Connection, effect: DropCommentLink) -> None:
    """Forget a comment link, if it is there."""
    connection.execute(sa.delete(comment_links).where(comment_links.c.id == effect.comment_link_id))


def insert_result_link(connection: Connection, new: NewResultLink) -> None:
    """Couple a step-result link. Raises StateError naming both remote links when it is coupled already."""
    require(connection, new.link_id)
    table = result_links
    same = sa.and_(table.c.link_id == new.link_id, table.c.step_result_id == new.step_result_id)
    clash = connection.execute(sa.select(table).where(same)).first()
    if clash is not None:
        raise StateError(
            f"link {new.link_id}: step result {new.step_result_id} can't be coupled with remote link "
            f"{new.global_id}, because it is coupled with remote link {clash.global_id} already"
        )
    connection.execute(sa.insert(table).values(columns_of(new)))


def drop_result_link(connection: Connection, effect: DropResultLink) -> None:
    """Forget a step-result link, if it is there."""
    connection.execute(sa.delete(result_links).where(result_links.c.id == effect.result_link_id))


def insert_version_link(connection: Connection, new: NewVersionLink) -> None:
    """Couple two versions. Raises StateError naming both couplings when either is coupled already."""
    table = version_links
    either = sa.or_(
        table.c.incident_version_id == new.incident_version_id,
        table.c.issue_version_id == new.issue_version_id,
    )
    clash = connection.execute(sa.select(table).where(table.c.project_link == new.project_link).where(either)).first()
    if clash is not None:
        raise StateError(
            f"project link {new.project_link}: incident version {new.incident_version_id} and issue version "
            f"{new.issue_version_id} can't be coupled, because incident version {clash.incident_version_id} "
            f"and issue version {clash.issue_version_id} are coupled already"
        )
    connection.execute(sa.insert(table).values(columns_of(new)))


def drop_version_link(connection: Connection, effect: DropVersionLink) -> None:
    """Forget a version link, if it is there."""
    here = sa.and_(*(version_links.c[name] == value for name, value in columns_of(effect).items()))
    connection.execute(sa.delete(version_links).where(here))
