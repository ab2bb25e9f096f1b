"""Hidden text: what a model reads of a text and a person who reviews it does not see.

Everything that is found is of one class, and says where it stands, what it is and,
where it spells something, what.  The code points are classified by the code that a
chatbot's guardrails use, `placet.guardrails.hidden_text`, with its rules for what is
ordinary: joiners in Persian and Hindi words and in emoji, flags, ideographs with
variations.  Beyond that:

 * What no text needs is **blocked**: tags, whatever changes the direction of writing,
   control characters, private use, what has no width or shows nothing, variation
   selectors where nothing varies, code points that are ignored wherever they are
   shown, a carriage return that ends no line.
 * What can be meant is a **warning**, for whoever agrees to the text: spaces of
   another kind, words of two scripts that look like one, letters of another form,
   comments, links that hide where they lead, Base64 and hexadecimal text.
 * A space that does not break is ordinary between two characters that are seen; an
   ideographic one beside Chinese, Japanese or Korean.

Nothing is ever taken out of a text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from placet.guardrails.hidden_text import CLASSES as OF_CHARACTERS
from placet.guardrails.hidden_text import classified
from registry import lookalikes, passages
from registry.code_points import is_noncharacter, marked, named
from registry.smuggling import spelled

Span = tuple[int, int]


class Severity(StrEnum):
    """Whether a text with it is refused, or has to be looked at."""

    BLOCK = "block"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Something that is read and not seen.

    Attributes:
        span: Where it stands, in characters.
        of_class: One of `CLASSES`.
        sentence: What it is, and what it says.
        decoded: What it says, as far as it spells something; otherwise nothing.
        hint: What to do about it.
    """

    span: Span
    of_class: str
    severity: Severity
    sentence: str
    decoded: str
    hint: str


CLASSES: Mapping[str, str] = {
    **OF_CHARACTERS,
    "terminal_codes": "Codes that steer a terminal, raw or written as an escape.",
    "lookalikes": "Words that mix letters of Latin and another script that look alike.",
    "other_forms": "Runs of letters in another form, as bold ones of mathematics.",
    "comments": "Comments of HTML and Markdown.",
    "unseen_elements": "Elements of HTML that are styled so as not to be seen.",
    "links": "Links without words, or whose words are another address.",
    "encoded": "Base64 and hexadecimal digits that spell readable text.",
}
"""The classes, and what is of each."""

_IS: Mapping[str, str] = {
    "zero_width": "which has no width",
    "bidi": "which shows text in another order than it is read",
    "tag_chars": "which nobody sees",
    "control": "which steers and is not shown",
    "fillers": "which is shown as nothing",
    "variation_selectors": "where nothing has variations",
    "private_use": "which means whatever two parties agree on",
    "unassigned": "which is no character yet",
    "terminal_codes": "which steers a terminal",
    "odd_spaces": "which is shown as a space or a new line, and is neither",
}
_HINTS: Mapping[str, str] = {
    "zero_width": "Delete it; joiners belong into emoji and into words of scripts that "
    "are written with them, such as Persian and Hindi.",
    "bidi": "Delete it; text that is written from right to left needs none.",
    "odd_spaces": "Write an ordinary space.",
    "unassigned": "Delete it, unless you know what it will be.",
    "terminal_codes": "Delete it, unless a model is meant to read about it.",
    "lookalikes": "Write the whole word in one script.",
    "other_forms": "Write ordinary letters.",
    "comments": "Say it where everybody reads it, or delete it.",
    "unseen_elements": "Say it where everybody reads it, or delete it.",
    "links": "Write the address where everybody reads it.",
    "encoded": "Write it as text, or say beside it why it has to be encoded.",
}
_DELETE = "Delete it."
_WARNED = {"unassigned", "odd_spaces"}
_IGNORED = re.compile("[\u2065\ufff0-\ufff8\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]")
"""What has no character yet and is shown as nothing even so."""

_TYPED_SPACES = re.compile("[\u00a0\u202f\u3000]+")
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_IDEOGRAPHIC = "\u3000"
_LONE_RETURN = re.compile("\r(?!\n)")
_TERMINAL_CODE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,50}[ -/]{0,10}[@-~]"
    r"|\x1b\][^\x00-\x1f\x7f-\x9f]{0,500}(?:\x07|\x1b\\)?|\x1b[ -/]{0,10}[0-Z\\^_-~]"
)
_PLAIN = re.compile(r"[\t\n\x20-\x7e]*\Z")
_MAX_SAID = 200


def hidden(text: str) -> tuple[Hidden, ...]:
    """Everything in *text* that is read and not seen, by where it begins.

    What stands within something longer, as a character within a comment, comes after.
    """
    found = [*_characters(text), *_passages(text)]
    return tuple(sorted(found, key=lambda one: (one.span[0], -one.span[1])))


