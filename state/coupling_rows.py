"""Writing what is coupled besides records: comments and step results in a link, versions in a project link."""

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
_COMMENTS_COUPLED = (
    sa.select(comment_links)
    .where(comment_links.c.link_id == sa.bindparam("link_id"))
    .where(
        sa.or_(
            comment_links.c.incident_comment_id == sa.bindparam("incident_comment_id"),
            comment_links.c.issue_comment_id == sa.bindparam("issue_comment_id"),
        )
    )
)


def insert_comment_link(connection: Connection, new: NewCommentLink) -> None:
    """Couple two comments. Raises StateError naming both couplings when either is coupled already in that link."""
    require(connection, new.link_id)
    row = columns_of(new)
    clash = connection.execute(_COMMENTS_COUPLED, row).first()
    if clash is not None:
        raise StateError(
            f"link {new.link_id}: incident comment {new.incident_comment_id} and issue comment "
            f"{new.issue_comment_id} can't be coupled, because incident comment {clash.incident_comment_id} "
            f"and issue comment {clash.issue_comment_id} are coupled already"
        )
    connection.execute(_COUPLE_COMMENTS, row)


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
