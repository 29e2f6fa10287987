"""What people decide: in a conflict, with what both sides of it hold; and that a held removal isn't carried out.

Discards have a table of their own: an older syncer that still runs would take any row of `approvals` for an approval.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _at() -> sa.Column[object]:
    return sa.Column("at", sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.add_column("parked", sa.Column("sides", sa.Text, nullable=True))
    op.create_table(
        "decisions",
        sa.Column("link_id", sa.Integer, nullable=False),
        _text("item"),
        _text("choice"),
        _text("incident_digest"),
        _text("issue_digest"),
        _text("by"),
        _at(),
        sa.PrimaryKeyConstraint("link_id", "item", name="pk_decisions"),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name="fk_decisions_link_id", ondelete="CASCADE"),
    )
    op.create_table(
        "discards",
        _text("project_link"),
        _text("digest"),
        _text("by"),
        _at(),
        sa.PrimaryKeyConstraint("project_link", "digest", name="pk_discards"),
    )
