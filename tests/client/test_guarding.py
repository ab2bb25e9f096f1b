"""A bot's guardrails and model bindings, as they come with its bundle."""

import pytest

import placet
from placet.guardrails import Action

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"
CAT = {
    "id": "cat",
    "stage": ["input", "output"],
    "check": {"type": "keyword", "terms": ["cat"]},
    "action": "redact",
}
DIGITS = {
    "id": "digits",
    "stage": ["output"],
    "check": {"type": "regex", "pattern": "[0-9]{4,}"},
    "action": "block",
}


@pytest.fixture
def guarded(registry, client):
    """The bot has two guardrails."""
    registry.put_guardrail("acme-air/cats", [CAT])
    registry.put_guardrail("acme-air/digits", [DIGITS], version="2.1.0")
    registry.put_bot(
        BOT,
        {"refunds": PROMPT},
        fallback="Please call us.",
        guardrails={"numbers": "acme-air/digits", "animals": "acme-air/cats"},
    )
    return client.bot(BOT)


def test_a_bot_checks_with_all_its_guardrails_in_the_order_of_their_roles(guarded):
    outcome = guarded.guardrails.check("output", "cat 12345")

    assert (outcome.action, outcome.allowed) == (Action.BLOCK, False)
    assert outcome.text == "[cat] 12345"
    assert [hit.guardrail for hit in outcome.findings] == [
        "acme-air/cats",
        "acme-air/digits",
    ]


def test_one_of_them_can_be_asked_alone(guarded):
    outcome = guarded.guardrail("animals").check("output", "cat 12345")

    assert (outcome.action, outcome.text) == (Action.REDACT, "[cat] 12345")


def test_a_bot_without_guardrails_allows_everything(client):
    assert client.bot(BOT).guardrails.check("input", "cat 12345").allowed


def test_a_stopped_bot_has_no_guardrails_and_says_so(registry, client, guarded):
    registry.stop(BOT, reason="it promised too much")
    client.refresh()
    stopped = client.bot(BOT)

    with pytest.raises(placet.Stopped) as told:
        stopped.guardrails.check("input", "x")
    with pytest.raises(placet.Stopped):
        stopped.guardrail("animals")
    with pytest.raises(placet.Stopped):
        stopped.binding("main")
    assert told.value.fallback == "Please call us."
    assert guarded.guardrails.check("output", "12345").action == Action.BLOCK


def test_an_unknown_role_is_an_error_that_lists_the_roles(guarded):
    with pytest.raises(placet.UnknownGuardrail, match="'animals', 'numbers'"):
        guarded.guardrail("anymals")
    with pytest.raises(placet.UnknownBinding, match="none in any role"):
        guarded.binding("main")


def test_a_new_version_of_a_guardrail_is_taken_and_a_conversation_keeps_its_own(
    registry, client, guarded
):
    registry.put_guardrail("acme-air/cats", [{**CAT, "action": "block"}])
    client.refresh()

    assert client.bot(BOT).guardrails.check("input", "cat").action == Action.BLOCK
    assert guarded.guardrails.check("input", "cat").action == Action.REDACT


def test_i30_a_guardrail_that_this_version_cannot_apply_leaves_the_last_good_bundle(
    registry, client, guarded
):
    magic = {**CAT, "check": {"type": "magic"}}
    registry.put_guardrail("acme-air/cats", [magic])
    registry.put_prompt(PROMPT, "second: {{ question }}")
    health = client.refresh()

    bot = client.bot(BOT)
    assert bot.guardrails.check("input", "cat").action == Action.REDACT
    assert (bot.stale, bot.digest) == (True, guarded.digest)
    assert "Upgrade placet" in health.problems[f"bots/{BOT}"]


def test_guardrails_come_from_disk_too(registry, guarded, tmp_path):
    with registry.client(cache_dir=tmp_path) as client:
        client.bot(BOT)
    registry.go_down()

    with registry.client(cache_dir=tmp_path) as client:
        outcome = client.bot(BOT).guardrails.check("output", "12345")

    assert outcome.action == Action.BLOCK


def test_log_fields_name_the_guardrails_and_bindings(registry, client, guarded):
    registry.put_binding("acme-air/chat", {"platform": "openai", "model": "m"})
    registry.put_bot(
        BOT,
        {"refunds": PROMPT},
        guardrails={"numbers": "acme-air/digits"},
        bindings={"main": "acme-air/chat"},
    )
    client.refresh()
    bot = client.bot(BOT)

    fields = bot.log_fields()

    assert fields["placet_guardrails"] == {
        "numbers": {
            "name": "acme-air/digits",
            "version": "2.1.0",
            "digest": bot.guardrail("numbers").digest,
        }
    }
    assert fields["placet_bindings"]["main"]["name"] == "acme-air/chat"


def test_what_guardrails_say_is_not_in_a_bundle_s_repr(guarded):
    assert "[0-9]{4,}" not in repr(guarded) + repr(guarded.guardrails)


def test_a_guardrail_s_document_is_a_copy(guarded):
    guarded.guardrail("animals").document["rules"].clear()

    assert guarded.guardrail("animals").document["rules"][0]["id"] == "cat"


class TestBindings:
    @pytest.fixture
    def bot(self, registry, client):
        def fallback(name):
            return {"name": name, "when": ["error"]}

        registry.put_binding("a/last", {"model": "last"})
        registry.put_binding(
            "a/second", {"model": "second", "fallbacks": [fallback("a/last")]}
        )
        registry.put_binding(
            "a/first",
            {
                "model": "first",
                "fallbacks": [fallback("a/second"), fallback("a/last")],
            },
            version="3.0.0",
        )
        registry.put_bot(BOT, {"refunds": PROMPT}, bindings={"main": "a/first"})
        return client.bot(BOT)

    def test_a_bot_has_its_bindings_by_role(self, bot):
        binding = bot.binding("main")

        assert (binding.name, binding.version) == ("a/first", "3.0.0")
        assert binding.document["model"] == "first"
        assert binding.digest.startswith("sha256:")

    def test_what_it_falls_back_to_comes_with_it_in_order(self, bot):
        second, last = bot.binding("main").fallbacks

        assert [second.document["model"], last.document["model"]] == ["second", "last"]
        assert second.fallbacks == (last,)
        assert last.fallbacks == ()

    def test_its_document_is_a_copy(self, bot):
        bot.binding("main").document.clear()

        assert bot.binding("main").document["model"] == "first"

    def test_an_unknown_role_is_an_error(self, bot):
        with pytest.raises(placet.UnknownBinding, match="'main'"):
            bot.binding("chat")

    def test_a_binding_that_was_not_put_cannot_be_used(self, registry):
        with pytest.raises(placet.Misconfigured, match="no binding 'a/none'"):
            registry.put_bot(BOT, {}, bindings={"main": "a/none"})
        with pytest.raises(placet.Misconfigured, match="no binding 'a/none'"):
            registry.put_binding("a/x", {"fallbacks": [{"name": "a/none"}]})
