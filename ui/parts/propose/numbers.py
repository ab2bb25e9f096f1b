"""Line numbers beside a field: a picture that scrolls with the text in it.

Streamlit has no field with line numbers.  The picture is as high as the text is long,
has one number a line, and stands where the text begins (`style.css`).  A screen reader
does without: what is wrong is told with its line and with what stands there.
"""

from urllib.parse import quote

import streamlit as st

LINE_PX = 20
"""The height of a line in the field, as in `style.css`."""

MAX_LINES = 3_000

TONES = {"light": "#5c6873", "dark": "#93a4b3"}


def style(text: str) -> str:
    """CSS of the numbers for *text*; empty where it has too many lines for them."""
    lines = text.count("\n") + 1
    if lines > MAX_LINES:
        return ""
    tone = TONES.get(st.context.theme.type or "", "#77838e")
    picture = quote(_picture(lines, tone), safe="/:=' ")
    return (
        "<style>.st-key-propose-numbered textarea { "
        f'background-image: url("data:image/svg+xml,{picture}"); }}</style>'
    )


def _picture(lines: int, tone: str) -> str:
    numbers = "\n".join(map(str, range(1, lines + 1)))
    font = f"font:12px/{LINE_PX}px ui-monospace,Menlo,Consolas,monospace"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='40' "
        f"height='{lines * LINE_PX}'><foreignObject width='40' height='100%'>"
        f"<pre xmlns='http://www.w3.org/1999/xhtml' style='margin:0;text-align:right;"
        f"color:{tone};{font}'>{numbers}</pre></foreignObject></svg>"
    )
