"""The text of a file that somebody else wrote, before anything reads it.

* At most 256 KiB, in UTF-8; a byte order mark at its beginning is left out.
* Lines end with LF; what ended with CRLF or CR is changed, and told.
* No NUL: no prompt and no rule needs one.
* Frontmatter is what stands between two lines of `---` at the beginning.
"""

import re

from registry.documents import MAX_BYTES
from registry.errors import TooLarge
from registry.imports.results import Notes, refused

_FENCE = re.compile(r"---[ \t]*(?:\n|\Z)")
_PREAMBLE = re.compile(r"(?:(?:#[^\n]*|[ \t]*)\n)*")


def decoded(data: bytes, notes: Notes) -> str:
    """Raises:
    Invalid: It is not UTF-8, holds NUL, or is empty.
    TooLarge: It has more than 256 KiB.
    """
    if len(data) > MAX_BYTES:
        hint = "Split the file; a document may have at most 256 KiB."
        raise TooLarge(f"the file has {len(data):,} bytes", hint=hint)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"line {line} has bytes that are not UTF-8"
        raise refused(message, "Save the file as UTF-8, then import it.") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refused(f"line {line} has the character NUL", "Leave it out.")
    if not text.strip():
        raise refused("the file is empty", "There is nothing to import.")
    if "\r" in text:
        notes.add("", "Lines that ended with CRLF or CR end with LF now.")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def fenced(text: str) -> tuple[str | None, str]:
    """Split *text* into its frontmatter, if it has any, and the rest.

    Blank lines and lines that begin with `#` may stand before it.

    Raises:
        Invalid: Frontmatter begins and does not end.
    """
    preamble = _PREAMBLE.match(text)
    begin = _FENCE.match(text, preamble.end() if preamble else 0)
    if begin is None:
        return None, text
    at = begin.end()
    while at < len(text):
        end = _FENCE.match(text, at)
        if end is not None:
            return text[begin.end() : at], text[end.end() :]
        following = text.find("\n", at)
        at = len(text) if following < 0 else following + 1
    message = "the frontmatter begins with `---` and never ends"
    raise refused(message, "Close it with a line of `---`.")
