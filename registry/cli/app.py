"""The application: every command of `placet`, in the order of `--help`.

Modules of commands import what is slow when a command runs, so that `--help`
and completion are quick.
"""

import inspect
from collections.abc import Callable
from typing import Annotated

import typer

from registry.cli import (
    activating,
    alerts,
    backups,
    begin,
    bindings,
    bisecting,
    changes,
    check,
    checking,
    clients,
    comparing,
    console,
    copies,
    evidence,
    exporting,
    guard,
    head_keys,
    importing,
    looking,
    moving,
    notifications,
    people,
    policy,
    policy_checking,
    policy_explaining,
    promoting,
    pulling,
    ratifying,
    repair,
    replaying,
    reviewing,
    rollback,
    serving,
    sign_in,
    submitting,
    tokens,
    up,
    voting,
    waiting,
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
        "inbox": waiting.inbox,
        "changes": changes.changes,
        "show": changes.show,
        "comment": changes.comment,
        "vote": voting.vote,
        "clear-veto": voting.clear_veto,
        "attach": checking.attach,
        "waive": checking.waive,
        "withdraw": changes.withdraw,
        "conditions": reviewing.conditions,
        "meet": reviewing.meet,
    },
    "What is live": {
        "activate": activating.activate,
        "promote": promoting.promote,
        "rollback": rollback.rollback,
        "stop": moving.stop,
        "resume": moving.resume,
        "recall": moving.recall,
        "ratifications": ratifying.ratifications,
        "ratify": ratifying.ratify,
        "repudiate": ratifying.repudiate,
        "reviews": reviewing.reviews,
        "certify": reviewing.certify,
        "log": looking.log,
        "diff": comparing.diff,
        "asof": looking.asof,
        "clients": clients.clients,
        "search": looking.search,
        "evidence": evidence.evidence,
        "guard": guard.guard,
        "bisect": bisecting.bisect,
        "replay": replaying.replay,
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
        "console": console.console,
        "rebuild": repair.rebuild,
        "verify": repair.verify,
        "backup": backups.backup,
        "restore": backups.restore,
        "move": backups.move,
    },
}

GROUPS: dict[str, tuple[str, dict[str, Command]]] = {  # outer ones first
    "people": (
        "Who may do what.",
        {
            "list": people.list_people,
            "set": people.set_person,
            "confirm": people.confirm_person,
            "refuse": people.refuse_person,
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
    "ledger": (
        "What proves it, and where copies are.",
        {
            "checkpoint": copies.checkpoint,
            "keys": copies.keys,
            "mirrors": copies.mirrors,
        },
    ),
    "keys": (
        "What signs what chatbots read.",
        {
            "list": head_keys.list_keys,
            "show": head_keys.show_keys,
            "rotate": head_keys.rotate_keys,
            "retire": head_keys.retire_key,
        },
    ),
    "notifications": (
        "What goes out, to people and other systems.",
        {"list": notifications.list_notifications},
    ),
    "notifications targets": (
        "Where notices go.",
        {
            "list": notifications.list_targets,
            "add": notifications.add_target,
            "remove": notifications.remove_target,
            "test": notifications.try_target,
            "rotate": notifications.rotate_secret,
        },
    ),
    "policy": (
        "Who must agree.",
        {
            "show": policy.show_policy,
            "check": policy_checking.check_policy,
            "explain": policy_explaining.explain_policy,
            "simulate": policy.simulate_policy,
            "submit": policy.submit_policy,
        },
    ),
}

_PANEL_OF = {
    "bindings": "What is live",
    "keys": "The registry itself, in its folder",
    "ledger": "The registry itself, in its folder",
}
"""Where a group stands in `--help`, if not among people."""

HELP = """Placet: what chatbots are told, agreed to by people.

Every command says with --help what it takes, with examples.

Examples:
  placet up                     try it: a registry with an example library
  placet login                  sign in to one
  placet changes                what is being decided
  placet show 42                what a change does, and who has agreed
"""


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"placet {version('placet-server')}")
        raise typer.Exit


def _placet(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_say_version,
            is_eager=True,
            help="Say which one this is.",
        ),
    ] = False,
) -> None:
    pass


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
    app.callback()(_placet)
    for panel, commands in PANELS.items():
        for name, command in commands.items():
            app.command(name, rich_help_panel=panel, help=_help(command))(command)
    groups = {"": app}
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
        outer, _, name = group.rpartition(" ")
        groups[outer].add_typer(inner, name=name, rich_help_panel=panel)
        groups[group] = inner
    return app


def _help(command: Command) -> str:
    """The docstring; its last, empty line keeps examples indented.

    Of a second paragraph Typer takes away the indent that all its lines share.
    """
    return inspect.cleandoc(command.__doc__ or "") + "\n[dim][/dim]"


app = _application()
