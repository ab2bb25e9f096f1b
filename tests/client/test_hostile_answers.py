"""Answers that must not be believed: a row for each, and one rule for all.

Whatever comes, the client keeps its last good copy and says that it is stale;
without a copy it raises, and never serves what it was sent.
"""

import pytest

import placet
from tests.client.tampering import (
    BOT,
    PROMPT,
    body,
    bundle,
    cut,
    dumped,
    head,
    redirect,
    wrong_bundle,
)

DIGEST = "sha256:" + "0" * 64
GUARDRAIL = {
    "digest": DIGEST,
    "document": {"kind": "guardrail", "name": "a/g", "version": "1.0.0", "rules": []},
}


def with_rule(kind):
    rule = {"id": "r", "stage": ["input"], "check": {"type": kind}, "action": "block"}
    rules = [{**rule, "severity": "low", "message": "No."}]
    return {**GUARDRAIL, "document": {**GUARDRAIL["document"], "rules": rules}}


def binding(fallback):
    document = {"kind": "binding", "name": "a/b", "version": "1.0.0"}
    return {
        "digest": DIGEST,
        "document": {**document, "fallbacks": [{"name": fallback}]},
    }


HOSTILE = {
    "an older seq": head(seq=1),
    "an older epoch": head(epoch=0),
    "a seq that is not a number": head(seq="12"),
    "a seq that is true": head(seq=True),
    "a negative floor": head(floor=-1),
    "no floor": head(floor=None),
    "another environment": head(environment="staging"),
    "another bot": head(bot="acme-air/sales"),
    "another repository": head(repository="elsewhere"),
    "no repository": head(repository=None),
    "a digest that is none": head(bundle="../../v1/tokens"),
    "an unknown bundle": head(bundle="sha256:" + "0" * 64),
    "a bundle with another digest": wrong_bundle,
    "a head that is cut off": cut("/head"),
    "a bundle that is cut off": cut("/bundles/"),
    "a head that is too large": body(b" " * 20_000, only="/head"),
    "a head that says it is huge": body(b"{}", Content_Length="9" * 30),
    "a bundle that is too large": body(b" " * (16 * 1024 * 1024 + 1)),
    "a page in place of an answer": body(b"<!doctype html><title>Sign in</title>"),
    "nothing at all": body(b""),
    "a list": body(b"[]"),
    "a number that is too long": body(b"1" * 10_000),
    "nesting without end": body(b"[" * 16_000),
    "no text": body(b"\xff\xfe{}"),
    "a redirect": redirect,
    "a bundle of another bot": bundle(
        dumped(lambda whole: whole["bot"].update(name="acme-air/sales"))
    ),
    "a prompt in place of a bundle": bundle(
        dumped(lambda whole: whole.update(kind="prompt"))
    ),
    "a bundle that does not say whether it was stopped": bundle(
        dumped(lambda whole: whole.pop("stopped"))
    ),
    "a bundle without a fallback": bundle(
        dumped(lambda whole: whole["bot"].pop("fallback"))
    ),
    "a bundle with a prompt that has no messages": bundle(
        dumped(lambda whole: whole["prompts"]["refunds"]["document"].pop("messages"))
    ),
    "a bundle with a message that is text": bundle(
        dumped(
            lambda whole: whole["prompts"]["refunds"]["document"].update(messages=["x"])
        )
    ),
    "a bundle with a template that is broken": bundle(
        dumped(
            lambda whole: whole["prompts"]["refunds"]["document"]["messages"][0].update(
                content="{{ not a name"
            )
        )
    ),
    "a bundle with a template of an unknown kind": bundle(
        dumped(
            lambda whole: whole["prompts"]["refunds"]["document"].update(template="go")
        )
    ),
    "a bundle with a guardrail that is none": bundle(
        dumped(lambda whole: whole.update(guardrails={"input": {}}))
    ),
    "a bundle with a guardrail without rules": bundle(
        dumped(lambda whole: whole.update(guardrails={"input": GUARDRAIL}))
    ),
    "a bundle with a rule of an unknown kind": bundle(
        dumped(lambda whole: whole.update(guardrails={"input": with_rule("magic")}))
    ),
    "a bundle with a rule that lacks what it looks for": bundle(
        dumped(lambda whole: whole.update(guardrails={"input": with_rule("regex")}))
    ),
    "a bundle that does not say whether there are guardrails": bundle(
        dumped(lambda whole: whole.pop("guardrails"))
    ),
    "a bundle with a binding that is none": bundle(
        dumped(lambda whole: whole.update(bindings={"main": {}}))
    ),
    "a bundle with a binding that falls back to nothing": bundle(
        dumped(lambda whole: whole.update(bindings={"main": binding("a/b")}))
    ),
    "a bundle with a binding that falls back to itself": bundle(
        dumped(
            lambda whole: whole.update(
                bindings={"main": binding("a/b")}, fallbacks={"a/b": binding("a/b")}
            )
        )
    ),
    "a bundle that is no JSON": bundle(lambda whole: b"evil"),
    "a bundle with a prompt without its digest": bundle(
        dumped(lambda whole: whole["prompts"]["refunds"].pop("digest"))
    ),
}

NEEDS_A_COPY = {"an older seq", "an older epoch", "another repository"}


@pytest.mark.parametrize("name", HOSTILE)
def test_i27_the_last_good_copy_stays(registry, client, said, name):
    client.bot(BOT)
    registry.put_prompt(PROMPT, "second: {{ question }}")

    registry.tamper = HOSTILE[name]
    health = client.refresh()

    assert said(client.bot(BOT)) == "first: ?"
    assert client.bot(BOT).stale
    assert not health.ok


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in NEEDS_A_COPY])
def test_nothing_is_served_where_there_is_no_copy(registry, client, name):
    registry.tamper = HOSTILE[name]

    with pytest.raises((placet.RegistryUnavailable, placet.Unsupported)):
        client.bot(BOT)


@pytest.mark.parametrize("name", HOSTILE)
def test_the_next_good_answer_is_taken(registry, client, said, name):
    client.bot(BOT)
    registry.put_prompt(PROMPT, "second: {{ question }}")
    registry.tamper = HOSTILE[name]
    client.refresh()

    registry.tamper = None
    health = client.refresh()

    assert health.ok
    assert said(client.bot(BOT)) == "second: ?"
