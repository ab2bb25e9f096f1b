"""Telephone numbers, by the numbering plans that phonenumberslite carries.

The rules:

 * `+`, `00` or `011` before a country's code and a number of its plan is a phone
   number, whatever the regions.
 * A national number needs `regions`, and fits the plan of one of them.  How it is
   written decides:
    - like nothing but a phone number, and it is one: with a part in parentheses,
      with an extension, with a leading 0 and groups, or in groups of 3, 3 and 4
      where North America is among the regions;
    - otherwise, one group or several, only with a word like *phone* or *call* near.
 * What is written as a date, a time, a US social security number, a ZIP code with
   four more digits, a payment card, an IP address or an amount is none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache, lru_cache
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import Any, cast

from placet.guardrails.errors import CannotCheck
from placet.guardrails.folding import stands_alone
from placet.guardrails.patterns import EXTRA
from placet.guardrails.pii.cards import find_cards
from placet.guardrails.pii.context import Context, phrases
from placet.guardrails.texts import Span

_MIN_DIGITS = 7
_MAX_DIGITS = 17
_MAX_GROUPS = 9
_MAX_DROPPED = 2
_RUN = re.compile(r"(?:\+ ?)?\(?[0-9](?:\)?[ ./-]{0,2}\(?[0-9]){6,}")
_GROUP = re.compile(r"[0-9]+")
_EXTENSION = re.compile(r" ?(?:x|ext\.?|extension|#) ?[0-9]{1,7}", re.IGNORECASE)
_DIALLED_ABROAD = re.compile("00|011")
_PLUS = re.compile(r"\+ ?\Z|\+\(\Z")

_DATE = re.compile(
    r"(?:19|20)[0-9]{2}[-./ ][01]?[0-9][-./ ][0-3]?[0-9](?![0-9])"
    r"|(?<![0-9])[0-3]?[0-9][-./ ][0-3]?[0-9][-./ ](?:19|20)[0-9]{2}(?![0-9])"
)
_NEVER = re.compile(
    r"(?:19|20)[0-9]{2} ?[-/] ?(?:19|20)[0-9]{2}"  # years
    r"|[0-9]{3}-[0-9]{2}-[0-9]{4}"  # a US social security number
    r"|[0-9]{5}-[0-9]{4}"  # a ZIP code
    r"|[0-9]{1,4}(?:\.[0-9]{1,3}){3}"  # an IP address
    r"|[0-9]+[./][0-9]+"  # an amount, a fraction
    r"|[0-9]{1,3}(?:\.[0-9]{3})+"
)
_LONE_DIGIT = re.compile(r"[ ./-][0-9](?![0-9])")
_NORTH_AMERICAN = re.compile(r"(?:1[ .-])?[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{4}")

CONTEXT = phrases(
    """
    phone|phones|telephone|tel|mobile|cell|cellphone|landline|fax|whatsapp|sms|call
    |calls|called|calling|caller|dial|ring|text me|texts|messages to|answering at
    |reach me|reach us|reached at|hotline|desk|office|contact number|telefon
    |telefonnummer|handy|mobil|rufnummer|anrufen|festnetz|téléphone|portable|appeler
    |appelez|fixe|teléfono|móvil|celular|llamar|llame|telefono|cellulare|chiamare
    |telefone|telemóvel|ligar|telefoon|gsm|bellen|mobiel|puhelin|puhelinnumero|soita
    |mobilnummer|tlf|tfn|ringa|sími|telefón|mobilní|komórka|zadzwoń|τηλέφωνο|телефон
    """.replace("\n", "").split("|")
)


class _Shape(Enum):
    """What is written: a phone number, any number, or something else for certain."""

    PHONE = auto()
    ANY = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How numbers of some regions are made.

    Attributes:
        any_of: Digits as they are dialled inside one of the regions; None if there
            is no region.
    """

    any_of: re.Pattern[str] | None
    north_american: bool

    def fits(self, digits: str) -> bool:
        return self.any_of is not None and self.any_of.fullmatch(digits) is not None


def find_phones(
    text: str, regions: Iterable[str], *, own_context: bool
) -> Iterator[Span]:
    """Args:
        own_context: Whether what could be any number needs a word near it.

    Raises:
        CannotCheck: phonenumberslite is not installed, or has no such region.
    """
    plan = _plan(tuple(sorted(set(regions))))
    context = Context(text, CONTEXT if own_context else ())
    for run in _RUN.finditer(text):
        if _DATE.search(run[0]) is not None:
            continue
        groups = [group.span() for group in _GROUP.finditer(text, *run.span())]
        numbers = list(_numbers(text, groups, plan, context))
        if numbers and not any(find_cards(run[0], checksum=True)):
            yield from numbers


def _numbers(
    text: str, groups: list[Span], plan: _Plan, context: Context
) -> Iterator[Span]:
    """The numbers of one run: of what it is cut into, the first that is one."""
    if _NEVER.fullmatch(text, groups[0][0], groups[-1][1]):
        return
    for cut in _cuts(text, groups):
        found = [span for piece in cut if (span := _number(text, piece, plan, context))]
        if found:
            yield from found
            return


