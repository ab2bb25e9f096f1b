"""Numbers that states give to people, and dates of birth.

Each is a form, a check where its state defined one, and words that have to be near
where form and check are not enough to tell it from any other number.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from placet.guardrails.folding import stands_alone
from placet.guardrails.pii.context import Context, phrases
from placet.guardrails.texts import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way in which a number is written.

    Attributes:
        pattern: Bounded, and every match of it stands alone.
        holds: The check digits, asked with the letters and digits alone, in upper
            case; None where there are none.
        context: Words of which one has to be near; none, if the form is enough.
    """

    pattern: re.Pattern[str]
    holds: Callable[[str], bool] | None
    context: frozenset[str]


def find_numbers(
    text: str, forms: tuple[Form, ...], *, checksum: bool, own_context: bool
) -> Iterator[Span]:
    """Args:
    checksum: Whether check digits have to be right.
    own_context: Whether the words that a form names have to be near.
    """
    for form in forms:
        context = Context(text, form.context if own_context else ())
        for found in form.pattern.finditer(text):
            span = found.span()
            if not stands_alone(text, span):
                continue
            plain = _LEFT_OUT.sub("", found[0]).upper()
            if checksum and form.holds is not None and not form.holds(plain):
                continue
            if context and not context.is_near(span):
                continue
            yield span


_LEFT_OUT = re.compile(r"[^0-9A-Za-z]")


