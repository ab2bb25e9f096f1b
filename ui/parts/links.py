"""Links that several pages show within HTML of their own."""

from ui.parts.pages import CHANGE, path_of
from ui.parts.text import shown


def change_link(change: int | None) -> str:
    """HTML of a link to a change; nothing where there is none."""
    if change is None:
        return ""
    address = shown(path_of(CHANGE, id=change))
    return f'<a href="{address}" target="_self" class="nowrap">change {change}</a>'
