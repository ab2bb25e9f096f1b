"""The language of a longer text, among those that are told apart here.

The rules:

 * The script decides where one language of the list has it to itself.  Otherwise
   the language wins whose small words and letters are the most; a word or letter
   that several share counts less.
 * What is no prose is not judged: addresses, names of files, what stands in
   backquotes or braces.
 * Below `min_chars` letters (20 without it), with too few known words, or with two
   languages that are too close, it is undetermined.
 * A text in a language that is not in this list looks undetermined, or like a
   neighbour of it; Danish and Norwegian are told apart by few words.

Measured on the 11,000 messages of Django 5.2 in these languages: of those of 20 to
40 characters 45 % are decided, of those of 40 to 80 87 %, of longer ones 94 %; of the
decided 98.7, 99.8 and 99.8 % rightly.  A model of 4.5 MB decides all, and is wrong
in 3.6, 0.7 and 0.1 %.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from placet.guardrails.errors import CannotCheck
from placet.guardrails.languages.words import LETTERS, WORDS
from placet.guardrails.texts import Span

LANGUAGES: Mapping[str, str] = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""Every language that is told apart, by its code."""

DEFAULT_MIN_CHARS = 20
MAX_CHARS = 20_000
"""What is read of a text: its language does not depend on the rest."""

_MIN_SCORE = 1.2
_MIN_LEAD = 1.25
_ENOUGH_LEAD = 1.8
"""Two neighbours share most of their words, however long the text is."""

_LETTER_WEIGHT = 0.6

_NO_PROSE = re.compile(r"`[^`\n]{1,200}`|[{<%][^\s{}<>]{0,80}[}>]?|\S{0,80}[/@\\_=]\S*")
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = {
    "el": "[\u0370-\u03ff\u1f00-\u1fff]",
    "he": "[\u0590-\u05ff]",
    "hi": "[\u0900-\u097f]",
    "th": "[\u0e00-\u0e7f]",
    "ko": "[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]",
    "kana": "[\u3040-\u30ff]",
    "han": "[\u3400-\u4dbf\u4e00-\u9fff]",
    "cyrillic": "[\u0400-\u052f]",
    "arabic": "[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]",
    "latin": "[A-Za-z\u00aa-\u024f\u1e00-\u1eff]",
}
_OF_SCRIPT = {name: re.compile(letters) for name, letters in _SCRIPTS.items()}
_SHARED = {"cyrillic": ("ru", "uk", "bg"), "arabic": ("ar", "fa")}
_DENSE = 3
"""A character of Chinese, Japanese or Korean says as much as so many letters."""


def find(text: str, check: Mapping[str, object]) -> tuple[Span, ...]:
    """The whole text, if its language is not one of `allowed`.

    Raises:
        CannotCheck: A language is not known.
    """
    allowed, least = check.get("allowed", ()), check.get("min_chars", DEFAULT_MIN_CHARS)
    if not isinstance(allowed, (list, tuple)) or not isinstance(least, int):
        raise CannotCheck("`allowed` is no list, or `min_chars` no number")
    for code in allowed:
        if code not in LANGUAGES:
            raise CannotCheck(f"{str(code)[:20]!r} is not known as a language")
    language = language_of(text, min_chars=least)
    if language is None:
        triggers = check.get("undetermined", "pass") == "trigger"
    else:
        triggers = language not in allowed
    return ((0, len(text)),) if triggers and text else ()


def language_of(text: str, *, min_chars: int = DEFAULT_MIN_CHARS) -> str | None:
    """The code of the text's language; None if it is undetermined."""
    prose = _NO_PROSE.sub(" ", unicodedata.normalize("NFC", text[:MAX_CHARS])).lower()
    scripts = {name: len(found.findall(prose)) for name, found in _OF_SCRIPT.items()}
    for dense in ("ko", "kana", "han"):
        scripts[dense] *= _DENSE
    letters = sum(scripts.values())
    if letters < max(min_chars, 1):
        return None
    if scripts["kana"] * 10 >= scripts["han"] and scripts["kana"]:
        scripts["kana"] += scripts.pop("han")
    script = max(scripts, key=lambda name: scripts[name])
    if scripts[script] * 2 < letters:
        return None
    single = {"kana": "ja", "han": "zh"}.get(script, script)
    return single if single in LANGUAGES else _by_words(prose, _candidates(script))


def _candidates(script: str) -> tuple[str, ...]:
    others = {code for codes in _SHARED.values() for code in codes}
    return _SHARED.get(script) or tuple(code for code in WORDS if code not in others)


def _by_words(prose: str, candidates: tuple[str, ...]) -> str | None:
    scores = dict.fromkeys(candidates, 0.0)
    weights = _weights(candidates)
    for word, times in Counter(_WORD.findall(prose)).items():
        for code, weight in _evidence(word, weights):
            scores[code] += weight * times
    best, second = sorted(candidates, key=lambda code: -scores[code])[:2]
    lead = min(scores[second] * (_MIN_LEAD - 1), _ENOUGH_LEAD)
    clear = scores[best] >= max(_MIN_SCORE, scores[second] + lead)
    return best if clear else None


def _evidence(
    word: str, weights: Mapping[str, Mapping[str, float]]
) -> Iterator[tuple[str, float]]:
    """What a word says as a whole, and what the letter farthest from `a` does."""
    yield from weights.get(word, {}).items()
    for code, weight in weights.get(f"~{max(word)}", {}).items():
        yield code, weight * _LETTER_WEIGHT


@cache
def _weights(candidates: tuple[str, ...]) -> Mapping[str, Mapping[str, float]]:
    """What a word or a letter says for each language; letters begin with `~`."""
    users: dict[str, list[str]] = {}
    for code in candidates:
        for word in dict.fromkeys(WORDS.get(code, "").split()):
            users.setdefault(word, []).append(code)
        for letter in LETTERS.get(code, ""):
            users.setdefault(f"~{letter}", []).append(code)
    return {
        mark: dict.fromkeys(codes, 1 / len(codes) ** 0.5)
        for mark, codes in users.items()
    }
