"""The application: every command of `placet`, in the order of `--help`.

Modules of commands import what is slow when a command runs, so that `--help`
and completion are quick.
"""

import inspect
from collections.abc import Callable

import typer

from registry.cli import (
    alerts,
    begin,
    bindings,
    changes,
    check,
    exporting,
    guard,
    importing,
    looking,
    moving,
    people,
    policy,
    pulling,
    repair,
    rollback,
    serving,
    sign_in,
    submitting,
    tokens,
    up,
    voting,
)
from registry.cli.door import Door

Command = Callable[..., None]

PANELS: dict[str, dict[str, Command]] = {
    "Documents": {
        "check": check.check,
        "bundle": check.bundle,
        "pull": pulling.pull,
        "submit": submitting.submit,
        "export": exporting.export,
        "import": importing.import_files,
    },
    "Agreement": {
        "changes": changes.changes,
        "show": changes.show,
        "comment": changes.comment,
        "vote": voting.vote,
        "clear-veto": voting.clear_veto,
        "withdraw": changes.withdraw,
    },
    "What is live": {
        "activate": changes.activate,
        "promote": moving.promote,
        "rollback": rollback.rollback,
        "stop": moving.stop,
        "resume": moving.resume,
        "recall": moving.recall,
        "log": looking.log,
        "diff": looking.diff,
        "asof": looking.asof,
        "search": looking.search,
        "guard": guard.guard,
        "alerts": alerts.alerts,
    },
    "People": {
        "login": sign_in.login,
        "logout": sign_in.logout,
        "whoami": sign_in.whoami,
    },
    "The registry itself, in its folder": {
        "up": up.up,
        "init": begin.init,
        "serve": serving.serve,
        "rebuild": repair.rebuild,
        "verify": repair.verify,
    },
}

GROUPS: dict[str, tuple[str, dict[str, Command]]] = {
    "people": (
        "Who may do what.",
        {
            "list": people.list_people,
            "set": people.set_person,
            "password": people.set_password,
        },
    ),
    "token": (
        "What machines read and submit with.",
        {
            "list": tokens.list_tokens,
            "new": tokens.new_token,
            "revoke": tokens.revoke_token,
        },
    ),
    "bindings": (
        "Which models answer, and for how long.",
        {
            "list": bindings.list_bindings,
            "retiring": bindings.list_retiring,
            "seen": bindings.list_seen,
        },
    ),
    "policy": (
        "Who must agree.",
        {"show": policy.show_policy, "submit": policy.submit_policy},
    ),
}

_PANEL_OF = {"bindings": "What is live"}
"""Where a group stands in `--help`, if not among people."""

HELP = """Placet: what chatbots are told, agreed to by people.

Every command says with --help what it takes, with examples.

Examples:
  placet up                     try it: a registry with an example library
  placet login                  sign in to one
  placet changes                what is being decided
  placet show 42                what a change does, and who has agreed
"""


def _application() -> typer.Typer:
    settings = {"help_option_names": ["-h", "--help"]}
    app = typer.Typer(
        name="placet",
        cls=Door,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings=settings,
        help=HELP,
    )
    for panel, commands in PANELS.items():
        for name, command in commands.items():
            app.command(name, rich_help_panel=panel, help=_help(command))(command)
    for group, (words, commands) in GROUPS.items():
        examples = "\n".join(f"  placet {group} {name} --help" for name in commands)
        inner = typer.Typer(
            no_args_is_help=True,
            context_settings=settings,
            help=f"{words}\n\nEach has examples.\n\nExamples:\n{examples}",
        )
        for name, command in commands.items():
            inner.command(name, help=_help(command))(command)
        panel = _PANEL_OF.get(group, "People")
        app.add_typer(inner, name=group, rich_help_panel=panel)
    return app


def _help(command: Command) -> str:
    """The docstring; its last, empty line keeps examples indented.

    Of a second paragraph Typer takes away the indent that all its lines share.
    """
    return inspect.cleandoc(command.__doc__ or "") + "\n[dim][/dim]"


app = _application()
