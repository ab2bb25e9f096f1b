"""Personal data that a form, a check digit or a word beside it gives away.

The rules:

 * Entities have Presidio's names; `DATE_OF_BIRTH` and `DE_TAX_ID` are ours.  Names
   and addresses of people need a model and are not offered: that is an `external`
   check.
 * A find stands alone: `X4111111111111111Y` holds no card.
 * Digits of every script count, and so do numbers that are written with full-width
   characters, dashes, or characters without width between them.
 * Check digits have to be right, unless `require_checksum` is false.
 * `context_words` of the rule take the place of those an entity brings along, and
   then every find needs one of them within 60 characters before it or 30 after it.
"""

from collections.abc import Iterable, Mapping

from placet.guardrails.errors import CannotCheck
from placet.guardrails.folding import Folded, folded
from placet.guardrails.pii.addresses import find_emails, find_ips
from placet.guardrails.pii.cards import find_cards, find_ibans
from placet.guardrails.pii.context import Context, phrases
from placet.guardrails.pii.numbers import FORMS, find_numbers
from placet.guardrails.pii.phones import find_phones
from placet.guardrails.texts import Span, merged
from placet.guardrails.urls import find_urls

ENTITIES: Mapping[str, str] = {
    "EMAIL_ADDRESS": "An e-mail address; not one that is spelled out with "
    "'at' and 'dot'.",
    "CREDIT_CARD": "A payment card's number of 12 to 19 digits with a network's "
    "beginning and Luhn's check, together or in groups of three to seven.",
    "IBAN_CODE": "An IBAN of its country's length with the check of mod 97, in any "
    "case, together or in groups of four.",
    "PHONE_NUMBER": "A phone number with + and a country's code, or a national one "
    "of `regions`; one written like any other number only beside a word like "
    "'phone' or 'call'.",
    "IP_ADDRESS": "An IP address of version 4 or 6; a version number of four parts "
    "is taken for one.",
    "URL": "A web address, with a scheme or from 'www.' on.",
    "DATE_OF_BIRTH": "A date beside a word like 'born' or 'date of birth'.",
    "US_SSN": "A US social security number with hyphens; otherwise only beside "
    "words like 'social security'.",
    "US_ITIN": "A US taxpayer identification number with hyphens; otherwise only "
    "beside a word like 'ITIN'.",
    "US_PASSPORT": "A US passport's number, beside the word 'passport'.",
    "UK_NHS": "A British NHS number with its check digit, beside words like 'NHS'.",
    "UK_NINO": "A British national insurance number, by its form.",
    "DE_TAX_ID": "A German tax identification number with its check digit, beside "
    "words like 'Steuer-ID'.",
    "ES_NIF": "A Spanish NIF or NIE with its check letter.",
    "IT_FISCAL_CODE": "An Italian codice fiscale with its check letter.",
    "PL_PESEL": "A Polish PESEL with its check digit, beside the word.",
    "FI_PERSONAL_IDENTITY_CODE": "A Finnish personal identity code with its check "
    "character.",
    "SG_NRIC_FIN": "A Singaporean NRIC or FIN with its check letter.",
    "AU_TFN": "An Australian tax file number with its check digit, beside words "
    "like 'TFN'.",
    "IN_AADHAAR": "An Indian Aadhaar number with its check digit, beside the word.",
    "IN_PAN": "An Indian permanent account number, by its form.",
}
"""What can be looked for, and what is found of it."""


def find(text: str, check: Mapping[str, object]) -> tuple[Span, ...]:
    """Where one of the check's entities stands.

    Raises:
        CannotCheck: An entity or region is not known, or phonenumberslite, which
            PHONE_NUMBER needs, is not installed.
    """
    read = folded(text)
    asked = Context(read.text, phrases(_strings(check, "context_words")))
    checksum = check.get("require_checksum", True) is not False
    regions = _strings(check, "regions")
    found = [
        span
        for entity in _strings(check, "entities")
        for span in _found(entity, read, checksum, regions, own_context=not asked)
        if not asked or asked.is_near(span)
    ]
    return merged(map(read.given, found))


def _found(
    entity: str,
    read: Folded,
    checksum: bool,
    regions: tuple[str, ...],
    *,
    own_context: bool,
) -> Iterable[Span]:
    text = read.text
    if entity in FORMS:
        forms = FORMS[entity]
        return find_numbers(text, forms, checksum=checksum, own_context=own_context)
    if entity in _ADDRESSES:
        return _ADDRESSES[entity](text)
    if entity in _ACCOUNTS:
        return _ACCOUNTS[entity](text, checksum=checksum)
    if entity == "PHONE_NUMBER":
        return find_phones(text, regions, own_context=own_context)
    raise CannotCheck(f"{entity[:40]!r} is not known as personal data")


_ADDRESSES = {
    "EMAIL_ADDRESS": find_emails,
    "IP_ADDRESS": find_ips,
    "URL": find_urls,
}
_ACCOUNTS = {"CREDIT_CARD": find_cards, "IBAN_CODE": find_ibans}


def _strings(check: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = check.get(key, ())
    if not isinstance(value, (list, tuple)):
        raise CannotCheck(f"`{key}` is no list")
    return tuple(each for each in value if isinstance(each, str))
