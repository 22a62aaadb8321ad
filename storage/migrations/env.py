"""Runs the migrations on the connection and in the transaction of `storage.connection.migrate`."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=False,  # the transaction is not Alembic's
)
context.run_migrations()