def _nino(code: str) -> bool:
    return code[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def _nhs(digits: str) -> bool:
    total = sum(
        weight * int(digit)
        for weight, digit in zip(range(10, 1, -1), digits[:9], strict=True)
    )
    return (11 - total % 11) % 11 == int(digits[9])


def _es_letter(number: str) -> bool:
    digits = number[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == number[-1]


_IT_ODD = (
    *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18),
    *(20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
)


def _it_letter(code: str) -> bool:
    values = [int(char) if char.isdigit() else ord(char) - 65 for char in code[:15]]
    total = sum(_IT_ODD[value] for value in values[::2]) + sum(values[1::2])
    return chr(65 + total % 26) == code[15]


def _weighted(weights: tuple[int, ...], modulus: int) -> Callable[[str], bool]:
    """A check in which the weighted sum of all digits is divisible."""

    def holds(digits: str) -> bool:
        total = sum(w * int(digit) for w, digit in zip(weights, digits, strict=True))
        return total % modulus == 0

    return holds


def _fi_sign(code: str) -> bool:
    signs = "0123456789ABCDEFHJKLMNPRSTUVWXY"
    return signs[int(code[:6] + code[-4:-1]) % 31] == code[-1]


def _sg_letter(code: str) -> bool:
    weights = (2, 7, 6, 5, 4, 3, 2)
    total = sum(w * int(digit) for w, digit in zip(weights, code[1:8], strict=True))
    total += {"T": 4, "G": 4, "M": 3}.get(code[0], 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "XWUTRQPNJLK"}
    return letters.get(code[0], "XWUTRQPNMLK")[total % 11] == code[8]


def _de_tax(digits: str) -> bool:
    """ISO 7064, MOD 11,10."""
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def _verhoeff(digits: str) -> bool:
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _turn(check, _moved(int(digit), place % 8))
    return check == 0


def _turn(left: int, right: int) -> int:
    """Two symmetries of a pentagon, one after the other."""
    if left < 5:
        return (left + right) % 5 if right < 5 else 5 + (left + right) % 5
    return 5 + (left - right) % 5 if right < 5 else (left - right) % 5


def _moved(digit: int, times: int) -> int:
    for _ in range(times):
        digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
    return digit


_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_YEAR = "(?:19|20)[0-9]{2}"


def _form(
    pattern: str, *, holds: Callable[[str], bool] | None = None, context: str = ""
) -> Form:
    return Form(
        pattern=re.compile(pattern, re.ASCII | re.IGNORECASE),
        holds=holds,
        context=phrases(context.split("|") if context else ()),
    )


_SSN = "ssn|ssns|social security|social sec|soc sec"
_SSN_AREA = "(?:00[1-9]|0[1-9][0-9]|[1-578][0-9]{2}|6(?:[0-57-9][0-9]|6[0-57-9]))"
_SSN_REST = (
    "(?:0[1-9]|[1-9][0-9]){0}(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{{2}}|[1-9][0-9]{{3}})"
)
_ITIN = "itin|taxpayer|tax id|tax identification|tin"
_ITIN_GROUP = "(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])"

FORMS: Mapping[str, tuple[Form, ...]] = {
    "US_SSN": (
        _form(_SSN_AREA + "-" + _SSN_REST.format("-")),
        _form(_SSN_AREA + "[ .]?" + _SSN_REST.format("[ .]?"), context=_SSN),
    ),
    "US_ITIN": (
        _form(f"9[0-9]{{2}}-{_ITIN_GROUP}-[0-9]{{4}}"),
        _form(f"9[0-9]{{2}} ?{_ITIN_GROUP} ?[0-9]{{4}}", context=_ITIN),
    ),
    "US_PASSPORT": (
        _form("[A-Z][0-9]{8}|[0-9]{9}", context="passport|passport no|travel document"),
    ),
    "UK_NHS": (
        _form(
            "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}",
            holds=_nhs,
            context="nhs|national health service|health service number|patient",
        ),
    ),
    "UK_NINO": (
        _form(
            "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}"
            "[ -]?[A-D]",
            holds=_nino,
        ),
    ),
    "DE_TAX_ID": (
        _form(
            "[1-9][0-9](?: ?[0-9]{3}){3}",
            holds=_de_tax,
            context="steuer id|steuerid|steueridentifikationsnummer|idnr|tin|tax id"
            "|identifikationsnummer|steuerliche|steuernummer",
        ),
    ),
    "ES_NIF": (
        _form("[0-9]{8}-?[TRWAGMYFPDXBNJZSQVHLCKE]", holds=_es_letter),
        _form("[XYZ]-?[0-9]{7}-?[TRWAGMYFPDXBNJZSQVHLCKE]", holds=_es_letter),
    ),
    "IT_FISCAL_CODE": (
        _form(
            "[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",
            holds=_it_letter,
        ),
    ),
    "PL_PESEL": (
        _form(
            "[0-9]{4}[0-3][0-9]{6}",
            holds=_weighted((1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1), 10),
            context="pesel",
        ),
    ),
    "FI_PERSONAL_IDENTITY_CODE": (
        _form(
            "[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]", holds=_fi_sign
        ),
    ),
    "SG_NRIC_FIN": (_form("[STFGM][0-9]{7}[A-Z]", holds=_sg_letter),),
    "AU_TFN": (
        _form(
            "[0-9]{3} ?[0-9]{3} ?[0-9]{3}",
            holds=_weighted((1, 4, 3, 7, 5, 8, 6, 9, 10), 11),
            context="tfn|tax file|tax file number",
        ),
    ),
    "IN_AADHAAR": (
        _form(
            "[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}",
            holds=_verhoeff,
            context="aadhaar|aadhar|adhaar|uidai|uid",
        ),
    ),
    "IN_PAN": (_form("[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]"),),
    "DATE_OF_BIRTH": tuple(
        _form(
            pattern,
            context="born|birth|dob|birthday|birthdate|geboren|geburtsdatum|geb|né|née"
            "|naissance|nacimiento|nacido|nacida|nascita|nato|nata|nascimento|nascido"
            "|nascida|geboortedatum|födelsedatum|född|fødselsdato|født|syntymäaika"
            "|urodzenia|ur",
        )
        for pattern in (
            f"{_YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12][0-9]|3[01])",
            f"(?:0?[1-9]|[12][0-9]|3[01])[-/.](?:0?[1-9]|[12][0-9]|3[01])[-/.]"
            f"(?:{_YEAR}|[0-9]{{2}})",
            f"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\\.?,?"
            f" {_YEAR}",
            f"(?:{_MONTHS})\\.? (?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?,? {_YEAR}",
        )
    ),
}
