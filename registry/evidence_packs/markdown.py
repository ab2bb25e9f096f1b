"""A report as Markdown: to read in a terminal or where Markdown is shown.

What somebody wrote is never markup: in a line every character that could be is
written so that it is not, and a text stands in a fence that is longer than any run
of backticks in it.
"""

import re
from collections.abc import Iterator

from registry.evidence_packs.report import (
    Block,
    Difference,
    Pairs,
    Paragraph,
    Passage,
    Report,
    Table,
)
from registry.hidden_text import visible

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
_MARKUP = re.compile(r"[\\`*_\[\]|~]")
_LEADING = re.compile(r"^[#=+-]|^\d(?=\d{0,8}[.)])")
_ADDRESS = re.compile(r"(?i)(?<=[a-z]):(?=//)|(?<=www)\.")
"""What would make a link of an address."""

_ANY_SPACE = re.compile(r"\s+")
_TICKS = re.compile(r"`+")


def markdown(report: Report) -> str:
    return "\n".join(_page(report))


def _page(report: Report) -> Iterator[str]:
    yield f"# {_shown(report.title)}\n"
    yield f"{_line(report.about)}\n"
    for part in report.sections:
        yield f"## {_shown(part.title)}\n"
        for block in part.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield f"{_line(block.text)}\n"
        case Pairs():
            yield from _table(("", ""), block.rows)
        case Table() if not block.rows:
            yield f"{_line(block.empty)}\n"
        case Table():
            yield from _table(block.columns, block.rows)
        case Passage():
            yield f"**{_shown(block.caption)}**\n"
            yield _fenced(block.text, "yaml")
        case Difference():
            yield f"**{_shown(block.caption)}**\n"
            yield _fenced("\n".join(block.lines), "diff")


def _table(
    columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> Iterator[str]:
    yield _row(columns)
    yield "|" + " --- |" * len(columns)
    for row in rows:
        yield _row(row)
    yield ""


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(_shown, cells)) + " |"


def _shown(text: str) -> str:
    """*text* on one line, as text and nothing else."""
    flat = _ANY_SPACE.sub(" ", visible(text)).strip()
    plain = re.sub(r"[&<>@]", lambda found: _ENTITIES[found[0]], flat)
    plain = _MARKUP.sub(r"\\\g<0>", plain)
    return _ADDRESS.sub(lambda found: f"&#{ord(found[0])};", plain)


def _line(text: str) -> str:
    """The same at the beginning of a line, where more is markup."""
    shown = _shown(text)
    return _LEADING.sub(lambda found: f"&#{ord(found[0])};", shown, count=1)


def _fenced(text: str, language: str) -> str:
    shown = visible(text)
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    end = "" if shown.endswith("\n") or not shown else "\n"
    return f"{fence}{language}\n{shown}{end}{fence}\n"
