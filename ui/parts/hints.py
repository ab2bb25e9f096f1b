"""What to do next, as one does it in the console.

The registry's hints name commands, for those at a terminal.  Here each of them is
named by the page, or the part of it, that does the same; what only a terminal can do
says so.
"""

import re

_LIVE, _POLICY, _LEDGER = (
    "on the page Live",
    "on the page Policy and people",
    "on the page Ledger",
)
PLACES = {
    "alerts": "“Alerts” in the inbox",
    "asof": "“Live”",
    "certify": "“Reviews” in the inbox",
    "changes": "“Changes”",
    "check": "“Propose”",
    "clear-veto": "“Changes”",
    "conditions": "“Changes”",
    "diff": f"“Between environments” {_LIVE}",
    "evidence": f"“Evidence” {_LEDGER}",
    "log": f"“Moves” {_LIVE}",
    "login": "“Sign in again”",
    "notifications": f"“Notices” {_POLICY}",
    "people": f"“People” {_POLICY}",
    "policy": f"“Try another policy” {_POLICY}",
    "promote": f"“Between environments” {_LIVE}",
    "pull": "“Propose”",
    "ratifications": "“Inbox”",
    "resume": f"“Have it answer again” {_LIVE}",
    "reviews": "“Reviews” in the inbox",
    "rollback": f"“Go back” {_LIVE}",
    "search": "“Catalogue”",
    "show": "“Changes”",
    "stop": f"“Stop” {_LIVE}",
    "submit": "“Propose”",
    "token": f"“Tokens” {_POLICY}",
    "verify": f"“Verify” {_LEDGER}",
    "withdraw": "“Changes”",
}
"""Where the console has what a command does."""

_COMMAND = re.compile(r"`placet ([a-z-]+)([^`]*)`")
_AT_A_TERMINAL = re.compile(r"\s*At a terminal: (?:`[^`]*`|[^`.])*\.")


def here(hint: str) -> str:
    """*hint* with pages in the place of commands."""
    return _COMMAND.sub(_place, _AT_A_TERMINAL.sub("", hint))


def _place(command: re.Match[str]) -> str:
    return PLACES.get(command[1], f"{command[0]} at a terminal")
