"""The screen: everything that the command line prints goes through here.

* What somebody else wrote (titles, documents, comments) is text and nothing
  more: never markup, and characters that steer a terminal or hide are shown
  as what they are, `<U+200B ZERO WIDTH SPACE>`, and not sent.
* Standard output has the answer, standard error everything about it.
* Colours only on a terminal, and not with `NO_COLOR`.  What goes into a pipe
  is never broken into lines or cut.
"""

import json
import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # both are slow to import, and `--help` needs neither
    from rich.console import Console, RenderableType
    from rich.text import Text

PIPE_WIDTH = 100_000

_PLAIN = re.compile(r"[\t\n\x20-\x7e]*\Z")


def shown(text: str) -> str:
    """*text* with what steers or hides written out, as `<U+001B ESCAPE>`."""
    if _PLAIN.match(text):
        return text
    from registry.hidden_text import visible

    return visible(text)


def line(text: str) -> str:
    """*text* on one line."""
    return shown(text).replace("\n", "\\n").replace("\t", " ")


def console(*, error: bool = False) -> "Console":
    """A console on which nothing is markup."""
    from rich.console import Console

    file = sys.stderr if error else sys.stdout
    plain = Console(
        file=file,
        markup=False,
        highlight=False,
        emoji=False,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
    )
    if not plain.is_terminal:
        plain.width = PIPE_WIDTH
    return plain


def say(text: str = "", style: str = "") -> None:
    """Print one piece of text to standard output."""
    _print(console(), styled(text, style))


def note(text: str, style: str = "") -> None:
    """Print one piece of text to standard error."""
    _print(console(error=True), styled(text, style))


def styled(text: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(shown(text), style=style)


def show(*parts: "RenderableType", error: bool = False) -> None:
    """Print to standard output; strings among *parts* must be made safe before.

    Args:
        error: To standard error, where it is not the answer.
    """
    screen = console(error=error)
    for part in parts:
        _print(screen, part)


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence["str | Text"]],
    *,
    indent: int = 0,
    error: bool = False,
) -> "Text":
    """Aligned columns under their names, as wide as where they go at most."""
    from rich.text import Text

    from registry.cli.tables import lay_out

    made = [
        [styled(line(cell)) if isinstance(cell, str) else cell for cell in row]
        for row in rows
    ]
    margin = Text(" " * indent)
    laid_out = lay_out(columns, made, console(error=error).width - indent)
    return Text("\n").join(margin + text for text in laid_out.split("\n"))


def paragraph(text: str, *, indent: int, error: bool = False) -> "Text":
    """*text*, broken at spaces only, with every line of it indented."""
    margin = " " * indent
    lines = textwrap.wrap(
        line(text),
        width=max(console(error=error).width, indent + 1),
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return styled("\n".join(lines))


def short(digest: str) -> str:
    """Enough of *digest* to tell it from others, for tables."""
    return digest.removeprefix("sha256:")[:12]


def print_json(value: object) -> None:
    """Print *value*, frozen values and times in it included, as JSON."""
    import msgspec

    text = json.dumps(msgspec.to_builtins(value), indent=2, ensure_ascii=False)
    sys.stdout.write(_escaped(text) + "\n")


def _escaped(text: str) -> str:
    """JSON that says the same, with escapes for what steers or hides."""
    if _PLAIN.match(text):
        return text
    from registry.hidden_text import visible

    return visible(text, lambda char: json.dumps(char)[1:-1])


def print_bytes(data: bytes) -> None:
    """Print a document: as it is into a pipe, made safe on a terminal."""
    if sys.stdout.isatty():
        say(data.decode("utf-8", "backslashreplace").rstrip("\n"))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.flush()


def is_terminal() -> bool:
    """Whether somebody can answer questions."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def agreed(question: str) -> bool:
    """Ask for yes or no; no is what nothing else is."""
    import typer

    return typer.confirm(line(question), err=True)


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error that is told how many are done; none in a pipe."""
    from rich.progress import Progress

    screen = console(error=True)
    if not screen.is_terminal:
        yield lambda _: None
        return
    with Progress(console=screen, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def _print(screen: "Console", part: "RenderableType") -> None:
    """Text is left to the terminal to wrap: so it can be copied in one piece."""
    from rich.text import Text

    if screen.is_terminal:
        screen.print(part, soft_wrap=isinstance(part, Text))
        return
    with screen.capture() as captured:
        screen.print(part)
    for text in captured.get().splitlines():
        screen.file.write(text.rstrip(" ") + "\n")
    screen.file.flush()


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
