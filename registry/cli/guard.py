"""`placet guard`: what a guardrail, live or in a file, would do with a text."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.check import FOUND, print_findings
from registry.cli.options import AsJson, LiveIn
from registry.cli.session import connect
from registry.errors import Invalid
from registry.parts import entries, mappings

if TYPE_CHECKING:  # slow to import
    from collections.abc import Mapping

    from registry.documents import Document
    from registry.remote.guardrails import Checked, Hit

STANDARD_INPUT = "-"
TOOL_CALL = "tool_call"


def guard(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Such as acme-air/no-promises; or a guardrail's file."
        ),
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
    environment: LiveIn = "production",
    as_json: AsJson = False,
) -> None:
    """Run a live guardrail, or one in a file, on a text, as a chatbot would.

    A file needs no registry. At the stage tool_call the text is the call, as
    JSON. The exit status is 1 if a chatbot would keep the text back.

    Examples:
      placet guard acme-air/no-promises --text 'A guaranteed refund!'
      placet guard acme-air/no-promises answer.txt --json
      placet guard work/guardrails/acme-air/no-promises.yaml --text 'For sure!'
      cat answer.txt | placet guard acme-air/no-promises - --env staging
      placet guard acme-air/tools --stage tool_call --text '{"name": "refund"}'
    """
    given = _given(file, text)
    call = _call(given) if stage == TOOL_CALL else None
    asked = None if stage == TOOL_CALL else given
    path = Path(name)
    if path.is_file():
        checked, rules = _check_file(path, stage, asked, call)
    else:
        checked, rules = _check_live(environment, name, stage, asked, call)
    if as_json:
        screen.print_json(checked)
    else:
        _show(name, checked)
        if not _looks_at(rules, stage):
            screen.say(f"no rule looks at {stage}", "yellow")
    if not checked.allowed:
        raise typer.Exit(FOUND)


def _check_live(
    environment: str,
    name: str,
    stage: str,
    text: str | None,
    call: "Mapping[str, object] | None",
) -> "tuple[Checked, Document]":
    from registry.documents import parse

    name = name.removeprefix("guardrails/")
    with connect() as remote:
        checked = remote.guardrails.check(
            environment, name, stage, text=text, tool_call=call
        )
        source = remote.documents.read(f"guardrails/{name}", checked.version)
    return checked, parse(source)


def _check_file(
    path: Path, stage: str, text: str | None, call: "Mapping[str, object] | None"
) -> "tuple[Checked, Document]":
    from placet.errors import PlacetError
    from placet.guardrails import open_guardrail
    from registry.composition import compose
    from registry.remote.guardrails import Checked, Hit

    document = _document(path)
    served = compose(document.ref, {document.ref: document}.__getitem__)
    try:
        guardrail = open_guardrail(json.loads(served.body), served.digest)
        outcome = guardrail.check(stage, text, tool_call=call)
    except (ValueError, TypeError, PlacetError) as error:
        hint = "`placet guard --help` lists the stages, and what each is given."
        raise Invalid(str(error), hint=hint) from error
    hits = (
        Hit(
            rule=one.rule,
            action=one.action.value,
            severity=one.severity,
            span=one.span,
            message=one.message,
            error=one.error,
        )
        for one in outcome.findings
    )
    checked = Checked(
        environment=None,
        seq=None,
        version=document.version,
        digest=served.digest,
        stage=stage,
        action=outcome.action.value,
        allowed=outcome.allowed,
        text=outcome.text,
        findings=tuple(hits),
    )
    return checked, document


def _document(path: Path) -> "Document":
    from registry.cli.library import read_library
    from registry.names import Kind, kind_of

    library = read_library([path])
    if library.found:
        print_findings(library, error=True)
        raise Invalid(f"{path} has mistakes", hint="Mend what is named above first.")
    for ref, document in library.documents.items():
        if kind_of(ref) is Kind.GUARDRAIL:
            return document
    raise Invalid(f"{path} is no guardrail", hint="Name the file of a guardrail.")


def _looks_at(guardrail: "Document", stage: str) -> bool:
    rules = mappings(guardrail.value, "rules")
    return any(stage in entries(rule, "stage") for rule in rules)


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
    where = f"{name} {checked.version}"
    if checked.environment is not None:
        where += f" in {checked.environment}"
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
