"""A report as one page of HTML: to read, to print, and to open from anybody.

* Everything that somebody wrote is escaped, and characters that hide are written
  out; the exact bytes are in `texts/`.
* The page runs nothing and loads nothing: there is no script, no image and no
  address in it, and its policy forbids them.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from html import escape

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
from registry.names import Kind

_STYLE = """
:root { --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --fill: #f6f8fa; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.5rem 4rem; color: var(--ink);
  background: #fff; font: 15px/1.5 system-ui, Helvetica, Arial, sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-top: .8rem;
  border-top: 1px solid var(--line); overflow-wrap: anywhere; }
h3 { font-size: .95rem; margin: 1.2rem 0 .3rem; overflow-wrap: anywhere; }
p { margin: .4rem 0; max-width: 60rem; overflow-wrap: anywhere; }
p.about { color: var(--soft); font-size: 1.05rem; }
nav ol { columns: 2; margin: .6rem 0 0; padding-left: 1.5rem; color: var(--soft); }
nav li { break-inside: avoid; overflow-wrap: anywhere; }
a { color: inherit; }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr;
  gap: .25rem 1rem; margin: .6rem 0; }
dt { color: var(--soft); max-width: 16rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; min-width: 4.5rem; }
th { background: var(--fill); font-weight: 600; overflow-wrap: normal; }
pre { font: 12.5px/1.45 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace;
  background: var(--fill); border: 1px solid var(--line); border-radius: 4px;
  padding: .7rem .9rem; margin: .2rem 0 1rem; white-space: pre-wrap;
  overflow-wrap: anywhere; tab-size: 4; }
ins, del { display: block; text-decoration: none; }
ins { background: #dafbe1; } del { background: #ffebe9; }
i { font-style: normal; color: var(--soft); }
span { white-space: nowrap; }
code { font: .85em/1.4 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace;
  overflow-wrap: anywhere; }
.empty { color: var(--soft); }
@media print {
  @page { margin: 16mm 14mm; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  h1 { font-size: 16pt; } h2 { font-size: 12pt; } h3 { font-size: 9.5pt; }
  table { font-size: 7.5pt; } pre { font-size: 7.5pt; background: none; }
  th, td { min-width: 3.7rem; padding: .2rem .3rem; }
  thead { display: table-header-group; } tr, dt, dd { break-inside: avoid; }
  h2, h3 { break-after: avoid; break-inside: avoid; } nav ol { columns: 1; }
  .wide { overflow: visible; }
  ins, del { border-left: 2px solid; padding-left: .3rem; }
}
"""
_DIGEST = re.compile(r"\bsha256:[0-9a-f]{64}\b")
_WHOLE = re.compile(
    r"\b\d{4}-\d\d-\d\d\b|\b\d\d:\d\d:\d\d UTC\b|\(?\b[0-9a-f]{12}\b\)?"
)
"""What is not broken: a day, a time, and the beginning of a digest."""

_NAME = re.compile(
    rf"\b(?:{'|'.join(sorted(kind.plural for kind in Kind))})(?:/[a-z0-9._-]{{1,40}})+"
)
"""What is broken at its slashes only."""

_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; "
    "form-action 'none'"
)


def html(report: Report) -> str:
    return "\n".join(_page(report)) + "\n"


def _page(report: Report) -> Iterator[str]:
    title = _shown(report.title)
    yield "<!DOCTYPE html>"
    yield '<html lang="en" dir="ltr">'
    yield '<head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{title}</title>"
    yield f"<style>{_STYLE}</style></head>"
    yield f'<body><header><h1>{title}</h1><p class="about">{_shown(report.about)}</p>'
    yield "<nav><ol>"
    for number, part in enumerate(report.sections, start=1):
        yield f'<li><a href="#part-{number}">{_shown(part.title)}</a></li>'
    yield "</ol></nav></header><main>"
    for number, part in enumerate(report.sections, start=1):
        yield f'<section><h2 id="part-{number}">{_shown(part.title)}</h2>'
        for block in part.blocks:
            yield from _block(block)
        yield "</section>"
    yield "</main></body></html>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield f"<p>{_told(block.text)}</p>"
        case Pairs():
            rows = (f"<dt>{_shown(n)}</dt><dd>{_told(v)}</dd>" for n, v in block.rows)
            yield f"<dl>{''.join(rows)}</dl>"
        case Table():
            yield from _table(block)
        case Passage():
            yield f"<h3>{_told(block.caption)}</h3>"
            yield f"<pre>\n{_shown(block.text)}</pre>"
        case Difference():
            yield f"<h3>{_told(block.caption)}</h3>"
            lines = "".join(map(_line, block.lines))
            yield f"<pre>\n{lines}</pre>" if lines else '<p class="empty">Nothing.</p>'


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield f'<p class="empty">{_shown(table.empty)}</p>'
        return
    yield '<div class="wide"><table><thead>'
    yield _row("th", table.columns)
    yield "</thead><tbody>"
    for row in table.rows:
        yield _row("td", row)
    yield "</tbody></table></div>"


def _row(tag: str, cells: tuple[str, ...]) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    made = "".join(f"<{tag}{scope}>{_told(cell)}</{tag}>" for cell in cells)
    return f"<tr>{made}</tr>"


def _line(line: str) -> str:
    """A coloured line is a block, and so brings its own end."""
    tag = {"+": "ins", "-": "del", "@": "i"}.get(line[:1])
    shown = _shown(line)
    if tag is None:
        return f"{shown}\n"
    return f"<{tag}>{shown}</{tag}" + (">\n" if tag == "i" else ">")


def _told(text: str) -> str:
    """The same, with digests, dates and names marked, so that they break well."""
    coded = _DIGEST.sub(r"<code>\g<0></code>", _shown(text))
    whole = _WHOLE.sub(r"<span>\g<0></span>", coded)
    return _NAME.sub(lambda found: "<wbr>".join(_segments(found[0])), whole)


def _segments(name: str) -> Iterator[str]:
    *folders, last = name.split("/")
    yield from (f"<span>{folder}/</span>" for folder in folders)
    yield f"<span>{last}</span>"


def _shown(text: str) -> str:
    return escape(visible(text), quote=True)
