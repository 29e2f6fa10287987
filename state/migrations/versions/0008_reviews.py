"""A census rereads a share of the links: how far that has come, and an index to go on from there."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("project_links", sa.Column("reviewed_to", sa.Integer, nullable=True))
    op.add_column("project_links", sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_links_project_link_id", "links", ["project_link", "id"])