def blocked(text: str) -> tuple[Hidden, ...]:
    """What of it no text needs; all of it is characters."""
    return tuple(_characters(text, only=Severity.BLOCK))


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a text, and what hides there."""

    text: str
    hidden: Hidden | None


def pieces(text: str) -> tuple[Piece, ...]:
    """*text* cut where something hidden begins and ends; joined, it is *text*.

    Of two that overlap, a piece has the one that begins later.
    """
    of: list[Hidden | None] = [None] * len(text)
    for one in hidden(text):
        start, end = one.span
        of[start:end] = [one] * (end - start)
    cuts = [at for at in range(1, len(text)) if of[at] is not of[at - 1]]
    ends = zip([0, *cuts], [*cuts, len(text)], strict=True)
    return tuple(
        Piece(text=text[start:end], hidden=of[start]) for start, end in ends if text
    )


def visible(
    text: str, mark: Callable[[str], str] = marked, *, only: Severity | None = None
) -> str:
    """*text* with every hidden character written out, `<U+200B ZERO WIDTH SPACE>`.

    Args:
        mark: Writes out a single character.
        only: Leave those of another severity as they are.
    """
    if _PLAIN.match(text):
        return text
    shown, last = [], 0
    for one in _characters(text, only):
        start, end = one.span
        marks = (c if _PLAIN.match(c) else mark(c) for c in text[start:end])
        shown += [text[last:start], *marks]
        last = end
    return "".join([*shown, text[last:]])


def _characters(text: str, only: Severity | None = None) -> Iterator[Hidden]:
    """Runs of characters of one class and severity."""
    if _PLAIN.match(text):
        return
    run: list[tuple[int, str, Severity]] = []
    for at, of_class in _classified(text):
        severity = _severity(text[at], of_class)
        if only is not None and severity is not only:
            continue
        if run and run[-1] != (at - 1, of_class, severity):
            yield _run(text, run)
            run = []
        run.append((at, of_class, severity))
    if run:
        yield _run(text, run)


def _classified(text: str) -> list[tuple[int, str]]:
    of = dict(classified(text))
    of |= {found.start(): "control" for found in _LONE_RETURN.finditer(text)}
    for found in _TYPED_SPACES.finditer(text):
        if not _is_ordinary(text, found.span()):
            of |= dict.fromkeys(range(*found.span()), "odd_spaces")
    for found in _TERMINAL_CODE.finditer(text):
        of |= dict.fromkeys(range(*found.span()), "terminal_codes")
    return sorted(of.items())


def _is_ordinary(text: str, span: Span) -> bool:
    """Whether a space that keyboards and typesetters know is where it belongs."""
    start, end = span
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if _IDEOGRAPHIC in text[start:end]:
        return bool(_EAST_ASIAN.match(before) or _EAST_ASIAN.match(after))
    seen = before + after
    return end - start == 1 and len(seen) == 2 and not any(map(str.isspace, seen))


def _severity(char: str, of_class: str) -> Severity:
    if of_class not in _WARNED:
        return Severity.BLOCK
    if is_noncharacter(char) or _IGNORED.match(char):
        return Severity.BLOCK
    return Severity.WARNING


def _run(text: str, run: list[tuple[int, str, Severity]]) -> Hidden:
    (start, of_class, severity), end = run[0], run[-1][0] + 1
    chars = text[start:end]
    decoded = spelled(chars, of_class)
    says = f"; it says {_said(decoded)}" if decoded else ""
    return Hidden(
        span=(start, end),
        of_class=of_class,
        severity=severity,
        sentence=f"{_counted(chars)}, {_IS[of_class]}{says}",
        decoded=decoded,
        hint=_HINTS.get(of_class, _DELETE),
    )


def _counted(chars: str) -> str:
    if len(chars) == 1:
        return named(chars)
    return f"{len(chars)} characters from {named(chars[0])} on"


def _passages(text: str) -> Iterator[Hidden]:
    for passage in passages.passages(text):
        says = f": {_said(passage.says)}" if passage.says else ""
        yield _warning(
            passage.span, passage.of_class, passage.sentence + says, passage.says
        )
    yield from _alike("lookalikes", lookalikes.mixed_words(text))
    yield from _alike("other_forms", lookalikes.other_forms(text))


def _alike(of_class: str, found: Iterable[lookalikes.Lookalike]) -> Iterator[Hidden]:
    for one in found:
        sentence = f"{one.sentence}; it reads {_said(one.reads)}"
        yield _warning(one.span, of_class, sentence, one.reads)


def _warning(span: Span, of_class: str, sentence: str, decoded: str) -> Hidden:
    return Hidden(
        span=span,
        of_class=of_class,
        severity=Severity.WARNING,
        sentence=sentence,
        decoded=decoded,
        hint=_HINTS[of_class],
    )


def _said(text: str) -> str:
    """*text* on one line in quotes, with what hides in it written out."""
    line = " ".join(text.split())
    cut = line if len(line) <= _MAX_SAID else f"{line[:_MAX_SAID]}..."
    return '"' + visible(cut).replace('"', '\\"') + '"'
