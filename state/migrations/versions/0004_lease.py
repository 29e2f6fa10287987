"""A lease for the one who writes: how long it is, 0 while nobody writes, and how often it has been renewed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("writer", sa.Column("lease_seconds", sa.Integer, nullable=False, server_default="0"))
    op.add_column("writer", sa.Column("renewals", sa.BigInteger, nullable=False, server_default="0"))
