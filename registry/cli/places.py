"""Places: the folder of a registry, for the commands that work on one."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from registry.errors import NotFound

if TYPE_CHECKING:  # it runs git when it is imported
    from registry.writer import Home


def home_at(path: Path, database: str | None = None) -> "Home":
    """Raises:
    NotFound: There is no git.
    """
    if shutil.which("git") is None:
        raise NotFound(
            "git is missing, and the ledger is a git repository",
            hint="Install it: apt-get install git",
        )
    from registry.writer import Home

    return Home(path=path, database=database)
