"""Files of a ledger, for tests that compare them."""

from collections.abc import Iterable

from registry.ledger import Commit, Ledger


def files_at(
    ledger: Ledger, commit: Commit, paths: Iterable[str]
) -> list[tuple[str, bytes]]:
    with ledger.files() as files:
        return list(files.read(commit, paths))
