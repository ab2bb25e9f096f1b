"""Files of the ledger, as they were at a commit."""

from collections.abc import Iterable, Iterator

from registry.errors import LedgerBroken
from registry.ledger.entries import Commit, check_path, parse_commit
from registry.ledger.objects import Reader


class Files:
    """Reads as often as it is asked, all through one process."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, commit: Commit, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Each file of *paths* with its bytes at *commit*, in the same order.

        Raises:
            Invalid: A path or the commit is not well-formed.
            LedgerBroken: A file or the commit is missing.
        """
        tree, wanted = parse_commit(commit), [check_path(path) for path in paths]
        found = self._reader.answers(f"{tree}:{path}" for path in wanted)
        for path, file in zip(wanted, found, strict=True):
            if file is None or file.type != "blob":
                raise LedgerBroken(f"{path} is not in the ledger where it should be")
            yield path, file.data
