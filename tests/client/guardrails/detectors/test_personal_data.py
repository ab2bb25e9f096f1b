"""Personal data: what each entity finds, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placet.guardrails.errors import CannotCheck
from placet.guardrails.pii import ENTITIES, find

FULL_WIDTH = str.maketrans("0123456789", "".join(chr(0xFF10 + n) for n in range(10)))
ARABIC = str.maketrans("0123456789", "".join(chr(0x660 + n) for n in range(10)))


def found(text, *entities, **check):
    spans = find(text, {"entities": list(entities), **check})
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("entity", "text", "what"),
    [
        ("EMAIL_ADDRESS", "mail Jane.O'Hara+x@mail.example.co.uk.", None),
        ("EMAIL_ADDRESS", "<jane@example.com>, please", "jane@example.com"),
        ("EMAIL_ADDRESS", "jürgen@exämple.de", "jürgen@exämple.de"),
        ("EMAIL_ADDRESS", "連絡はjane@example.comまで", "jane@example.com"),
        ("CREDIT_CARD", "pay with 4111 1111 1111 1111 now", "4111 1111 1111 1111"),
        ("CREDIT_CARD", "3782-822463-10005", "3782-822463-10005"),
        ("CREDIT_CARD", "card 6304 0000 0000 0000", "6304 0000 0000 0000"),
        ("CREDIT_CARD", "12 4111111111111111 34", "4111111111111111"),
        ("CREDIT_CARD", "カード4111111111111111です", "4111111111111111"),
        ("IBAN_CODE", "to DE89 3704 0044 0532 0130 00.", "DE89 3704 0044 0532 0130 00"),
        ("IBAN_CODE", "gb29nwbk60161331926819", "gb29nwbk60161331926819"),
        ("IBAN_CODE", "NO9386011117947 NO9386011117947", "NO9386011117947"),
        ("IP_ADDRESS", "from 192.168.0.1, blocked", "192.168.0.1"),
        ("IP_ADDRESS", "at 2001:db8::8a2e:370:7334.", "2001:db8::8a2e:370:7334"),
        ("URL", "see https://example.com/a.", "https://example.com/a"),
        ("DATE_OF_BIRTH", "She was born on 2/8/1935.", "2/8/1935"),
        ("DATE_OF_BIRTH", "Date of birth: 12th March 1980", "12th March 1980"),
        ("US_SSN", "his is 460-89-9847", "460-89-9847"),
        ("US_SSN", "SSN 460 89 9847", "460 89 9847"),
        ("US_ITIN", "912-70-1234", "912-70-1234"),
        ("US_PASSPORT", "passport no. 912345678", "912345678"),
        ("UK_NHS", "NHS number 943 476 5919", "943 476 5919"),
        ("UK_NINO", "AB 12 34 56 C", "AB 12 34 56 C"),
        ("DE_TAX_ID", "Steuer-ID 86 095 742 719", "86 095 742 719"),
        ("ES_NIF", "DNI 12345678Z", "12345678Z"),
        ("ES_NIF", "NIE X1234567L", "X1234567L"),
        ("IT_FISCAL_CODE", "cf RSSMRA85T10A562S", "RSSMRA85T10A562S"),
        ("PL_PESEL", "PESEL 44051401359", "44051401359"),
        ("FI_PERSONAL_IDENTITY_CODE", "hetu 131052-308T", "131052-308T"),
        ("SG_NRIC_FIN", "NRIC S1234567D", "S1234567D"),
        ("AU_TFN", "TFN 123 456 782", "123 456 782"),
        ("IN_AADHAAR", "Aadhaar 2341 2341 2346", "2341 2341 2346"),
        ("IN_PAN", "PAN ABCPE1234F", "ABCPE1234F"),
    ],
)
def test_what_an_entity_finds(entity, text, what):
    wanted = what or text.split()[1].rstrip(".")

    assert set(found(text, entity)) == {wanted}


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        ("EMAIL_ADDRESS", "jane@localhost or @jane or jane at example dot com"),
        ("CREDIT_CARD", "4111 1111 1111 1112"),
        ("CREDIT_CARD", "X4111111111111111"),
        ("CREDIT_CARD", "41111111111111110000"),
        ("CREDIT_CARD", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"),
        ("CREDIT_CARD", "7992739871300003"),
        ("IBAN_CODE", "DE89 3704 0044 0532 0130 01"),
        ("IBAN_CODE", "DE89 3704 0044 0532 0130"),
        ("IBAN_CODE", "ZZ89370400440532013000"),
        ("IP_ADDRESS", "256.1.1.1 and 1.2.3 and v1.2.3.4 and 1.2.3.4.5"),
        ("IP_ADDRESS", "at 12:34:56 in std::vector<a::b>"),
        ("DATE_OF_BIRTH", "The contract is of 2/8/1935."),
        ("US_SSN", "000-12-3456 and 666-12-3456 and 900-12-3456 and 123-00-1234"),
        ("US_SSN", "order 460899847"),
        ("US_PASSPORT", "order 912345678"),
        ("UK_NHS", "call 943 476 5919"),
        ("UK_NHS", "NHS number 943 476 5918"),
        ("UK_NINO", "GB 12 34 56 C"),
        ("DE_TAX_ID", "Steuer-ID 86 095 742 718"),
        ("ES_NIF", "12345678A"),
        ("IT_FISCAL_CODE", "RSSMRA85T10A562T"),
        ("PL_PESEL", "PESEL 44051401358"),
        ("FI_PERSONAL_IDENTITY_CODE", "131052-308U"),
        ("SG_NRIC_FIN", "S1234567E"),
        ("AU_TFN", "TFN 123 456 789"),
        ("IN_AADHAAR", "Aadhaar 2341 2341 2345"),
    ],
)
def test_what_only_looks_like_it(entity, text):
    assert found(text, entity) == []


def test_check_digits_can_be_left_out():
    text = "card 4111 1111 1111 1112, IBAN DE89370400440532013001"

    assert found(text, "CREDIT_CARD", "IBAN_CODE", require_checksum=False) == [
        "4111 1111 1111 1112",
        "DE89370400440532013001",
    ]


def test_context_words_of_a_rule_have_to_be_near():
    near = "Frequent flyer contact: jane@example.com"
    far = "Frequent flyer. " + "x " * 40 + "jane@example.com"

    assert found(near, "EMAIL_ADDRESS", context_words=["frequent flyer"]) != []
    assert found(far, "EMAIL_ADDRESS", context_words=["frequent flyer"]) == []
    assert found(near, "EMAIL_ADDRESS", context_words=["flye"]) == []


def test_context_words_of_a_rule_take_the_place_of_those_an_entity_has():
    assert found("travels on 912345678", "US_PASSPORT") == []
    assert found("travels on 912345678", "US_PASSPORT", context_words=["travels on"])
    assert not found("passport 912345678", "US_PASSPORT", context_words=["visa"])


@pytest.mark.parametrize("digits", [FULL_WIDTH, ARABIC])
def test_digits_of_every_script_count(digits):
    card = "4111 1111 1111 1111".translate(digits)

    assert found(f"pay with {card} now", "CREDIT_CARD") == [card]


@pytest.mark.parametrize("between", ["\u200b", "\u00ad", "\u2060", "\ufe0f"])
def test_a_character_without_width_hides_no_number(between):
    card = between.join("4111111111111111")

    assert found(f"pay with {card} now", "CREDIT_CARD") == [card]


def test_a_space_that_does_not_break_and_a_dash_are_a_space_and_a_hyphen():
    card = "4111{0}1111{0}1111{0}1111"

    for between in ("\u00a0", "\u2011", "\u2013"):
        written = card.format(between)
        assert found(f"pay with {written}", "CREDIT_CARD") == [written]


def test_what_two_entities_find_is_one_span():
    assert len(find("x@1.2.3.4.example.com", {"entities": list(ENTITIES)})) == 1


def test_an_unknown_entity_cannot_be_checked():
    with pytest.raises(CannotCheck, match="PERSON"):
        find("text", {"entities": ["PERSON"]})


WORDS = st.lists(st.sampled_from(["card", "4", "no", "card 4", "中", "中号", "a_b"]))


@given(words=WORDS.filter(bool), more=WORDS, before=WORDS)
def test_more_context_words_never_find_less(words, more, before):
    text = f"{' '.join(before)} 4111 1111 1111 1111"

    if found(text, "CREDIT_CARD", context_words=words):
        assert found(text, "CREDIT_CARD", context_words=[*words, *more])


def test_a_longer_context_phrase_hides_no_shorter_one():
    text = "card 4111 1111 1111 1111"

    assert found(text, "CREDIT_CARD", context_words=["card", "card 4"])
    assert found(
        "カード番号 4111 1111 1111 1111", "CREDIT_CARD", context_words=["番号"]
    )
