"""Personal data, for products that have patterns, or detectors of their own.

A pattern knows the look of a number: no check digit, no word beside it that says
what it is, no other script.  So it finds what is no such number, and misses what is
written unusually; both are told.
"""

from collections.abc import Mapping
from typing import cast

from registry.errors import NotExportable
from registry.exports.syntax import parse
from registry.exports.trees import Choice, Node
from registry.values import Json

BEDROCK = {
    "CREDIT_CARD": "CREDIT_DEBIT_CARD_NUMBER",
    "EMAIL_ADDRESS": "EMAIL",
    "IBAN_CODE": "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "IP_ADDRESS": "IP_ADDRESS",
    "PHONE_NUMBER": "PHONE",
    "US_SSN": "US_SOCIAL_SECURITY_NUMBER",
}

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_PATTERNS = {
    "CREDIT_CARD": r"\b[1-9](?:[ -]?[0-9]){11,18}\b",
    "EMAIL_ADDRESS": r"[A-Za-z0-9._%+-]{1,64}@"
    r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}",
    "IBAN_CODE": r"(?i)\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\b",
    "IP_ADDRESS": rf"\b{_OCTET}(?:\.{_OCTET}){{3}}\b"
    r"|\b(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,7}\b"
    r"|::[0-9A-Fa-f]{1,4}\b",
    "PHONE_NUMBER": r"\+[1-9](?:[ ./()-]{0,2}[0-9]){6,14}\b",
    "US_SSN": r"\b[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\b",
}
_NAMES = {
    "CREDIT_CARD": "card numbers",
    "EMAIL_ADDRESS": "e-mail addresses",
    "IBAN_CODE": "bank accounts (IBAN)",
    "IP_ADDRESS": "IP addresses",
    "PHONE_NUMBER": "phone numbers",
    "US_SSN": "US social security numbers",
}


def pattern(check: Mapping[str, Json], told: list[str]) -> Node:
    """Raises:
    NotExportable: What is looked for has no pattern.
    """
    entities = cast(list[str], check["entities"])
    if "PHONE_NUMBER" in entities and "regions" in check:
        told.append(
            "Phone numbers are looked for only where they begin with + and the "
            "country; numbers as people of a country dial them are missed."
        )
    known = [entity for entity in entities if entity in _PATTERNS]
    told += (
        f"{_NAMES.get(entity, entity)} are not looked for"
        for entity in entities
        if entity not in _PATTERNS
    )
    if not known:
        raise NotExportable(f"there is no pattern for {', '.join(entities)}")
    names = " and ".join(_NAMES[entity] for entity in known)
    told.append(
        f"A pattern stands for {names}: it finds other numbers and words that look "
        "alike, for want of checksums and of words near by, and misses what is "
        "written in other scripts or with hidden characters."
    )
    return Choice(tuple(parse(_PATTERNS[one], case_sensitive=True) for one in known))
