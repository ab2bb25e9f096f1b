"""How git is run: with our settings, and with nothing that it would inherit.

* Every process is started by GitPython, from a list of arguments written in
  this folder.  The only values among them are commit ids, numbers and names
  of references, all checked before; no argument begins with one.
* No configuration of the system or of the person who started us is read, and
  what the repository's own configuration says about hooks, flushing and
  collecting is overruled.
* No variable named GIT_* is inherited: a hook that calls us, a push for one,
  exports where its own objects are and forbids moving references.
* Neither replaced objects nor grafts nor a commit graph are believed: they
  show another history than the one that is there.
* What strangers have sent is looked at within limits (`registry.ledger.limits`).
"""

import contextlib
import os
import re
import signal
from collections.abc import Mapping
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Timer
from types import TracebackType
from typing import BinaryIO, Self, cast

from registry.errors import LedgerBroken, LedgerUnwritable
from registry.ledger.gitpython import CommandError, Git, GitCommandError
from registry.ledger.limits import Limits

SETTINGS = {
    "core.fsync": "all",
    "core.hooksPath": os.devnull,
    "fastimport.unpackLimit": "0",  # loose, the names of a few would not be flushed
    "gc.auto": "0",
    "protocol.allow": "never",
    "receive.hideRefs": "refs",  # refuses every push into this repository
}
"""Written into the repository, for people who use git there by hand."""

_OVERRULED = {
    **SETTINGS,
    "core.commitGraph": "false",
    "core.fsyncMethod": "fsync",
    "core.logAllRefUpdates": "false",
    "maintenance.auto": "false",
}
_QUICK = {"core.fsync": "none", "pack.compression": "0"}

# fast-import takes and gives back a quarter of a megabyte for each object.  The C
# library asks the kernel each time unless told to keep it: a quarter of all time.
_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(64 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
}

FAILURES = (CommandError, OSError)
"""How starting a git process, talking to it, or the process itself fails."""

_WORDS = re.compile(r"(?:fatal|error): (.+)")


class Process:
    """A git process that is written to and read from.

    Leaving its context while it still runs kills it, with what it has started.

    Args:
        longest_s: After so many seconds it is killed; None for never.
    """

    def __init__(
        self, started: Git.AutoInterrupt, *, longest_s: float | None = None
    ) -> None:
        # AutoInterrupt ends the process when it is collected, so it is kept.
        self._started = started
        self._process = cast("Popen[bytes]", started.proc)
        self.stdin = cast(BinaryIO, self._process.stdin)
        self.stdout = cast(BinaryIO, self._process.stdout)
        self._timer = None if longest_s is None else Timer(longest_s, self._kill)
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self.close()

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def answer(self) -> bytes:
        """Return all that the process says.

        Raises:
            GitCommandError: It failed.
        """
        answer, words = self._process.communicate()
        self._judge(words, answer)
        return answer

    def finish(self) -> bytes:
        """End its input, and return the rest of its answer.

        Raises:
            GitCommandError: It failed.
        """
        with contextlib.suppress(BrokenPipeError):  # why is in its last words
            self.stdin.close()
        rest = self.stdout.read()
        words = cast(BinaryIO, self._process.stderr).read()
        self._judge(words)
        return rest

    def stop(self) -> None:
        """Kill it unless it has ended."""
        if self._timer is not None:
            self._timer.cancel()
        if self.running:
            self._kill()
        self._process.wait()

    def close(self) -> None:
        for pipe in (self.stdin, self.stdout, cast(BinaryIO, self._process.stderr)):
            with contextlib.suppress(BrokenPipeError):
                if pipe is not None:  # a file was given
                    pipe.close()

    def _kill(self) -> None:
        """With all of its session: git has others work for it."""
        if self._process.returncode is not None:
            return  # nobody knows whose number it is by now
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _judge(self, words: bytes, said: bytes = b"") -> None:
        status = self._process.wait()
        if status != 0:
            raise GitCommandError(self._started.args, status, words, said)


class Processes:
    """Starts git in one repository, and nowhere else.

    Args:
        quick: Flush nothing and compress nothing, for a copy that is thrown
            away; the ids of commits do not depend on it.
        limits: What each process may use, in a repository of strangers.
        settings: Of git, beside ours and before them.
        variables: Of the environment, beside ours and before them.
    """

    def __init__(
        self,
        path: Path,
        *,
        quick: bool = False,
        limits: Limits | None = None,
        settings: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._git = Git(path)
        self._limits = limits
        settings = {**_OVERRULED, **(_QUICK if quick else {}), **(settings or {})}
        self._environment = {
            "GIT_CONFIG_COUNT": str(len(settings)),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_DIR": str(path),
            "GIT_GRAFT_FILE": os.devnull,
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "HOME": os.devnull,
            "LC_ALL": "C",
            **_MEMORY,
            **(variables or {}),
        }
        for index, (key, value) in enumerate(settings.items()):
            self._environment[f"GIT_CONFIG_KEY_{index}"] = key
            self._environment[f"GIT_CONFIG_VALUE_{index}"] = value

    def start(self, *arguments: str, given: BinaryIO | None = None) -> Process:
        """Args:
            given: A file to read from, instead of what is written to the process.

        Raises:
            CommandError: git is not installed.
        """
        limits = self._limits
        # A session of its own: Ctrl-C ends us in our own time, and must not tear
        # a write from under us.
        started = self._git.execute(
            [
                *self._forgetting(),
                *(limits.prefix if limits else ()),
                Git.GIT_PYTHON_GIT_EXECUTABLE,
                *arguments,
            ],
            istream=given or PIPE,
            env=self._environment,
            as_process=True,
            start_new_session=True,
        )
        return Process(started, longest_s=limits.longest_s if limits else None)

    def run(self, *arguments: str) -> bytes:
        """Run it to its end, and return what it says.

        Raises:
            GitCommandError: It failed.
        """
        with self.start(*arguments) as process:
            return process.answer()

    def _forgetting(self) -> list[str]:
        """A command that drops what GitPython would let the process inherit.

        GitPython adds to our own environment and cannot take away from it; an
        empty value is not enough where git asks only whether a name is there.
        """
        inherited = [
            name
            for name in os.environ
            if name.startswith("GIT_") and name not in self._environment
        ]
        options = [word for name in inherited for word in ("-u", name)]
        return ["env", *options] if options else []


def unwritable(error: CommandError | OSError) -> LedgerUnwritable:
    return LedgerUnwritable(f"the ledger could not be written: {reason(error)}")


def broken(error: CommandError | OSError) -> LedgerBroken:
    return LedgerBroken(f"the ledger could not be read: {reason(error)}")


def flush(folder: Path) -> None:
    """Make the names in *folder* durable; git flushes files only.

    Raises:
        LedgerUnwritable: It could not be flushed.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise unwritable(error) from error


def reason(error: CommandError | OSError) -> str:
    """Why it failed, in git's own last words."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error.status, OSError):
        return "git is not installed where it is looked for"
    words = _WORDS.findall(error.stderr)
    return words[-1].rstrip("'") if words else f"git ended with status {error.status}"
