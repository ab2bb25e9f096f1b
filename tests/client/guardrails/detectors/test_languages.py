"""Languages: told apart in longer texts, left undetermined in others."""

# ruff: noqa: RUF001, E501 - letters of other alphabets may look like ours

import pytest

from placet.guardrails.errors import CannotCheck
from placet.guardrails.languages import LANGUAGES, find, language_of

TEXTS = {
    "ar": "يمكنك إلغاء الرحلة من هذا الموقع قبل يوم السفر إذا لم تكن التذكرة مستعملة",
    "bg": "Моля, кажете ни кога ще пътувате и как да се свържем с вас по телефона",
    "cs": "Let můžete zrušit do dvou hodin před odletem, pokud jste ho nezaplatili body",
    "da": "Jeg vil gerne vide, hvad der sker, hvis flyet bliver aflyst og ikke går nu",
    "de": "Ich möchte meinen Flug stornieren und das Geld auf die Karte zurück haben",
    "el": "Θέλω να ακυρώσω την πτήση μου και να πάρω πίσω τα χρήματα",
    "en": "You can cancel the flight up to two hours before it leaves from the airport",
    "es": "Quiero cancelar mi vuelo de mañana porque el hotel no está disponible",
    "fa": "لطفا پرواز من را لغو کنید و پول را به کارت من برگردانید چون نمی توانم بیایم",
    "fi": "Haluan perua lennon, koska en voi tulla, mutta missä se on mahdollista",
    "fr": "Je voudrais annuler mon vol de demain parce que je ne peux pas venir",
    "he": "אני רוצה לבטל את הטיסה שלי ולקבל את הכסף בחזרה",
    "hi": "मैं अपनी उड़ान रद्द करना चाहता हूँ और पैसे वापस चाहिए",
    "hu": "Szeretném lemondani a repülőjegyet, mert nem tudok eljönni, és ez már biztos",
    "id": "Saya ingin membatalkan penerbangan ini karena tidak bisa datang pada hari itu",
    "it": "Vorrei cancellare il mio volo di domani perché non posso venire con voi",
    "ja": "明日の飛行機を取り消して、料金を返してもらいたいのですが",
    "ko": "내일 비행기를 취소하고 환불을 받고 싶습니다 도와주세요",
    "nl": "Ik wil mijn vlucht van morgen annuleren omdat ik niet kan komen met het geld",
    "no": "Jeg vil gjerne vite hva som skjer når flyet er innstilt og jeg må bli nå",
    "pl": "Chcę odwołać mój lot, ponieważ nie mogę przyjechać, ale jest już zapłacony",
    "pt": "Quero cancelar o meu voo de amanhã porque não posso ir com você até lá",
    "ro": "Vreau să anulez zborul de mâine pentru că nu pot să vin și nici să plătesc",
    "ru": "Я хочу отменить рейс, потому что не могу прийти, и вернуть деньги на карту",
    "sv": "Jag vill avboka mitt flyg för att jag inte kan komma och det är redan betalt",
    "th": "ฉันต้องการยกเลิกเที่ยวบินพรุ่งนี้และขอเงินคืน",
    "tr": "Yarınki uçuşumu iptal etmek istiyorum çünkü gelemiyorum ve bu çok önemli",
    "uk": "Я хочу скасувати рейс, тому що не можу прийти, і повернути гроші на картку",
    "vi": "Tôi muốn hủy chuyến bay ngày mai vì không thể đến được và cần hoàn tiền",
    "zh": "我想取消明天的航班并且把钱退回到我的信用卡里面请帮忙处理一下",
}


def test_every_language_has_a_text_here():
    assert set(TEXTS) == set(LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sentence_is_in_its_language(code):
    assert language_of(TEXTS[code]) == code


@pytest.mark.parametrize(
    "text",
    [
        *("", "hello", "ok", "Paris, London, Madrid, Rome, Vienna", "1234567890 " * 9),
        *("def find(text): return len(text)", "x" * 400, "https://example.com/the/of"),
    ],
)
def test_too_little_is_undetermined(text):
    assert language_of(text) is None


def test_the_whole_text_is_found_if_its_language_is_not_allowed():
    text = TEXTS["de"]

    assert find(text, {"allowed": ["en", "fr"]}) == ((0, len(text)),)
    assert find(text, {"allowed": ["en", "de"]}) == ()


def test_below_min_chars_it_is_undetermined():
    assert find(TEXTS["de"], {"allowed": ["en"], "min_chars": 400}) == ()


def test_a_rule_says_what_undetermined_means():
    assert find("hm", {"allowed": ["en"], "undetermined": "trigger"}) == ((0, 2),)
    assert find("hm", {"allowed": ["en"], "undetermined": "pass"}) == ()


def test_an_unknown_language_cannot_be_checked():
    with pytest.raises(CannotCheck, match="tlh"):
        find("text", {"allowed": ["tlh"]})
