"""Whom it takes to have a bot answer again: told before it is stopped, and after."""

from registry.errors import RegistryError
from registry.remote import Remote
from registry.remote.changes import Standing
from ui.parts.facts import headed
from ui.parts.hints import here
from ui.parts.marks import mark
from ui.parts.text import shown_line

_NOBODY = (
    "As things stand it could not answer again: an administrator has to give somebody "
    "the seat first."
)


def asked(registry: Remote, environment: str, bot: str) -> str:
    """HTML: each requirement, and who could agree; or why it could not come back."""
    title = "Who has to agree before it answers again"
    try:
        told = registry.environments.preview_resumption(environment, bot)
    except RegistryError as error:
        return headed(title, f"<p>{shown_line(f'{error}. {here(error.hint)}')}</p>")
    lines = "".join(f"<li>{_line(one)}</li>" for one in told.requirements)
    nobody = f"<p>{mark('nobody can', 'red')}{_NOBODY}</p>" if told.is_stalled else ""
    return headed(title, f"{nobody}<ul>{lines}</ul>")


def _line(one: Standing) -> str:
    stalled = mark("nobody can", "red") if one.stalled else ""
    return f"{stalled}<strong>{shown_line(one.name)}</strong>: {shown_line(one.why)}"
