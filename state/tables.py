"""The tables of the state DB, as SQLAlchemy Core sees them; `migrations/` is what builds them.

    project_links   how far each project link has come
    links ──┬── baselines       one row per side
            ├── comment_links
            └── result_links    step-result links
    version_links               per project link
    tombstones                  what links leave behind
    intents                     the journal: empty whenever nothing is under way
    absences                    what wasn't there when looked for
    held, approvals, discards   removals that wait for a person's word, and the words given
    parked, decisions           what else waits, and a person's word in a conflict
    history, cycles             what people ask about
    told                        what people were told of by themselves
    writer                      one row: who writes, its fencing number, its lease and how often that was renewed
    turns                       the same of one project link each, where workers share them, and how that link stands

Ids are never given twice: history and journal name links that are gone.
"""

from typing import Any

import sqlalchemy as sa

from state.columns import link_id, number, prose, row_id, text, time

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

project_links = sa.Table(
    "project_links",
    metadata,
    text("project_link", primary_key=True),
    text("fingerprint", nullable=True),
    time("incident_watermark", nullable=True),
    time("issue_watermark", nullable=True),
    number("reviewed_to", nullable=True),
    time("reviewed_at", nullable=True),
)

links = sa.Table(
    "links",
    metadata,
    row_id(),
    text("project_link"),
    text("incident_id"),
    text("issue_id"),
    prose("incident_key"),
    prose("issue_key"),
    sa.Column("incident_marked", sa.Boolean, nullable=False),
    sa.Column("issue_marked", sa.Boolean, nullable=False),
    time("created_at"),
    sa.UniqueConstraint("project_link", "incident_id"),
    sa.UniqueConstraint("project_link", "issue_id"),
    sa.Index(None, "project_link", "id"),
    sqlite_autoincrement=True,
)

baselines = sa.Table(
    "baselines",
    metadata,
    link_id(primary_key=True),
    text("side", primary_key=True),
    text("field_values"),
    text("stamp", nullable=True),
)

comment_links = sa.Table(
    "comment_links",
    metadata,
    row_id(),
    link_id(),
    text("owner"),
    text("incident_comment_id"),
    text("issue_comment_id"),
    text("incident_digest"),
    text("issue_digest"),
    sa.UniqueConstraint("link_id", "incident_comment_id"),
    sa.UniqueConstraint("link_id", "issue_comment_id"),
    sqlite_autoincrement=True,
)

result_links = sa.Table(
    "result_links",
    metadata,
    row_id(),
    link_id(),
    text("step_result_id"),
    text("global_id"),
    sa.UniqueConstraint("link_id", "step_result_id"),
    sqlite_autoincrement=True,
)

version_links = sa.Table(
    "version_links",
    metadata,
    text("project_link", primary_key=True),
    text("incident_version_id", primary_key=True),
    text("issue_version_id"),
    sa.UniqueConstraint("project_link", "issue_version_id"),
)

tombstones = sa.Table(
    "tombstones",
    metadata,
    text("project_link", primary_key=True),
    text("incident_id", primary_key=True),
    text("issue_id", primary_key=True),
    prose("reason"),
    time("buried_at"),
    sa.Index(None, "project_link", "issue_id"),
)

intents = sa.Table(
    "intents",
    metadata,
    row_id(),
    text("project_link"),
    number("link_id", nullable=True),
    text("kind"),
    text("incident_id", nullable=True),
    text("issue_id", nullable=True),
    text("payload"),
    time("intended_at"),
    sqlite_autoincrement=True,
)

parked = sa.Table(
    "parked",
    metadata,
    text("project_link", primary_key=True),
    text("side", primary_key=True),
    text("record_id", primary_key=True),
    text("item", primary_key=True),
    prose("record_key"),
    prose("reason"),
    text("code", server_default="refused"),
    time("since"),
    number("tries"),
    time("next_try_at"),
    text("sides", nullable=True),
)

decisions = sa.Table(
    "decisions",
    metadata,
    link_id(primary_key=True),
    text("item", primary_key=True),
    text("choice"),
    text("incident_digest"),
    text("issue_digest"),
    prose("by"),
    time("at"),
)

absences = sa.Table(
    "absences",
    metadata,
    text("project_link", primary_key=True),
    text("side", primary_key=True),
    text("record_id", primary_key=True),
    text("item", primary_key=True),
    prose("cause"),
    time("first_seen_at"),
    time("last_seen_at"),
    number("times"),
)

held = sa.Table(
    "held",
    metadata,
    text("project_link", primary_key=True),
    text("kind", primary_key=True),
    text("digest"),
    prose("reason"),
    text("lines"),
    time("held_at"),
)

approvals = sa.Table(
    "approvals",
    metadata,
    text("project_link", primary_key=True),
    text("digest", primary_key=True),
    prose("by"),
    time("at"),
)

discards = sa.Table(
    "discards",
    metadata,
    text("project_link", primary_key=True),
    text("digest", primary_key=True),
    prose("by"),
    time("at"),
)

history = sa.Table(
    "history",
    metadata,
    row_id(),
    time("at"),
    text("project_link"),
    text("cycle"),
    text("kind"),
    text("side", nullable=True),
    text("incident_id", nullable=True),
    text("issue_id", nullable=True),
    prose("sentence"),
    text("outcome"),
    prose("detail"),
    text("before", nullable=True),
    text("after", nullable=True),
    prose("cause", server_default=""),
    number("undoes", nullable=True),
    sa.Index(None, "project_link", "id"),
    sa.Index(None, "project_link", "at"),
    sa.Index(None, "incident_id"),
    sa.Index(None, "issue_id"),
    sqlite_autoincrement=True,
)

cycles = sa.Table(
    "cycles",
    metadata,
    row_id(),
    text("cycle"),
    text("project_link"),
    time("started_at"),
    time("finished_at", nullable=True),
    text("outcome"),
    prose("detail"),
    text("counts"),
    sa.UniqueConstraint("cycle"),
    sa.Index(None, "project_link", "id"),
    sqlite_autoincrement=True,
)

told = sa.Table(
    "told",
    metadata,
    text("what", primary_key=True),
    text("project_link", primary_key=True),
    text("subject", primary_key=True),
    time("since"),
    time("told_at", nullable=True),
)


def _lease() -> list[sa.Column[Any]]:
    return [
        number("fence"),
        prose("holder"),
        sa.Column("lease_seconds", sa.Integer, nullable=False, server_default="0"),
        sa.Column("renewals", sa.BigInteger, nullable=False, server_default="0"),
    ]


writer = sa.Table(
    "writer",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    *_lease(),
)

turns = sa.Table(
    "turns",
    metadata,
    text("project_link", primary_key=True),
    *_lease(),
    time("began_at", nullable=True),
    time("census_at", nullable=True),
    sa.Column("refusals", sa.Integer, nullable=False, server_default="0"),
    time("rest_until", nullable=True),
)
