"""A Handlebars text taken apart: what is text, and what stands in tags.

White space is settled here, as Handlebars does it before it renders anything:

 * `~` at either end of a tag takes away all white space beside it.
 * A line with nothing on it but a comment, or where a block begins, turns or ends,
   is left out as a whole.
 * A backslash before `{{` makes it text.
"""

import re
from dataclasses import dataclass, replace

from registry.imports.results import refused
from registry.values import quoted

_REMARK = re.compile(r"\{\{~?!(?P<dashes>(?:--)?)")
_TAG = re.compile(
    r"\{\{(?P<left>~?)(?P<inner>(?:\"[^\"]*\"|'[^']*'|[^\"'{}~]|~(?!\}\}))*+)"
    r"(?P<right>~?)\}\}"
)
_TRIPLE = re.compile(r"\{\{\{(?P<inner>(?:\"[^\"]*\"|'[^']*'|[^\"'{}])*+)\}\}\}")
_BLANK_LINE_BEFORE = re.compile(r"\n[^\S\n]*\Z")
_BLANK_LINE_AFTER = re.compile(r"[^\S\n]*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Attributes:
    sign: `#`, `^`, `/`, `!` or `>`; empty for a value or a helper.
    words: What stands in it, texts in quotes whole.
    """

    sign: str
    words: tuple[str, ...]
    left: bool
    right: bool

    @property
    def takes_its_line(self) -> bool:
        return self.sign in {"#", "^", "/", "!"} or self.words[:1] == ("else",)


@dataclass(frozen=True, slots=True)
class _Text:
    """Literal text; what stood there first decides whether a line is blank."""

    now: str
    first: str
    cut_left: bool = False
    cut_right: bool = False


def taken_apart(text: str) -> list[str | Tag]:
    """Raises:
    Invalid: A tag never ends, or has something in it that is not read.
    """
    found = _scanned(text)
    _cut_by_tildes(found)
    _cut_lines(found)
    return [part.now if isinstance(part, _Text) else part for part in found]


def _scanned(text: str) -> list[_Text | Tag]:
    found: list[_Text | Tag] = []
    said: list[str] = []
    ends = _Ends(text)
    at = 0
    while (start := text.find("{{", at)) >= 0:
        before = text[at:start]
        if before.endswith("\\") and not before.endswith("\\\\"):
            said += [before[:-1], "{{"]
            at = start + 2
            continue
        said.append(before[:-1] if before.endswith("\\\\") else before)
        if literal := "".join(said):
            found.append(_Text(literal, literal))
        said = []
        tag, at = _tag(text, start, ends)
        found.append(tag)
    said.append(text[at:])
    if literal := "".join(said):
        found.append(_Text(literal, literal))
    return found


class _Ends:
    """Where comments end; that there is no further end is looked for once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next: dict[str, int] = {}

    def of_remark(self, start: int) -> int | None:
        """Where the comment that begins at *start* is over; None if none does."""
        begun = _REMARK.match(self._text, start)
        if begun is None:
            return None
        if begun["dashes"]:
            plain = self._after("--}}", begun.end())
            cut = self._after("--~}}", begun.end())
            if plain is not None or cut is not None:
                return min(end for end in (plain, cut) if end is not None)
        return self._after("}}", begun.end())

    def _after(self, mark: str, at: int) -> int | None:
        found = self._next.get(mark, 0)
        if 0 <= found < at:
            found = self._next[mark] = self._text.find(mark, at)
        return found + len(mark) if found >= 0 else None


def _tag(text: str, start: int, ends: _Ends) -> tuple[Tag, int]:
    end = ends.of_remark(start)
    if end is not None:
        left, right = text[start + 2] == "~", text[end - 3] == "~"
        return Tag(sign="!", words=(), left=left, right=right), end
    whole = _TRIPLE.match(text, start) or _TAG.match(text, start)
    if whole is None or text.startswith("{{{{", start):
        shown = quoted(text[start : start + 40].split("\n")[0])
        hint = "Close the tag, or put a backslash before it if it is text."
        raise refused(f"the tag {shown} is not read", hint)
    inner = whole["inner"].strip()
    sign = inner[:1] if inner[:1] in {"#", "^", "/", ">", "&", "*"} else ""
    words = tuple(re.findall(r"(?:\"[^\"]*\"|'[^']*'|[^\s\"'])+", inner[len(sign) :]))
    marks = whole.groupdict()
    tag = Tag(
        sign="" if sign == "&" else sign,
        words=words,
        left=bool(marks.get("left")),
        right=bool(marks.get("right")),
    )
    return tag, whole.end()


def _cut_by_tildes(found: list[_Text | Tag]) -> None:
    for index, tag in enumerate(found):
        if not isinstance(tag, Tag):
            continue
        before = found[index - 1] if index else None
        after = found[index + 1] if index + 1 < len(found) else None
        if tag.left and isinstance(before, _Text):
            found[index - 1] = replace(before, now=before.now.rstrip(), cut_right=True)
        if tag.right and isinstance(after, _Text):
            found[index + 1] = replace(after, now=after.now.lstrip(), cut_left=True)


def _cut_lines(found: list[_Text | Tag]) -> None:
    for index, tag in enumerate(found):
        if not isinstance(tag, Tag) or not tag.takes_its_line:
            continue
        if not (_alone_before(found, index) and _alone_after(found, index)):
            continue
        before = found[index - 1] if index else None
        after = found[index + 1] if index + 1 < len(found) else None
        if isinstance(before, _Text) and not before.cut_right:
            cut = before.now.rstrip(" \t")
            found[index - 1] = replace(before, now=cut, cut_right=True)
        if isinstance(after, _Text) and not after.cut_left:
            cut = re.sub(r"\A[ \t]*\n?", "", after.now)
            found[index + 1] = replace(after, now=cut, cut_left=True)


def _alone_before(found: list[_Text | Tag], index: int) -> bool:
    if index == 0:
        return True
    before = found[index - 1]
    if not isinstance(before, _Text):
        return False
    first = index == 1 and not before.first.strip()
    return first or _BLANK_LINE_BEFORE.search(before.first) is not None


def _alone_after(found: list[_Text | Tag], index: int) -> bool:
    if index + 1 == len(found):
        return True
    after = found[index + 1]
    if not isinstance(after, _Text):
        return False
    last = index + 2 == len(found) and not after.first.strip()
    return last or _BLANK_LINE_AFTER.match(after.first) is not None
