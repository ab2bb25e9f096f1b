"""Letters that look like others, in words and in runs.

 * A word that mixes Latin with another script is told if all its letters of the
   rarer script look like letters of the other one: `paypal` with a Cyrillic a.  A word
   of one script is an ordinary word of some language.
 * Greek letters at the ends of a Latin word are symbols, as in units and in biology.
 * Letters of another form that mean the same (bold ones of mathematics, letters in
   circles) are told from three on.  Full-width ones are ordinary beside Chinese,
   Japanese or Korean.

Which letters look alike is taken from confusables.txt of Unicode's Technical
Standard 39, as far as it names single letters of these scripts.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry.code_points import named
from registry.values import quoted

Span = tuple[int, int]

_PAIRS = {
    "GREEK": "3b1:a 3f2:c 3b9:i 3f3:j 399:l 3bf:o 3c3:o 3c1:p 3f1:p 3c5:u 3bd:v "
    "3b3:y 391:A 392:B 3f9:C 395:E 3dc:F 397:H 37f:J 39a:K 39c:M 3fa:M "
    "39d:N 39f:O 3a1:P 3a4:T 3a7:X 3a5:Y 3d2:Y 396:Z",
    "CYRILLIC": "430:a 42c:b 441:c 501:d 435:e 4bd:e 4bb:h 456:i a647:i 4cf:i 458:j "
    "406:I 4c0:I 43e:o 440:p 51b:q 433:r 455:s 475:v 461:w 51d:w 445:x "
    "443:y 4af:y 410:A 412:B 421:C 415:E 50c:G 41d:H 408:J 41a:K 41c:M "
    "41e:O 420:P 405:S 422:T 474:V 51c:W 425:X 423:Y 4ae:Y",
    "ARMENIAN": "584:f 581:g 570:h 578:n 57c:n 585:o 563:q 566:q 57d:u 561:w 555:O "
    "54f:S 54d:U",
    "CHEROKEE": "13cf:b abaf:c 13e7:d 13c2:h ab75:i 13a5:i ab81:r abaa:s aba9:v "
    "ab83:w ab93:z 13aa:A 13f4:B 13df:C 13a0:D 13ac:E 13c0:G 13f3:G "
    "13bb:H 13ab:J 13e6:K 13de:L 13b7:M 13e2:P 13a1:R 13d2:R 13d5:S "
    "13da:S 13a2:T 13d9:V 13b3:W 13d4:W 13a9:Y 13bd:Y 13c3:Z",
    "COPTIC": "2ca5:c 2c92:I 2c9f:o 2ca3:p 2c85:r 2ca4:C 2c8e:H 2c94:K 2cd0:L "
    "2c98:M 2c9a:N 2c9e:O 2ca2:P 2ca6:T 2cac:X 2ca8:Y",
    "LISU": "a4d2:d a4f2:l a4ee:A a4d0:B a4da:C a4d3:D a4f0:E a4dd:F a4d6:G "
    "a4e7:H a4d9:J a4d7:K a4e1:L a4df:M a4e0:N a4f3:O a4d1:P a4e3:R "
    "a4e2:S a4d4:T a4f4:U a4e6:V a4ea:W a4eb:X a4ec:Y a4dc:Z",
    "GEORGIAN": "10ff:o 10e7:y",
}
"""The letters of each script that look like one of Latin: number and letter."""

_READS = {
    script: {chr(int(pair[:-2], 16)): pair[-1] for pair in pairs.split()}
    for script, pairs in _PAIRS.items()
}
_SYMBOLS = "".join(map(chr, range(0x391, 0x3CA)))

_FOREIGN = re.compile(
    "[\u0370-\u058f\u10a0-\u10ff\u13a0-\u13ff\u1c90-\u1cbf\u2c80-\u2cff"
    "\ua4d0-\ua4ff\ua640-\ua69f\uab70-\uabbf]"
)
_WORD = re.compile(r"[^\W\d_]+")
_ANOTHER_FORM = (
    "[\u00aa\u00ba\u02b0-\u02b8\u02e1-\u02e3\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf"
    "\u2071\u207f\u2090-\u209c\u2100-\u2149\u24b6-\u24e9\uff21-\uff3a\uff41-\uff5a"
    "\U0001d400-\U0001d7cb\U0001f110-\U0001f12b\U0001f130-\U0001f149]"
)
_FORMS = re.compile(f"{_ANOTHER_FORM}{{3,}}(?: {_ANOTHER_FORM}+)*")
_FULL_WIDTH = re.compile("[\uff21-\uff5a ]+")
_EAST_ASIAN = re.compile("[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BESIDE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalike:
    """Attributes:
    reads: The same in the letters that it looks like.
    """

    span: Span
    sentence: str
    reads: str


def mixed_words(text: str) -> Iterator[Lookalike]:
    """Words of two scripts in which one passes for the other."""
    if _FOREIGN.search(text) is None:
        return
    for found in _WORD.finditer(text):
        word = found[0]
        if word.isascii() or _FOREIGN.search(word) is None:
            continue
        mixed = _mixed(word)
        if mixed is not None:
            script, strays = mixed
            stray = next(char for char in word if char in strays)
            sentence = (
                f"the word {quoted(word)} mixes Latin with {script.capitalize()}: "
                f"{named(stray)} looks like another letter"
            )
            reads = "".join(strays.get(char, char) for char in word)
            yield Lookalike(span=found.span(), sentence=sentence, reads=reads)


def other_forms(text: str) -> Iterator[Lookalike]:
    """Runs of letters that mean the same as ordinary ones, and are others."""
    if text.isascii():
        return
    for found in _FORMS.finditer(text):
        start, end = found.span()
        around = text[max(0, start - _BESIDE) : end + _BESIDE]
        if _FULL_WIDTH.fullmatch(found[0]) and _EAST_ASIAN.search(around):
            continue
        reads = unicodedata.normalize("NFKC", found[0])
        if reads == found[0] or not reads.isascii():
            continue
        sentence = (
            f"letters of another form, as {named(found[0][0])}, which a search for the "
            "ordinary ones does not find"
        )
        yield Lookalike(span=(start, end), sentence=sentence, reads=reads)


def _mixed(word: str) -> tuple[str, Mapping[str, str]] | None:
    """The other script of a word, and as what the letters of the rarer one pass."""
    of_script: dict[str, list[str]] = {}
    for char in word.strip(_SYMBOLS):
        of_script.setdefault(_script(char), []).append(char)
    latin = of_script.pop("LATIN", [])
    if not latin or len(of_script) != 1:
        return None
    script, foreign = next(iter(of_script.items()))
    to_latin = _READS.get(script, {})
    from_latin = {letter: char for char, letter in to_latin.items()}
    if len(foreign) <= len(latin) and all(char in to_latin for char in foreign):
        return script, to_latin
    if len(latin) <= len(foreign) and all(char in from_latin for char in latin):
        return script, from_latin
    return None


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]
