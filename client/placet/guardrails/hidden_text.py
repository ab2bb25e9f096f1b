"""Characters that a model reads and a person does not see.

Every character is of one class at most.  The rules:

 * A joiner inside an emoji, and a joiner or non-joiner after a letter of a script
   that is written with them (Arabic, the scripts of India and so on), is no hidden
   text; neither is a space without width between letters of a script that has no
   spaces (Thai, Lao, Khmer, Burmese, Tibetan).
 * A mark of direction beside a letter that is written from right to left is none.
 * Tags that make the flag of England, Scotland or Wales are none.
 * One variation selector is none after a character that has variations.
 * The empty cell of Braille is none beside another one, a Hangul filler beside a
   single consonant or vowel, the Mongolian separator between Mongolian letters.
 * A tab and the ends of lines are no control characters.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from placet.guardrails.errors import CannotCheck
from placet.guardrails.newer_characters import NEWER
from placet.guardrails.texts import Span

CLASSES: Mapping[str, str] = {
    "zero_width": "Characters without width: zero-width spaces and joiners, the word "
    "joiner, soft hyphens, byte order marks, invisible operators and the like.",
    "bidi": "Characters that change the direction of writing, so that text is shown "
    "in another order than it is read.",
    "tag_chars": "Tag characters, which spell invisible ASCII.",
    "control": "Control characters other than tabs and ends of lines, and halves of "
    "surrogate pairs.",
    "fillers": "Letters that are shown as nothing or as a blank, such as the Hangul "
    "filler.",
    "variation_selectors": "Variation selectors after a character without "
    "variations, or several in a row.",
    "private_use": "Characters that mean whatever two parties agree on.",
    "unassigned": "Code points that are no character yet; newer emoji are left out.",
    "odd_spaces": "Spaces of unusual width and separators of lines and paragraphs; "
    "not the one that does not break, nor the ideographic one.",
}
"""The classes, and what each finds."""

DEFAULT_CLASSES = (
    "zero_width",
    "bidi",
    "tag_chars",
    "control",
    "fillers",
    "variation_selectors",
)
"""What a check without `classes` looks for: what no ordinary text has."""

_RANGES = {
    "zero_width": "\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a",
    "bidi": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "tag_chars": "\U000e0000-\U000e007f",
    "control": "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff",
    "fillers": "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00016fe4",
    "variation_selectors": "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef",
    "private_use": "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd",
    "odd_spaces": "\u1680\u2000-\u200a\u2028\u2029\u205f",
}
_FINDS = {name: re.compile(f"[{ranges}]+") for name, ranges in _RANGES.items()}
_ANY = re.compile(f"[{''.join(_RANGES.values())}]")

_FLAG = re.compile(
    "\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067"
    "|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
_TAG = re.compile("[\U000e0020-\U000e007e]")
_JOINING = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
_SPACELESS = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\ua9e0-\uaa7f]"
)
_PICTURE = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff"
    "\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff]"
)
_KEYCAPS = "0123456789#*"
_MONGOLIAN = re.compile("[\u1820-\u18aa]")
_BRAILLE = re.compile("[\u2801-\u28ff]")
_JAMO = re.compile("[\u1100-\u115e\u1161-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]")
_IDEOGRAPH = re.compile(
    "[\u2e80-\u2fdf\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_VARIED = re.compile(f"{_IDEOGRAPH.pattern}|[\u1000-\u109f\ua840-\ua877]")
_EMOJI_PLANE = range(0x1F000, 0x1FB00)
_ZWSP, _ZWJ, _MVS = "\u200b", "\u200d", "\u180e"
_EMPTY_CELL, _JAMO_FILLERS = "\u2800", "\u115f\u1160"
_JOINERS = "\u200c\u200d"
_MARKS = "\u200e\u200f\u061c"
_EMOJI_PARTS = "\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_BLACK_FLAG, _FLAG_CHARS = "\U0001f3f4", 7
_LAST_OF_LATIN, _LAST_MONGOLIAN, _FIRST_IDEOGRAPHIC = "\u0377", "\u180f", "\U000e0100"
_MAX_MARK_DISTANCE = 4
_MAX_RUN = 8
"""No ordinary text has more of a class in a row; so long runs are read fast."""


def find(text: str, check: Mapping[str, object]) -> tuple[Span, ...]:
    """Where hidden characters stand; those in a row are one span.

    Raises:
        CannotCheck: A class is not known.
    """
    found = {at for name in _asked(check) for at in _of_class(text, name)}
    spans: list[Span] = []
    for at in sorted(found):
        if spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    return tuple(spans)


def classified(text: str) -> tuple[tuple[int, str], ...]:
    """Every hidden character of a text, by its position, and its class."""
    return tuple(sorted((at, name) for name in CLASSES for at in _of_class(text, name)))


def decode(text: str) -> str:
    """What the tag characters of a text spell; nothing, if they only make flags."""
    return "".join(chr(ord(tag) - 0xE0000) for tag in _TAG.findall(_FLAG.sub("", text)))


def _asked(check: Mapping[str, object]) -> tuple[str, ...]:
    classes = check.get("classes", DEFAULT_CLASSES)
    if not isinstance(classes, (list, tuple)):
        raise CannotCheck("`classes` is no list")
    for name in classes:
        if name not in CLASSES:
            raise CannotCheck(f"{str(name)[:40]!r} is not known as hidden text")
    return tuple(classes)


def _of_class(text: str, name: str) -> Iterator[int]:
    if name == "unassigned":
        yield from _unassigned(text)
        return
    shows = _SHOWS.get(name, _never)
    for run in _FINDS[name].finditer(text):
        start, end = run.span()
        several = end - start > _MAX_RUN
        for at in range(start, end):
            if several or not shows(text, at):
                yield at


def _unassigned(text: str) -> Iterator[int]:
    for at, char in enumerate(text):
        if char <= _LAST_OF_LATIN or unicodedata.category(char) != "Cn":
            continue
        if ord(char) in _EMOJI_PLANE or NEWER.match(char) or _ANY.match(char):
            continue
        yield at


def _joiner_shows(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] == _ZWSP:
        return bool(_SPACELESS.match(before) and _SPACELESS.match(after))
    if text[at] == _MVS:
        return bool(_MONGOLIAN.match(before) and _MONGOLIAN.match(after))
    if text[at] not in _JOINERS:
        return False
    if _JOINING.match(before) and _ANY.match(after) is None:
        return True
    return text[at] == _ZWJ and _joins_pictures(text, at)


def _joins_pictures(text: str, at: int) -> bool:
    before = text[max(0, at - 3) : at].rstrip(_EMOJI_PARTS)[-1:]
    return bool(_PICTURE.match(before) and _PICTURE.match(text[at + 1 : at + 2]))


def _mark_shows(text: str, at: int) -> bool:
    if text[at] not in _MARKS:
        return False
    around = text[max(0, at - _MAX_MARK_DISTANCE) : at + _MAX_MARK_DISTANCE + 1]
    others = around.translate(dict.fromkeys(map(ord, _MARKS)))
    return any(unicodedata.bidirectional(char) in {"R", "AL"} for char in others)


def _tag_shows(text: str, at: int) -> bool:
    begin = text.rfind(_BLACK_FLAG, max(0, at - _FLAG_CHARS), at)
    flag = _FLAG.match(text, begin) if begin >= 0 else None
    return flag is not None and flag.end() > at


def _selector_shows(text: str, at: int) -> bool:
    selector, before = text[at], text[at - 1 : at]
    if not before:
        return False
    if selector <= _LAST_MONGOLIAN:
        return "\u1800" <= before <= "\u18af" and before > _LAST_MONGOLIAN
    if selector >= _FIRST_IDEOGRAPHIC:
        return _IDEOGRAPH.match(before) is not None
    if selector in "\ufe0e\ufe0f" and (_PICTURE.match(before) or before in _KEYCAPS):
        return True
    return unicodedata.category(before) in {"Sm", "So"} or bool(_VARIED.match(before))


def _filler_shows(text: str, at: int) -> bool:
    around = text[max(0, at - 1) : at + 2]
    if text[at] == _EMPTY_CELL:
        return _BRAILLE.search(around) is not None
    return text[at] in _JAMO_FILLERS and _JAMO.search(around) is not None


def _never(_text: str, _at: int) -> bool:
    return False


_SHOWS: Mapping[str, Callable[[str, int], bool]] = {
    "zero_width": _joiner_shows,
    "bidi": _mark_shows,
    "tag_chars": _tag_shows,
    "fillers": _filler_shows,
    "variation_selectors": _selector_shows,
}
"""Whether a character of a class belongs to what people see there."""


def ranges_of(name: str) -> str | None:
    """A class's characters, as a regular expression writes them between brackets.

    None for a class that has no such list.
    """
    return _RANGES.get(name)
