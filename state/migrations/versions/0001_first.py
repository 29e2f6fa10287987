"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, nullable=False)


def _links() -> None:
    op.create_table(
        "links",
        _id(),
        _text("project_link"),
        _text("incident_id"),
        _text("issue_id"),
        _text("incident_key"),
        _text("issue_key"),
        sa.Column("incident_marked", sa.Boolean, nullable=False),
        sa.Column("issue_marked", sa.Boolean, nullable=False),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("project_link", "incident_id", name="uq_links_project_link_incident_id"),
        sa.UniqueConstraint("project_link", "issue_id", name="uq_links_project_link_issue_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "baselines",
        _number("link_id"),
        _text("side"),
        _text("field_values"),
        _text("stamp", nullable=True),
        sa.PrimaryKeyConstraint("link_id", "side", name="pk_baselines"),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name="fk_baselines_link_id", ondelete="CASCADE"),
    )
    op.create_table(
        "comment_links",
        _id(),
        _number("link_id"),
        _text("owner"),
        _text("incident_comment_id"),
        _text("issue_comment_id"),
        _text("incident_digest"),
        _text("issue_digest"),
        sa.PrimaryKeyConstraint("id", name="pk_comment_links"),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name="fk_comment_links_link_id", ondelete="CASCADE"),
        sa.UniqueConstraint("link_id", "incident_comment_id", name="uq_comment_links_link_id_incident_comment_id"),
        sa.UniqueConstraint("link_id", "issue_comment_id", name="uq_comment_links_link_id_issue_comment_id"),
        sqlite_autoincrement=True,
    )


def _project_links() -> None:
    op.create_table(
        "project_links",
        _text("project_link"),
        _text("fingerprint", nullable=True),
        _time("incident_watermark", nullable=True),
        _time("issue_watermark", nullable=True),
        sa.PrimaryKeyConstraint("project_link", name="pk_project_links"),
    )
    op.create_table(
        "version_links",
        _text("project_link"),
        _text("incident_version_id"),
        _text("issue_version_id"),
        sa.PrimaryKeyConstraint("project_link", "incident_version_id", name="pk_version_links"),
        sa.UniqueConstraint("project_link", "issue_version_id", name="uq_version_links_project_link_issue_version_id"),
    )
    op.create_table(
        "tombstones",
        _text("project_link"),
        _text("incident_id"),
        _text("issue_id"),
        _text("reason"),
        _time("buried_at"),
        sa.PrimaryKeyConstraint("project_link", "incident_id", "issue_id", name="pk_tombstones"),
    )
    op.create_index("ix_tombstones_project_link_issue_id", "tombstones", ["project_link", "issue_id"])


def _journal() -> None:
    op.create_table(
        "intents",
        _id(),
        _text("project_link"),
        _number("link_id", nullable=True),
        _text("kind"),
        _text("incident_id", nullable=True),
        _text("issue_id", nullable=True),
        _text("payload"),
        _time("intended_at"),
        sa.PrimaryKeyConstraint("id", name="pk_intents"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "parked",
        _text("project_link"),
        _text("side"),
        _text("record_id"),
        _text("item"),
        _text("record_key"),
        _text("reason"),
        _time("since"),
        _number("tries"),
        _time("next_try_at"),
        sa.PrimaryKeyConstraint("project_link", "side", "record_id", "item", name="pk_parked"),
    )
    writer = op.create_table(
        "writer",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        _number("fence"),
        _text("holder"),
        sa.PrimaryKeyConstraint("id", name="pk_writer"),
    )
    op.bulk_insert(writer, [{"id": 1, "fence": 0, "holder": "nobody"}])


def _report() -> None:
    op.create_table(
        "history",
        _id(),
        _time("at"),
        _text("project_link"),
        _text("cycle"),
        _text("kind"),
        _text("side", nullable=True),
        _text("incident_id", nullable=True),
        _text("issue_id", nullable=True),
        _text("sentence"),
        _text("outcome"),
        _text("detail"),
        _text("before", nullable=True),
        _text("after", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_history_project_link_id", "history", ["project_link", "id"])
    op.create_index("ix_history_incident_id", "history", ["incident_id"])
    op.create_index("ix_history_issue_id", "history", ["issue_id"])
    op.create_table(
        "cycles",
        _id(),
        _text("cycle"),
        _text("project_link"),
        _time("started_at"),
        _time("finished_at", nullable=True),
        _text("outcome"),
        _text("detail"),
        _text("counts"),
        sa.PrimaryKeyConstraint("id", name="pk_cycles"),
        sa.UniqueConstraint("cycle", name="uq_cycles_cycle"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cycles_project_link_id", "cycles", ["project_link", "id"])


def upgrade() -> None:
    _links()
    _project_links()
    _journal()
    _report()
