"""Migrations: how the tables come to be, and whether they are as they should.

Each set of tables has its own line of migrations and its own version table,
because one of them can be made again from the ledger, one cannot, one is written
every few seconds and missed least, and one can be signed again.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

PROJECTION = "projection"
OPERATIONS = "operations"
FETCHES = "fetches"
HEADS = "heads"

_INSTALLED = Path(__file__).parent / "migrations"
_CHECKOUT = Path(__file__).parents[2] / "alembic"


def scripts() -> Path:
    """Where the migrations are: in the installed package, or in a checkout."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def migrate(engine: Engine, tables: str) -> None:
    """Bring *tables* (`projection`, say) to this version's form."""
    command.upgrade(_config(engine, tables), "head")


def revisions(tables: str) -> tuple[str, ...]:
    """Every form that *tables* ever had, the oldest first."""
    scripts = ScriptDirectory.from_config(_config(None, tables))
    return tuple(reversed([one.revision for one in scripts.walk_revisions()]))


def revise(engine: Engine, tables: str, revision: str) -> None:
    """Bring *tables* to an earlier form (`base`: to none), or on to a later one.

    To go back takes away what the earlier form has no place for; each migration says
    what that is.
    """
    known = revisions(tables)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": f"alembic_version_{tables}"}
        )
        there = context.get_current_revision()
    if there is None or (revision in known[known.index(there) :]):
        command.upgrade(_config(engine, tables), revision)
    else:
        command.downgrade(_config(engine, tables), revision)


def check(engine: Engine, tables: str) -> None:
    """Raises:
    alembic.util.CommandError: The tables are not those in the code.
    """
    command.check(_config(engine, tables))


def _config(engine: Engine | None, tables: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts()))
    config.set_main_option("version_locations", str(scripts() / "versions" / tables))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    config.attributes["tables"] = tables
    return config
