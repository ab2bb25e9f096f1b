"""The examples in `client/README.md` do what it says."""

import inspect
import logging
import re
import time
from pathlib import Path

import placet
from tests.client.signed import Key, Signer

README = Path(placet.__file__).parent.parent / "README.md"
START, CONVERSATION, GUARDING, SIGNED, TESTING = re.findall(
    r"```python\n(.*?)```", README.read_text(), re.DOTALL
)


def test_the_first_example_renders_and_logs(registry, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    registry.put_prompt(
        "acme-air/refunds",
        [{"placeholder": "history"}, {"role": "user", "content": "{{ question }}"}],
    )
    example = START.replace("https://registry.internal", registry.url)
    example = example.replace("/var/lib/bot", str(tmp_path))
    names = {"token": registry.token, "log": logging.getLogger("chatbot")}

    exec(example, names)  # noqa: S102
    names["client"].close()

    assert [message["content"] for message in names["messages"]] == [
        "Hello",
        "Can I get my money back?",
    ]
    assert caplog.records[-1].placet_bot == "acme-air/support"


def test_the_example_with_a_key_takes_only_what_it_has_signed(registry, tmp_path):
    key = Key(1)
    registry.tamper = Signer(time.time, key)
    example = SIGNED.replace("https://registry.internal", registry.url)
    example = example.replace("/var/lib/bot", str(tmp_path))
    names = {"token": registry.token, "key": key.line, "placet": placet}

    exec(example, names)  # noqa: S102
    with names["client"] as client:
        assert not client.bot("acme-air/support").stale
        registry.tamper = Signer(time.time, Key(2))
        assert not client.refresh().ok


def test_the_conversation_says_the_fallback_once_the_bot_is_stopped(registry, client):
    names = {"client": client, "ask_model": lambda messages: messages[0]["content"]}
    exec(CONVERSATION, names)  # noqa: S102
    bot = names["begin"]()

    bot, first = names["answer"](bot, "When?")
    registry.stop("acme-air/support", reason="it promised too much")
    client.refresh()
    bot, second = names["answer"](bot, "When?")

    assert (first, second) == ("first: When?", "Please call us.")


def test_the_guarded_conversation_keeps_back_what_its_rules_say(registry, client):
    def keyword(name, action):
        check = {"type": "keyword", "terms": [name]}
        stages = ["input", "output"]
        rule = {"id": name, "stage": stages, "check": check, "action": action}
        return {**rule, "redact": {"replacement": "-"}} if action == "redact" else rule

    rules = [keyword("promise", "block"), keyword("cat", "redact")]
    registry.put_guardrail("acme-air/rules", rules)
    bot = {"refunds": "acme-air/refunds"}
    guardrails = {"all": "acme-air/rules"}
    registry.put_bot(
        "acme-air/support", bot, guardrails=guardrails, fallback="Please call us."
    )
    names = {
        "log": logging.getLogger("chatbot"),
        "ask_model": lambda messages: messages[0]["content"],
    }
    exec(GUARDING, names)  # noqa: S102

    said = [
        names["answer"](client.bot("acme-air/support"), question)
        for question in ("When?", "a cat?", "You promise?")
    ]

    assert said == ["first: When?", "first: a -?", "Please call us."]


def test_the_example_of_a_test_passes():
    names = {}

    exec(TESTING, names)  # noqa: S102

    names["test_a_stopped_bot_says_its_fallback"]()


def test_every_error_that_the_readme_names_exists():
    named = set(re.findall(r"`([A-Z]\w+)`", README.read_text()))
    exported = {name for name in placet.__all__ if inspect.isclass(vars(placet)[name])}

    assert named - {"ValueError"} <= exported


def test_every_exported_name_is_there():
    assert all(hasattr(placet, name) for name in placet.__all__)
