"""Numbers of payment cards and of bank accounts.

A card's number has 12 to 19 digits, begins as one of the networks' numbers do and
has a length that they use with it, and passes Luhn's check.  Its digits stand
together or in groups of three to seven, the last of one to seven, with the same
space or hyphen between them.

An IBAN has its country's length and passes the check of ISO 13616 (mod 97), in any
case; its characters stand together or in groups of four.
"""

import re
from collections.abc import Iterator

from placet.guardrails.folding import stands_alone
from placet.guardrails.texts import Span

_CARD_LENGTHS = range(12, 20)
_GROUP = re.compile(r"[0-9]+")
_RUN = re.compile(r"[0-9](?:[ -]?[0-9]){11,}")
_GROUP_DIGITS = range(3, 8)
_MAX_GROUPS = 7

_NETWORKS = (
    ("4", (13, 16, 19)),  # Visa
    ("5[1-5]|22(?:2[1-9]|[3-9])|2[3-6]|27(?:[01]|20)", (16,)),  # Mastercard
    ("220[0-4]", (16, 17, 18, 19)),  # Mir
    ("3[47]", (15,)),  # American Express
    ("3(?:0[0-5]|095|[689])", (14, 15, 16, 17, 18, 19)),  # Diners Club
    ("35(?:2[89]|[3-8])", (16, 17, 18, 19)),  # JCB
    ("1800|2131", (15,)),  # JCB, old
    ("81|82|9792", (16, 17, 18, 19)),  # UnionPay, RuPay, Troy
    ("6(?:0|2|4|5)", (16, 17, 18, 19)),  # Discover, RuPay, UnionPay
    ("50|5[6-8]|6[0-9]", tuple(_CARD_LENGTHS)),  # Maestro and what became of it
)
_BEGINS = {
    length: re.compile("|".join(f"(?:{b})" for b, used in _NETWORKS if length in used))
    for length in _CARD_LENGTHS
}
_LUHN_DOUBLED = str.maketrans("0123456789", "0246813579")

_IBAN_START = re.compile(r"[A-Za-z]{2}[0-9]{2}[ -]?[0-9A-Za-z]")
_IBAN_LENGTHS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "FO", "GL", "NL", "SD", "FK"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "XK", "MN"), 20),
    **dict.fromkeys(("CH", "CR", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "BH", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL", "IQ", "OM", "SO", "TL"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK"), 24),
    **dict.fromkeys(("TN", "VG"), 24),
    **dict.fromkeys(("LY", "PT", "ST"), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(
        ("BF", "CG", "CI", "CM", "FR", "GR", "IT", "MC", "MG", "MR", "SM", "BI", "DJ"),
        27,
    ),
    **dict.fromkeys(("AL", "AZ", "BY", "CY", "DO", "GT", "HU", "LB", "NI", "PL"), 28),
    **dict.fromkeys(("SV", "SN", "BJ", "ML", "HN"), 28),
    **dict.fromkeys(("BR", "EG", "PS", "QA", "UA"), 29),
    **dict.fromkeys(("JO", "KW", "MU", "YE"), 30),
    **dict.fromkeys(("MT", "SC"), 31),
    "LC": 32,
    "RU": 33,
}


def find_cards(text: str, *, checksum: bool) -> Iterator[Span]:
    """Args:
    checksum: Whether only numbers count that pass Luhn's check.
    """
    for run in _RUN.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(text, *run.span())]
        first = 0
        while first < len(groups):
            last = _card_end(text, groups, first, checksum=checksum)
            if last is None:
                first += 1
            else:
                yield groups[first][0], groups[last][1]
                first = last + 1


def is_card(digits: str, *, checksum: bool = True) -> bool:
    begins = _BEGINS.get(len(digits))
    if begins is None or begins.match(digits) is None:
        return False
    return luhn(digits) if checksum else True


def luhn(digits: str) -> bool:
    doubled = digits[-2::-2].translate(_LUHN_DOUBLED)
    return sum(map(int, digits[-1::-2] + doubled)) % 10 == 0


def find_ibans(text: str, *, checksum: bool) -> Iterator[Span]:
    """Args:
    checksum: Whether only numbers count that pass the check of mod 97.
    """
    free_from = 0
    for start in _IBAN_START.finditer(text):
        begin = start.start()
        length = _IBAN_LENGTHS.get(text[begin : begin + 2].upper())
        if length is None or begin < free_from:
            continue
        end = _iban_end(text, begin, length, checksum=checksum)
        if end is not None and stands_alone(text, (begin, end)):
            yield begin, end
            free_from = end


def _card_end(
    text: str, groups: list[Span], first: int, *, checksum: bool
) -> int | None:
    """The last group of the longest card that begins with group *first*."""
    digits, found = "", None
    for at in range(first, min(first + _MAX_GROUPS, len(groups))):
        start, end = groups[at]
        if at > first and text[start - 1] != text[groups[first][1]]:
            break
        digits += text[start:end]
        span = groups[first][0], end
        if len(digits) in _BEGINS and is_card(digits, checksum=checksum):
            found = at if stands_alone(text, span) else found
        if end - start not in _GROUP_DIGITS or len(digits) >= _CARD_LENGTHS[-1]:
            break
    return found


def _iban_end(text: str, begin: int, length: int, *, checksum: bool) -> int | None:
    end = begin + length
    characters = text[begin:end]
    if " " in characters or "-" in characters:
        separator = text[begin + 4]
        end += (length - 1) // 4
        groups = text[begin:end].split(separator)
        if any(len(group) != 4 for group in groups[:-1]):
            return None
        characters = "".join(groups)
    if len(characters) != length or not (characters.isascii() and characters.isalnum()):
        return None
    return end if not checksum or _mod_97(characters) == 1 else None


def _mod_97(characters: str) -> int:
    moved = characters[4:] + characters[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97
