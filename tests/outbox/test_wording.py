"""How a notice reads in each kind of target, whatever people wrote into it."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.notices import audience, one_line
from registry.outbox.failures import NotDelivered
from registry.outbox.wording import MAX_SLACK_CHARS, mail, slack_body, webhook_body
from tests.outbox.conftest import NOON, make_notice

URL = "https://placet.example.com"


def sent(notice, **more):
    told = {
        "sender": "placet@example.com",
        "to": "risk@example.com",
        "recipient": "risk",
        "url": URL,
    }
    return mail(notice, **{**told, **more})


def test_a_webhook_says_what_happened_and_where_to_read_on():
    told = json.loads(webhook_body(make_notice(due=NOON), f"{URL}/"))

    assert told["type"] == "stopped"
    assert told["timestamp"] == "2026-05-03T12:00:00Z"
    assert told["data"]["url"] == f"{URL}/v1/changes/42"
    assert told["data"]["audience"]["handles"] == ["product", "risk"]
    assert told["data"]["due"] == "2026-05-03T12:00:00Z"


def test_people_read_on_in_the_console_and_programs_at_the_registry():
    console = "https://placet.example.com:8501"

    told = json.loads(webhook_body(make_notice(), URL, console))
    chat = slack_body(make_notice(), URL, console).decode()
    written = sent(make_notice(), console=console).get_content()

    assert told["data"]["url"] == f"{URL}/v1/changes/42"
    assert told["data"]["page"] == f"{console}/change?id=42"
    assert f"<{console}/change?id=42|Read it>" in chat
    assert f"Read it: {console}/change?id=42" in written


def test_slack_reads_what_happened_who_is_asked_until_when_and_where():
    asked = audience("product", seats=("risk",))
    due = NOON + timedelta(days=3)

    told = json.loads(slack_body(make_notice(audience=asked, due=due), URL))

    head, foot = told["blocks"]
    assert told["text"] == "operator has stopped acme/support in production"
    assert head["text"]["text"].splitlines() == [
        "*operator has stopped acme/support in production*",
        "It says nonsense.",
        "It says its fallback until it is resumed.",
    ]
    assert foot["elements"][0]["text"] == (
        "For: product, the seat risk · Until 2026-05-06 12:00 UTC · "
        "<https://placet.example.com/v1/changes/42|Read it>"
    )


def test_slack_says_so_if_it_is_for_everybody_or_for_nobody():
    every = slack_body(make_notice(audience=audience(everybody=True)), None)
    nobody = slack_body(make_notice(audience=audience()), None)

    assert "For: everybody" in every.decode()
    assert "For: nobody in particular" in nobody.decode()


def test_what_people_write_is_no_mention_and_no_link_in_slack():
    hostile = "<!channel> <@U123> <https://evil.example|click> a & b &lt;"

    told = json.loads(slack_body(make_notice(subject=hostile, body=(hostile,)), None))

    safe = (
        "&lt;!channel&gt; &lt;@U123&gt; &lt;https://evil.example|click&gt; a &amp; b "
        "&amp;lt;"
    )
    assert told["text"] == safe
    text = told["blocks"][0]["text"]
    assert text["text"] == f"*{safe}*\n{safe}"
    assert text["verbatim"] is True


@given(st.lists(st.text(max_size=400), max_size=30), st.text())
def test_slack_takes_every_text(body, subject):
    notice = make_notice(
        subject=one_line(subject), body=tuple(one_line(text) for text in body)
    )

    told = json.loads(slack_body(notice, URL))

    texts = [told["blocks"][0]["text"], *told["blocks"][1]["elements"]]
    for text in texts:
        assert len(text["text"]) <= MAX_SLACK_CHARS + 2
        bare = text["text"].replace(f"<{URL}/v1/changes/42|Read it>", "")
        assert "<" not in bare
        assert ">" not in bare
        assert "&" not in bare.replace("&amp;", "").replace("&lt;", "").replace(
            "&gt;", ""
        )


def test_a_long_notice_is_cut_between_lines_for_slack():
    notice = make_notice(body=("&" * 290,) * 20)

    (head, _) = json.loads(slack_body(notice, None))["blocks"]

    assert head["text"]["text"].endswith(";\n…")


def test_a_mail_says_from_whom_to_whom_and_what_about():
    message = sent(make_notice())

    assert message["From"] == "Placet <placet@example.com>"
    assert message["To"] == "risk@example.com"
    assert message["Subject"] == "operator has stopped acme/support in production"
    assert message["Date"] == "Sun, 03 May 2026 12:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    text = message.get_content()
    assert "It says nonsense." in text
    assert "placet show 42" in text
    assert "Read it: https://placet.example.com/v1/changes/42" in text


def test_the_same_notice_to_the_same_person_is_the_same_mail():
    first, again = sent(make_notice()), sent(make_notice())
    other = sent(make_notice(), recipient="product")

    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"] != other["Message-ID"]


@given(st.text())
def test_no_text_becomes_a_header(text):
    notice = make_notice(subject=f"a{text}\r\nBcc: evil@example.com", body=(text,))

    message = sent(notice)

    assert message["Bcc"] is None
    assert message.keys().count("Subject") == 1
    head = message.as_bytes().partition(b"\r\n\r\n")[0]
    names = {
        line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] != b" "
    }
    assert names <= {
        *(b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted"),
        *(b"Content-Type", b"Content-Transfer-Encoding", b"MIME-Version"),
    }


@pytest.mark.parametrize(
    "to",
    [
        "",
        "risk",
        "risk@",
        "@example.com",
        "risk@example.com, evil@example.com",
        "risk@example.com evil@example.com",
        "risk@example.com\r\nBcc: evil@example.com",
        "risk@example.com\n",
        "<risk@example.com>",
        "Risk <risk@example.com>",
        '"a b"@example.com',
        "risk@example.com> SIZE=1",
        "risk@exämple.com",
        "risk@example.com,",
        "a" * 250 + "@example.com",
    ],
)
def test_what_is_not_one_plain_address_is_not_written_to(to: str):
    with pytest.raises(NotDelivered) as raised:
        sent(make_notice(), to=to)

    assert raised.value.lasting
