"""Asking: what a command still needs from whoever typed it.

On a terminal it is asked for.  Elsewhere nobody can answer: the command is
refused, before it has shown or done anything, and says which option answers.
"""

import typer

from registry.cli import screen
from registry.errors import Invalid


def given_reason(reason: str, what: str) -> str:
    """*reason*, or what is typed when it is asked for.

    Raises:
        Invalid: There is none, and nobody to ask.
    """
    if not reason.strip() and screen.is_terminal():
        reason = typer.prompt(f"Why {what}? Everybody will read it", err=True)
    if not reason.strip():
        raise Invalid(f"it needs a reason to {what}", hint="Give --reason '...'.")
    return reason


def check_askable(*, yes: bool) -> None:
    """Raises:
    Invalid: It is not said to go ahead, and nobody is there to be asked.
    """
    if not yes and not screen.is_terminal():
        raise Invalid(
            "there is no terminal to ask on",
            hint="Say --yes to do it without being asked.",
        )


def confirm(question: str, *, yes: bool) -> None:
    """Go on only if it is agreed to.

    Raises:
        Invalid: Nobody is there to be asked.
    """
    check_askable(yes=yes)
    if not yes and not screen.agreed(question):
        raise typer.Abort
