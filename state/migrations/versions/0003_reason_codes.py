"""A code beside the reason of what is parked. What waits already counts as refused until it is tried again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("parked", sa.Column("code", sa.Text, nullable=False, server_default="refused"))
