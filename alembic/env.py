"""How migrations run: on the engine that `registry.db.schema` hands over."""

from alembic import context

from registry.db import (  # noqa: F401 (filled)
    fetch_tables,
    head_tables,
    outbox_tables,
    tables,
)

METADATA = {
    "projection": tables.Projected.metadata,
    "operations": tables.Operational.metadata,
    "fetches": fetch_tables.Counted.metadata,
    "heads": head_tables.Headed.metadata,
}

attributes = context.config.attributes
with attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=METADATA[attributes["tables"]],
        version_table=f"alembic_version_{attributes['tables']}",
        include_name=lambda name, kind, _: (
            kind != "table" or name in METADATA[attributes["tables"]].tables
        ),
        render_as_batch=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.in_transaction():
        connection.commit()
