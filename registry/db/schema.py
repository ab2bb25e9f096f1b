"""Migrations: how the tables come to be, and whether they are as they should.

Each set of tables has its own line of migrations and its own version table,
because one of them can be made again from the ledger, one cannot, one is written
every few seconds and missed least, and one can be signed again.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
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


def check(engine: Engine, tables: str) -> None:
    """Raises:
    alembic.util.CommandError: The tables are not those in the code.
    """
    command.check(_config(engine, tables))


def _config(engine: Engine, tables: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts()))
    config.set_main_option("version_locations", str(scripts() / "versions" / tables))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    config.attributes["tables"] = tables
    return config
