"""`placet guard`: what a live guardrail would do with a text."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.check import FOUND
from registry.cli.options import AsJson
from registry.cli.session import connect
from registry.errors import Invalid

if TYPE_CHECKING:  # slow to import
    from registry.remote.guardrails import Checked, Hit

STANDARD_INPUT = "-"
TOOL_CALL = "tool_call"


def guard(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Such as acme-air/no-promises.")
    ],
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="Has the text; - reads standard input."),
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="TEXT", help="The text itself.")
    ] = None,
    stage: Annotated[
        str,
        typer.Option(
            "--stage",
            metavar="STAGE",
            help="input, output, retrieval, tool_call or tool_result.",
        ),
    ] = "output",
    environment: Annotated[
        str, typer.Option("--environment", metavar="ENV", help="Where it is live.")
    ] = "production",
    as_json: AsJson = False,
) -> None:
    """Run a live guardrail on a text, as a chatbot would.

    At the stage tool_call the text is the call, as JSON. The exit status is 1 if a
    chatbot would keep the text back.

    Examples:
      placet guard acme-air/no-promises --text 'A guaranteed refund!'
      placet guard acme-air/no-promises answer.txt --json
      cat answer.txt | placet guard acme-air/no-promises - --environment staging
      placet guard acme-air/tools --stage tool_call --text '{"name": "refund"}'
    """
    given = _given(file, text)
    with connect() as remote:
        checked = remote.guardrails.check(
            environment,
            name.removeprefix("guardrails/"),
            stage,
            text=None if stage == TOOL_CALL else given,
            tool_call=_call(given) if stage == TOOL_CALL else None,
        )
    if as_json:
        screen.print_json(checked)
    else:
        _show(name, checked)
    if not checked.allowed:
        raise typer.Exit(FOUND)


def _given(file: str | None, text: str | None) -> str:
    if (file is None) == (text is None):
        raise Invalid(
            "it takes a text: a file or --text, and not both",
            hint="Name a file, - for standard input, or write it after --text.",
        )
    if text is not None:
        return text
    path = str(file)
    data = (
        sys.stdin.buffer.read() if path == STANDARD_INPUT else Path(path).read_bytes()
    )
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Invalid(
            f"{screen.line(path)} is not UTF-8", hint="Save it as UTF-8."
        ) from error


def _call(text: str) -> dict[str, object]:
    try:
        call: object = json.loads(text)
    except (ValueError, RecursionError):
        call = None
    if not isinstance(call, dict):
        raise Invalid(
            "the call of a tool is not a JSON object",
            hint='Write it as {"name": "refund", "arguments": {"amount": 900}}.',
        )
    return call


def _show(name: str, checked: "Checked") -> None:
    where = f"{name} {checked.version} in {checked.environment}"
    style = "green" if checked.allowed else "bold red"
    screen.say(f"{checked.action}: {where} at {checked.stage}", style)
    if checked.findings:
        columns = ("rule", "action", "severity", "where", "what")
        screen.show(screen.table(columns, [_row(hit) for hit in checked.findings]))
    if checked.action == "redact":
        screen.say(screen.shown(checked.text))


def _row(hit: "Hit") -> tuple[str, ...]:
    where = "all" if hit.span is None else f"{hit.span[0]}-{hit.span[1]}"
    told = hit.message if hit.error is None else f"not run: {hit.error}"
    return hit.rule, hit.action, hit.severity, where, told
