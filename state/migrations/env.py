"""What Alembic runs for each migration: on the connection, and in the transaction, that `state.schema` hands over."""

from alembic import context

from state.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
