"""Text that somebody wrote, made fit to be shown.

Authors are not trusted with the page.  Their text goes through `shown` into HTML, or
through `label` into what Streamlit reads as Markdown; there is no third way.  What
hides is shown as a red tag with its number, and never left out.
"""

import html
import re
from collections.abc import Iterable

from registry.hidden_text import Hidden, pieces, visible

MAX_REASON = 2000
"""Characters of a reason that somebody gives."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&@])")
_SEEN = re.compile(
    r"(?i)(?<=http)(?=://)|(?<=https)(?=://)|(?<=www)(?=\.)|(?=@)"
    r"|(?<=:)(?<!\d:)(?=[\w+/-]+:)"
)
"""Where an address or an icon's name is seen, also in what is escaped: Streamlit makes
a link of one, and draws the other, such as `:material/verified:` or `:100:`."""

_APART = "\u200b"
"""Has no width, and keeps either from being seen."""


def shown(text: str) -> str:
    """HTML of *text*; line ends stay line ends."""
    return "".join(
        html.escape(piece.text)
        if piece.hidden is None
        else _tags(piece.text, piece.hidden)
        for piece in pieces(text)
    )


def shown_line(text: str) -> str:
    """HTML of *text* on one line."""
    return shown(" ".join(text.split()))


def marked_line(text: str, words: Iterable[str]) -> str:
    """HTML of *text* on one line, with each of *words* marked, whatever its case.

    Words are not looked for across what hides, which is shown as it always is.
    """
    wanted = "|".join(re.escape(one) for one in words)
    find = re.compile(f"({wanted})" if wanted else "(?!)", re.IGNORECASE)
    return "".join(
        _marked(piece.text, find)
        if piece.hidden is None
        else _tags(piece.text, piece.hidden)
        for piece in pieces(" ".join(text.split()))
    )


def _marked(text: str, find: re.Pattern[str]) -> str:
    # What is between the words and the words themselves, in turns.
    return "".join(
        f'<mark class="hit">{html.escape(part)}</mark>'
        if turn % 2
        else html.escape(part)
        for turn, part in enumerate(find.split(text))
    )


def label(text: str, limit: int = 120) -> str:
    """Markdown that reads as *text*, on one line, for labels of widgets."""
    line = " ".join(visible(text).split())
    cut = line if len(line) <= limit else line[: limit - 1] + "…"
    return _MARKDOWN.sub(r"\\\1", _SEEN.sub(_APART, cut))


def plain(text: str, limit: int = 120) -> str:
    """*text* on one line for what is not Markdown: options, table cells, file names."""
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def sentence(text: str) -> str:
    """*text* with a capital and a full stop; not escaped."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def attribute(text: str) -> str:
    """*text* on one line as the value of an HTML attribute, where no tag can stand."""
    return html.escape(plain(text, 500))


def _tags(text: str, hidden: Hidden) -> str:
    codes = "".join(
        f"[U+{ord(char):04X}]" if not _is_printed(char) else html.escape(char)
        for char in text
    )
    return f'<mark class="hidden" title="{html.escape(hidden.sentence)}">{codes}</mark>'


def _is_printed(char: str) -> bool:
    return char.isprintable() and not char.isspace()
