"""Several workers share a state DB: whose turn each project link is, and what they have to tell each other of it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("project_link", sa.Text, nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("lease_seconds", sa.Integer, nullable=False, server_default="0"),
        sa.Column("renewals", sa.BigInteger, nullable=False, server_default="0"),
        _time("began_at"),
        _time("census_at"),
        sa.Column("refusals", sa.Integer, nullable=False, server_default="0"),
        _time("rest_until"),
        sa.PrimaryKeyConstraint("project_link", name="pk_turns"),
    )
