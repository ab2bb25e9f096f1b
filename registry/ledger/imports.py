"""Writing commits: one `git fast-import` for one commit or for a hundred thousand.

fast-import would delete a folder that a file is written over, ignore a delete of
what is not there, and let an event be written twice.  So before each commit's
edits it is asked what the tree has at the paths that matter (`ls`), and an answer
that does not fit fails the import.  The commits are then in the repository, but
no reference that anybody reads has moved.

fast-import answers in order; a thread compares, because whoever both sends and
receives on two pipes comes to stand still as soon as both are full.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Self

from registry.errors import Invalid
from registry.events import path_of
from registry.ledger.entries import (
    Commit,
    Entry,
    Step,
    check_entry,
    folders_of,
    identity,
    message_bytes,
)
from registry.ledger.processes import FAILURES, Process, Processes, unwritable

NEXT = "refs/placet/next"
"""Where commits are made.  Nobody reads it."""

_ABSENT, _FILE, _FOLDER = b"missing", b"100644", b"040000"


@dataclass(frozen=True, slots=True)
class _Check:
    """What the tree may have at a path, and what is wrong if it has not."""

    path: str
    allowed: tuple[bytes, ...]
    otherwise: str


class Import:
    """Makes commits, each on top of the one before.

    Args:
        onto: Parent of the first commit; None makes it a first commit.

    Leaving its context before `finish` gives the commits up.

    Raises:
        LedgerUnwritable: git could not be started.
    """

    def __init__(self, processes: Processes, *, onto: Commit | None) -> None:
        self._onto = onto
        self._added = 0
        self._commits: list[Commit] = []
        self._wrong: str | None = None
        self._asked: SimpleQueue[list[_Check] | None] = SimpleQueue()
        self._process = _start(processes)
        self._reader = Thread(target=self._compare, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.stop()
        self._asked.put(None)
        self._reader.join()
        self._process.close()

    def add(self, entry: Entry) -> None:
        """Raises:
        Invalid: The entry breaks a rule of `entries`, or an earlier one did not
            fit the tree.
        LedgerUnwritable: fast-import has failed.
        """
        number = check_entry(entry)
        checks = list(_checks(entry, number))
        asking = b"".join(b'ls "%s"\n' % check.path.encode() for check in checks)
        edits = b"".join(_edit(path, entry.files[path]) for path in sorted(entry.files))
        self._send(
            checks,
            self._header(entry.message, identity(entry.author, entry.at)),
            asking + edits,
        )

    def add_tree(self, step: Step, message: str, tree: str | None) -> None:
        """Add a commit of exactly this tree, of an empty one for None.

        Raises:
            Invalid: The step breaks a rule of `entries`.
            LedgerUnwritable: fast-import has failed.
        """
        header = self._header(message, identity(step.author, step.at))
        whole = b"" if tree is None else b'M 040000 %s ""\n' % tree.encode()
        self._send([], header, b"deleteall\n" + whole)

    def add_files(
        self, files: Mapping[str, bytes], *, message: str, author: str, at: datetime
    ) -> None:
        """Add a commit that writes *files*, whatever the tree had at their paths.

        Raises:
            Invalid: Author, time or message break a rule of `entries`.
            LedgerUnwritable: fast-import has failed.
        """
        header = self._header(message, identity(author, at))
        self._send([], header, b"".join(map(_edit, files, files.values())))

    def finish(self) -> list[Commit]:
        """The commits, in the order of what was added.

        Raises:
            Invalid: An entry does not fit the tree before it.
            LedgerUnwritable: fast-import has failed.
        """
        try:
            with contextlib.suppress(BrokenPipeError):  # why is in its last words
                self._process.stdin.write(b"done\n")
                self._process.stdin.close()
            self._asked.put(None)
            self._reader.join()
            self._process.finish()
        except FAILURES as error:
            raise unwritable(error) from error
        self._judge()
        return self._commits

    def _header(self, message: str, who: bytes) -> bytes:
        self._added += 1
        text = message_bytes(message)
        parent = b""
        if self._added == 1 and self._onto is not None:
            parent = b"from %s\n" % self._onto.encode()
        return b"commit %s\nmark :%d\nauthor %s\ncommitter %s\ndata %d\n%s\n%s" % (
            NEXT.encode(),
            self._added,
            who,
            who,
            len(text),
            text,
            parent,
        )

    def _send(self, checks: list[_Check], header: bytes, edits: bytes) -> None:
        self._judge()
        self._asked.put(checks)
        try:
            self._process.stdin.write(
                header + edits + b"\nget-mark :%d\n" % self._added
            )
        except BrokenPipeError:
            self.finish()
            raise

    def _judge(self) -> None:
        if self._wrong is not None:
            raise Invalid(self._wrong)

    def _compare(self) -> None:
        answers = self._process.stdout
        while (checks := self._asked.get()) is not None:
            for check in checks:
                found = answers.readline().partition(b" ")[0]
                if found not in check.allowed and self._wrong is None:
                    self._wrong = check.otherwise
            self._commits.append(Commit(answers.readline().strip().decode()))


def _start(processes: Processes) -> Process:
    # `--done`: a stream that ends without saying so was cut off.  `--force`: what
    # an earlier attempt has left in NEXT does not matter.
    try:
        return processes.start("fast-import", "--quiet", "--done", "--force")
    except FAILURES as error:
        raise unwritable(error) from error


def _checks(entry: Entry, number: int) -> Iterator[_Check]:
    event, previous = path_of(number), path_of(number - 1)
    if number > 1:
        yield _Check(previous, (_FILE,), f"event {number} has no event before it")
    written = [path for path, data in entry.files.items() if data is not None]
    for folder in dict.fromkeys(f for path in written for f in folders_of(path)):
        problem = f"{folder!r} is a file, and cannot be a folder as well"
        yield _Check(folder, (_ABSENT, _FOLDER), problem)
    for path, data in entry.files.items():
        if path == event:
            yield _Check(path, (_ABSENT,), f"event {number} is in the ledger already")
        elif data is None:
            yield _Check(path, (_FILE,), f"{path!r} is not a file to be deleted")
        else:
            problem = f"{path!r} is a folder, and cannot be a file as well"
            yield _Check(path, (_ABSENT, _FILE), problem)


def _edit(path: str, data: bytes | None) -> bytes:
    if data is None:
        return b"D %s\n" % path.encode()
    return b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)