def _cuts(text: str, groups: list[Span]) -> Iterator[list[list[Span]]]:
    """A run as one number; as several, with spaces between; without its ends.

    A number of one run is a part of it only in these ways, so that the work for a
    run does not grow with the square of its length.
    """
    yield [groups]
    if len(groups) == 1:
        return
    pieces = [[groups[0]]]
    for before, group in pairwise(groups):
        if text[before[1] : group[0]].isspace():
            pieces.append([])
        pieces[-1].append(group)
    if 1 < len(pieces) < len(groups):
        yield pieces
    for dropped in range(1, min(_MAX_DROPPED, len(groups) - 1) + 1):
        for first in range(dropped + 1):
            yield [groups[first : len(groups) - dropped + first]]


def _number(
    text: str, groups: list[Span], plan: _Plan, context: Context
) -> Span | None:
    if len(groups) > _MAX_GROUPS:
        return None
    digits = "".join([text[start:end] for start, end in groups])
    if not _MIN_DIGITS <= len(digits) <= _MAX_DIGITS:
        return None
    start, end = groups[0][0], groups[-1][1]
    if text[start - 1 : start] == "(" and ")" in text[start:end]:
        start -= 1
    plus = _PLUS.search(text, max(0, start - 2), start)
    if plus is not None and not _is_abroad(digits):
        return None
    if plus is not None:
        return _with_extension(text, (plus.start(), end))
    span = _with_extension(text, (start, end))
    shape = _shape(text[span[0] : end], len(groups), span[1] > end, digits, plan)
    if shape is _Shape.OTHER or not stands_alone(text, span):
        return None
    if context and shape is _Shape.ANY and not context.is_near(span):
        return None
    return span


def _shape(
    written: str, groups: int, extended: bool, digits: str, plan: _Plan
) -> _Shape:
    """How a number without `+` is written; *extended* if an extension follows."""
    abroad = _DIALLED_ABROAD.match(digits)
    if abroad is not None and _is_abroad(digits[abroad.end() :]):
        return _Shape.PHONE if groups > 1 else _Shape.ANY
    if not plan.fits(digits) or _NEVER.fullmatch(written) is not None:
        return _Shape.OTHER
    if "(" in written or extended or _is_grouped_from_0(written, groups):
        return _Shape.PHONE
    if plan.north_american and _NORTH_AMERICAN.fullmatch(written) is not None:
        return _Shape.PHONE
    return _Shape.ANY


def _is_grouped_from_0(written: str, groups: int) -> bool:
    return groups > 1 and written[0] == "0" and _LONE_DIGIT.search(written) is None


def _with_extension(text: str, span: Span) -> Span:
    extension = _EXTENSION.match(text, span[1])
    return span if extension is None else (span[0], extension.end())


def _is_abroad(digits: str) -> bool:
    """Whether *digits* are a country's code and a number of its plan.

    The 0 that is dialled inside the country may stand between them.
    """
    if not _MIN_DIGITS <= len(digits) <= _MAX_DIGITS:
        return False
    for length in (1, 2, 3):
        pattern = _of_country(digits[:length])
        if pattern is not None:
            return pattern.fullmatch(digits, length) is not None
    return False


@cache
def _of_country(code: str) -> re.Pattern[str] | None:
    regions = _phonenumbers().COUNTRY_CODE_TO_REGION_CODE.get(int(code), ())
    plans = [plan for region in regions if (plan := _national(region)) is not None]
    return re.compile("0?(?:" + "|".join(plans) + ")") if plans else None


@lru_cache(maxsize=64)
def _plan(regions: tuple[str, ...]) -> _Plan:
    patterns = []
    for region in regions:
        national = _national(region)
        if national is None:
            raise CannotCheck(f"there is no numbering plan for the region {region!r}")
        prefix = _metadata(region).national_prefix or ""
        patterns.append(f"(?:{prefix})?(?:{national})" if prefix else national)
    return _Plan(
        any_of=re.compile("|".join(patterns)) if patterns else None,
        north_american=any(_metadata(each).country_code == 1 for each in regions),
    )


def _national(region: str) -> str | None:
    """The pattern of all numbers of a region; None if it is no region."""
    metadata = _metadata(region)
    if metadata is None or metadata.general_desc is None:
        return None
    return cast(str | None, metadata.general_desc.national_number_pattern)


def _metadata(region: str) -> Any:  # noqa: ANN401 - typed by a package that may be absent
    return _phonenumbers().PhoneMetadata.metadata_for_region(region, None)


@cache
def _phonenumbers() -> ModuleType:
    """Raises:
    CannotCheck: phonenumberslite is not installed.
    """
    try:
        return import_module("phonenumbers")
    except ImportError:
        raise CannotCheck(
            f"phone numbers need phonenumberslite, which is not installed: {EXTRA}"
        ) from None
