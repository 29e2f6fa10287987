"""What carrying deletions needs: absences, step-result links, what is held, approvals, causes and undoing."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _absences() -> None:
    op.create_table(
        "absences",
        _text("project_link"),
        _text("side"),
        _text("record_id"),
        _text("item"),
        _text("cause"),
        _time("first_seen_at"),
        _time("last_seen_at"),
        _number("times"),
        sa.PrimaryKeyConstraint("project_link", "side", "record_id", "item", name="pk_absences"),
    )


def _result_links() -> None:
    op.create_table(
        "result_links",
        _number("id"),
        _number("link_id"),
        _text("step_result_id"),
        _text("global_id"),
        sa.PrimaryKeyConstraint("id", name="pk_result_links"),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name="fk_result_links_link_id", ondelete="CASCADE"),
        sa.UniqueConstraint("link_id", "step_result_id", name="uq_result_links_link_id_step_result_id"),
        sqlite_autoincrement=True,
    )


def _holding() -> None:
    op.create_table(
        "held",
        _text("project_link"),
        _text("kind"),
        _text("digest"),
        _text("reason"),
        _text("lines"),
        _time("held_at"),
        sa.PrimaryKeyConstraint("project_link", "kind", name="pk_held"),
    )
    op.create_table(
        "approvals",
        _text("project_link"),
        _text("digest"),
        _text("by"),
        _time("at"),
        sa.PrimaryKeyConstraint("project_link", "digest", name="pk_approvals"),
    )


def _history() -> None:
    op.add_column("history", sa.Column("cause", sa.Text, nullable=False, server_default=""))
    op.add_column("history", sa.Column("undoes", sa.Integer, nullable=True))
    op.create_index("ix_history_project_link_at", "history", ["project_link", "at"])


def upgrade() -> None:
    _absences()
    _result_links()
    _holding()
    _history()
