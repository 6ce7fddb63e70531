"""Alembic's entry point: runs the versions on the connection that ``bring_up_to_date`` hands over."""

from alembic import context

from core.store.schema import Base

# The caller's transaction holds everything, so that a failed migration leaves the old library.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
