"""The door: where every error of the command line ends, as one sentence.

* 0: done.  1: `check` or `verify` found something, `guard` would keep a text back.
  2: refused, or wrong input.
* An error is one sentence and what to do about it, on standard error.  A
  traceback means a fault of ours.
* Ctrl-C ends with 130, as shells expect, and without a word.
"""

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from registry.cli import screen
from registry.errors import InvalidDocument, RegistryError

REFUSED = 2


class Door(TyperGroup):
    """The outermost group of commands."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Run a command; ends the process with its status."""
        try:
            status = super().main(
                args, prog_name, complete_var, False, windows_expand_args, **extra
            )
        except RegistryError as error:
            status = refused(error)
        except typer.TyperException as error:
            status = _misused(error)
        except OSError as error:
            status = _failed(error)
        except typer.Abort:
            screen.note("placet: nothing was done")
            status = REFUSED
        if not standalone_mode:
            return status
        sys.exit(status or 0)


def refused(error: RegistryError) -> int:
    """Tell *error*, and give the exit status for it."""
    if isinstance(error, InvalidDocument):
        for finding in error.findings:
            where = f":{finding.line}" if finding.line else ""
            screen.note(f"{error.document}{where}: {finding.message} ({finding.hint})")
        screen.note(f"placet: {error.document} cannot be taken as it is", "bold red")
        screen.note(f"  {error.hint}")
        return REFUSED
    screen.note(f"placet: {error}", "bold red")
    screen.note(f"  {error.hint}")
    return REFUSED


def _misused(error: typer.TyperException) -> int:
    """An empty message is help that was printed already."""
    message = _in_our_words(error).strip().rstrip(".")
    if message:
        screen.note(f"placet: {message[:1].lower()}{message[1:]}", "bold red")
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "placet"
        screen.note(f"  `{path} --help` shows what it takes, with examples.")
    return REFUSED


def _in_our_words(error: typer.TyperException) -> str:
    """What does not fit is told as the registry tells it over HTTP."""
    message, found = error.format_message(), getattr(error.__cause__, "errors", None)
    if found is None:
        return message
    from registry.api.request_words import mistake

    told = found()[0]
    if told["type"] == "value_error":
        return message.replace(error.message, str(told["ctx"]["error"]))
    return message.replace(error.message, mistake({**told, "loc": ("", "it")}))


def _failed(error: OSError) -> int:
    what = error.strerror or str(error)
    place = f"{error.filename}: " if error.filename else ""
    screen.note(f"placet: {place}{what}", "bold red")
    screen.note("  Check the path, its permissions and the space on the disk.")
    return REFUSED
