"""What cannot be undone, or speaks in one's name, asks first: every command."""

import inspect
from pathlib import Path

import pytest
from typer.testing import CliRunner

from registry.cli.app import GROUPS, PANELS, app

COMMANDS = {
    name: command for panel in PANELS.values() for name, command in panel.items()
}
COMMANDS |= {
    f"{group} {name}": command
    for group, (_, commands) in GROUPS.items()
    for name, command in commands.items()
}

REASON = ("--reason", "Because.")
ASK = {
    "vote": ("7", "--approve"),
    "clear-veto": ("7", "--of", "legal", *REASON),
    "waive": ("7", "answers", "--seat", "risk", "--until", "7d", *REASON),
    "withdraw": ("7", *REASON),
    "meet": ("7", "--of", "risk", "--note", "Done."),
    "ratify": ("7",),
    "repudiate": ("7", *REASON),
    "certify": ("prompts/a/b", "--env", "x", "--until", "2027-10-31", *REASON),
    "rollback": ("production", "--all", "--to", "1", *REASON),
    "recall": (f"sha256:{'0' * 64}", *REASON),
    "people confirm": ("risk",),
    "token revoke": ("7f3a9c",),
    "keys retire": ("3f9ac2d1",),
}
"""Each with what it takes."""

SAY_WHY_NOT = {
    "stop": "somebody is in a hurry",
    "activate": "everybody has agreed; it asks on a terminal",
    "people set": "it can be set again; it asks on a terminal before a seat is empty",
}
"""What takes `--yes` and does not need it."""

UNDOABLE = {
    "submit": "it can be withdrawn",
    "promote": "it can be withdrawn",
    "resume": "it can be withdrawn",
    "policy submit": "it can be withdrawn",
    "comment": "it changes nothing",
    "attach": "the next result takes its place",
    "alerts": "the next difference raises another one",
    "pull": "it refuses to drop edits without --force",
    "export": "it writes where it is told to",
    "import": "it writes where it is told to",
    "bundle": "it writes where it is told to",
    "evidence": "it writes where it is told to",
    "login": "one can sign out",
    "logout": "one can sign in",
    "people refuse": "it can be asked for again",
    "people password": "another one can be set",
    "token new": "it can be revoked",
    "notifications targets add": "it can be removed",
    "notifications targets remove": "it can be added again",
    "notifications targets rotate": "it can be rotated again",
    "notifications targets test": "it changes nothing",
    "up": "it goes on with what is there",
    "init": "it refuses a folder that is in use",
    "serve": "it can be ended",
    "console": "it can be ended",
    "rebuild": "it makes again what can be made again",
    "backup": "it writes where it is told to",
    "restore": "it takes an empty folder, or says what --here does",
    "move": "what was there before stays in the folder",
    "keys rotate": "the new one can be retired; those from before sign on",
}
"""What changes something at once."""

READ = {
    *("check", "inbox", "changes", "show", "conditions", "ratifications", "reviews"),
    *("log", "diff", "asof", "search", "guard", "bisect", "replay", "whoami", "verify"),
    "clients",
    *("people list", "token list", "bindings list", "bindings retiring"),
    *("bindings seen", "ledger checkpoint", "ledger keys", "ledger mirrors"),
    *("notifications list", "notifications targets list", "policy show"),
    *("policy check", "policy explain", "policy simulate"),
    *("keys list", "keys show"),
}


def test_every_command_asks_or_need_not():
    assert {*ASK, *SAY_WHY_NOT, *UNDOABLE, *READ} == COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_what_asks_takes_yes_and_nothing_else_does(name: str):
    takes = "yes" in inspect.signature(COMMANDS[name]).parameters

    assert takes == (name in {*ASK, *SAY_WHY_NOT})


@pytest.mark.parametrize("name", ASK)
def test_where_nobody_can_be_asked_it_is_refused_without_yes(name: str, tmp_path: Path):
    env = {"XDG_CONFIG_HOME": str(tmp_path), "PLACET_URL": None, "PLACET_TOKEN": None}

    result = CliRunner().invoke(app, [*name.split(), *ASK[name]], env=env)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Say --yes to do it without being asked." in result.stderr
