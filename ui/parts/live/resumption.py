"""Whom it takes to have a bot answer again: told before it is stopped, and after."""

from registry.errors import RegistryError
from registry.remote import Remote
from registry.remote.changes import Standing
from registry.remote.environments import ResumptionPreview
from ui.parts.facts import headed
from ui.parts.hints import here
from ui.parts.marks import mark
from ui.parts.text import shown_line

_NOBODY = (
    "As things stand it could not answer again once it is stopped: an administrator "
    "has to give somebody the seat first."
)


def preview(registry: Remote, environment: str, bot: str) -> ResumptionPreview | str:
    """Whom it would take; why it could not come back where that is refused."""
    try:
        return registry.environments.preview_resumption(environment, bot)
    except RegistryError as error:
        return f"{error}. {here(error.hint)}"


def asked(told: ResumptionPreview | str) -> str:
    """HTML: each requirement, and who could agree; or why it could not come back."""
    title = "Who has to agree before it answers again"
    if isinstance(told, str):
        return headed(title, f"<p>{shown_line(told)}</p>")
    lines = "".join(f"<li>{_line(one)}</li>" for one in told.requirements)
    return headed(title, f"{nobody(told)}<ul>{lines}</ul>")


def nobody(told: ResumptionPreview | str) -> str:
    """HTML: that it could not come back as things stand; empty if it could."""
    if isinstance(told, str) or not told.is_stalled:
        return ""
    return f'<p class="tight">{mark("nobody can", "red")}{_NOBODY}</p>'


def _line(one: Standing) -> str:
    stalled = mark("nobody can", "red") if one.stalled else ""
    return f"{stalled}<strong>{shown_line(one.name)}</strong>: {shown_line(one.why)}"
