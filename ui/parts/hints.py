"""What to do next, as one does it in the console.

A hint of the registry says in words what to do, and sets off the command for whoever
is at a terminal: in parentheses, after a colon at the end, or behind `At a terminal:`.
Here all of these are left out, and the words stand by themselves.  Where a command is
what tells (`placet log ENV` lists them), the page that tells the same is named.
"""

import re

_LIVE, _POLICY = "on the page Live", "on the page Policy and people"
PLACES = {
    "alerts": "“Alerts” in the inbox",
    "asof": "the page Live",
    "changes": "the page Changes",
    "check": "the page Propose",
    "conditions": "the page of the change",
    "diff": f"“Between environments” {_LIVE}",
    "log": f"“Moves” {_LIVE}",
    "notifications": f"“Notices” {_POLICY}",
    "people": f"“People” {_POLICY}",
    "policy": f"“Try another policy” {_POLICY}",
    "ratifications": "the inbox",
    "reviews": "“Reviews” in the inbox",
    "search": "the page Catalogue",
    "show": "the page of the change",
    "token": f"“Tokens” {_POLICY}",
}
"""Where the console tells what a command does; each can begin a sentence."""

_COMMAND = r"`placet [^`]*`"
_AT_A_TERMINAL = re.compile(r"\s*At a terminal: (?:`[^`]*`|[^`.])*\.")
_ASIDE = re.compile(rf" \([^()`]*{_COMMAND}[^()]*\)")
_AT_THE_END = re.compile(rf": {_COMMAND}(?=\.|$)")
_TELLS = re.compile(r"(^|\. |; )`placet ([a-z-]+)[^`]*`(?= [a-z]+s )")


def here(hint: str) -> str:
    """*hint* without commands, and with pages for those that tell something."""
    for aside in (_AT_A_TERMINAL, _ASIDE, _AT_THE_END):
        hint = aside.sub("", hint)
    return _TELLS.sub(_place, hint)


def _place(command: re.Match[str]) -> str:
    place = PLACES.get(command[2])
    if place is None:
        return command[0]
    is_first = command[1] != "; "
    return command[1] + (place[0].upper() + place[1:] if is_first else place)
