"""Rollbacks that people are asked about afterwards, and those that they asked for."""

from datetime import timedelta

import pytest

from registry.documents import Document, dump, parse
from registry.errors import NotAgreed, RecalledContent
from registry.people import Role
from registry.policy_rules import EmergencyRule
from registry.ratification import Judgement, Ratified
from tests.rules.assembly import Registry
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

OTHER = "prompts/acme/other"
GUARDRAIL = "guardrails/acme/no-promises"
RULE = EmergencyRule(seats=("incident",), kinds=(), names=(), ratify_hours=24)


def guardrail(version: str, *terms: str, cases: int = 1) -> Document:
    triggers = [
        {"rule": "r", "stage": "output", "text": f"{terms[0]} {n}", "expect": "trigger"}
        for n in range(cases)
    ]
    passes = {"rule": "r", "stage": "output", "text": "Hello.", "expect": "pass"}
    return parse(
        dump(
            {
                "kind": "guardrail",
                "name": "acme/no-promises",
                "version": version,
                "owner": "risk",
                "description": "It.",
                "tier": "low",
                "rules": [
                    {
                        "id": "r",
                        "stage": ["output"],
                        "check": {"type": "keyword", "terms": list(terms)},
                        "action": "block",
                        "severity": "high",
                        "message": "It promises.",
                    }
                ],
                "cases": [*triggers, passes],
            }
        )
    )


def disclosing(version: str, words: str) -> Document:
    bot = make_bot(version)
    return parse(dump({**bot.value, "disclosure": words}))


def opened(registry: Registry):
    return [
        registry.state.ratifications[number]
        for number in registry.state.open_ratifications
    ]


# Which rollbacks open one.


def test_a_rollback_of_low_tiers_opens_none(moved):
    moved.roll_back(BOT, seq=1)

    assert opened(moved) == []
    assert moved.preview(BOT, seq=3).ratify == ()


def test_a_rollback_that_touches_tier_high_opens_one(registry):
    registry.put(make_prompt("1.0.0", tier="high"))
    registry.put(make_prompt("1.1.0", "Be brief.", tier="high"))
    (why,) = registry.preview(PROMPT, seq=1).ratify

    event = registry.roll_back(PROMPT, seq=1)

    (found,) = opened(registry)
    assert found.id == event.number
    assert (found.change, found.opened.incident) == (None, None)
    assert (
        found.opened.why == (why,) == (f"it touches what has the tier high: {PROMPT}",)
    )
    assert [one.seat for one in found.opened.requirements] == ["product", "risk"]
    assert found.opened.due == event.at + timedelta(hours=72)


def test_how_long_they_have_is_the_policys(registry):
    registry.govern(ratify_hours=5)
    registry.put(make_prompt("1.0.0", tier="high"))
    registry.put(make_prompt("1.1.0", "Be brief.", tier="high"))

    event = registry.roll_back(PROMPT, seq=1)

    assert opened(registry)[0].opened.due == event.at + timedelta(hours=5)


def test_whoever_rolled_back_or_wrote_what_comes_back_is_left_out(registry):
    registry.put(make_prompt("1.0.0", tier="high"), by="editor")
    registry.put(make_prompt("1.1.0", "Be brief.", tier="high"), by="author")

    registry.roll_back(PROMPT, seq=1)

    assert opened(registry)[0].opened.excluded == ("editor", "operator")


def test_a_rollback_that_changes_what_users_are_told_opens_one(registry):
    registry.put(make_prompt("1.0.0"), disclosing("1.0.0", "A machine."))
    registry.put(disclosing("2.0.0", "You talk to a machine."))

    registry.roll_back(BOT, seq=1)

    assert opened(registry)[0].opened.why[0].startswith("disclosure-changed: ")


def test_a_rollback_that_only_drops_a_case_of_a_guardrail_opens_one(registry):
    registry.put(guardrail("1.0.0", "refund"))
    registry.put(guardrail("1.0.1", "refund", cases=2))

    registry.roll_back(GUARDRAIL, seq=1)

    assert opened(registry)[0].opened.why[0].startswith("guardrail-weakened: ")


def test_where_the_policy_asks_nobody_nobody_is(registry):
    for version, text in (("1.0.0", "Be kind."), ("1.1.0", "Be brief.")):
        prompt = make_prompt(version, text, tier="high")
        registry.activate(registry.submit(prompt, to="development"))

    registry.roll_back(PROMPT, seq=1, environment="development")

    assert opened(registry) == []


def test_a_rollback_that_was_voted_on_opens_none(registry):
    registry.put(make_prompt("1.0.0", tier="high"))
    registry.put(make_prompt("1.1.0", "Be brief.", tier="high"))
    event = registry.roll_back(PROMPT, by="promoter", seq=1, propose=True)

    registry.activate(registry.agree(event.payload.change))

    assert registry.versions() == {PROMPT: "1.0.0"}
    assert opened(registry) == []


def test_a_weakening_rollback_still_needs_votes(registry):
    registry.put(guardrail("1.0.0", "refund"))
    registry.put(guardrail("1.1.0", "refund", "promise"))

    with pytest.raises(NotAgreed, match="it protects less"):
        registry.roll_back(GUARDRAIL, seq=1)

    preview = registry.preview(GUARDRAIL, seq=1)
    assert preview.needs_vote
    assert preview.ratify == ()


# What was repudiated.


@pytest.fixture
def repudiated(registry: Registry) -> Registry:
    """At seq 2 an emergency, which risk has repudiated; at seq 3 something on top."""
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    registry.put(
        make_prompt("1.0.0", tier="high"),
        guardrail("1.0.0", "refund"),
        make_prompt("1.0.0", name="acme/other"),
    )
    registry.wait(days=40)
    change = registry.submit(
        make_prompt("1.1.0", "Be brief.", tier="high"),
        guardrail("1.1.0", "refund", "promise"),
    )
    registry.activate_in_emergency(change)
    registry.put(make_prompt("1.1.0", "Be calm.", name="acme/other"))
    registry.wait(days=40)
    (number,) = registry.state.open_ratifications
    registry.judge(number, "risk", Judgement.REPUDIATE)
    return registry


def test_undoing_what_was_repudiated_needs_no_vote_whatever_its_age(repudiated):
    event = repudiated.roll_back(None, undo=2)

    assert repudiated.versions() == {
        PROMPT: "1.0.0",
        GUARDRAIL: "1.0.0",
        OTHER: "1.1.0",
    }
    assert event.message.startswith(
        "Roll back what seq 2 replaced in production to seq 1\n"
    )


def test_and_nobody_is_asked_about_it_again(repudiated):
    repudiated.roll_back(None, undo=2)

    assert opened(repudiated) == []


def test_nor_about_a_bot_of_tier_high_that_only_uses_it(registry):
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0", tier="high"))
    change = registry.submit(make_prompt("1.1.0", "Be brief."))
    registry.activate_in_emergency(change)
    registry.judge(opened(registry)[0].id, "product", Judgement.REPUDIATE)

    registry.roll_back(None, undo=2)

    assert opened(registry) == []


def test_what_people_agreed_to_on_top_protects_as_much_as_ever(repudiated):
    stronger = guardrail("1.2.0", "refund", "promise", "guarantee")
    repudiated.put(stronger)

    with pytest.raises(NotAgreed, match="it protects less"):
        repudiated.roll_back(GUARDRAIL, seq=1)

    repudiated.roll_back(PROMPT, seq=1)
    assert repudiated.versions() == {
        PROMPT: "1.0.0",
        GUARDRAIL: "1.2.0",
        OTHER: "1.1.0",
    }
    assert opened(repudiated) == []


def test_nor_does_a_repudiation_make_anything_else_younger(repudiated):
    for scope in (OTHER, None):
        with pytest.raises(NotAgreed, match=f"{OTHER} last read like that more than"):
            repudiated.roll_back(scope, seq=1)


def test_it_puts_nothing_together_that_was_never_live(registry):
    """Of an emergency that edits a prompt and the fragment in it, the prompt alone."""
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    registry.put(make_fragment("1.0.0"), make_prompt("1.0.0", including()))
    change = registry.submit(
        make_fragment("1.1.0", "Be calm."),
        make_prompt("1.1.0", including(text="Be brief.")),
    )
    registry.activate_in_emergency(change)
    registry.judge(opened(registry)[0].id, "product", Judgement.REPUDIATE)

    with pytest.raises(NotAgreed, match=f"{PROMPT} never read like that before"):
        registry.roll_back(PROMPT, seq=1)


def test_what_is_deleted_with_it_is_asked_about(registry):
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    registry.put(make_prompt("1.0.0"))
    registry.activate_in_emergency(registry.submit(make_prompt("1.1.0", "Be brief.")))
    registry.put(make_prompt("1.0.0", name="acme/other", tier="high"))
    registry.judge(opened(registry)[0].id, "product", Judgement.REPUDIATE)

    registry.roll_back(None, seq=1)

    assert registry.versions() == {PROMPT: "1.0.0"}
    assert [one.seq for one in opened(registry)] == [4]


def test_what_was_put_on_top_and_taken_away_is_asked_about_again(registry):
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    registry.put(make_prompt("1.0.0", tier="high"))
    change = registry.submit(make_prompt("1.1.0", "Be brief.", tier="high"))
    registry.activate_in_emergency(change)
    registry.put(make_prompt("1.2.0", "Be calm.", tier="high"))
    registry.judge(opened(registry)[0].id, "risk", Judgement.REPUDIATE)

    registry.roll_back(PROMPT, seq=1)

    assert [one.seq for one in opened(registry)] == [4]


def test_what_nobody_repudiated_needs_its_votes(repudiated):
    with pytest.raises(NotAgreed, match=f"{OTHER} last read like that more than"):
        repudiated.roll_back(None, undo=3)


def test_what_was_recalled_does_not_come_back(repudiated):
    repudiated.recall(repudiated.environment().moments[1].live[PROMPT].document.digest)

    with pytest.raises(RecalledContent):
        repudiated.roll_back(None, undo=2)


def test_a_repudiation_is_no_licence_for_ever(repudiated):
    repudiated.wait(days=31)

    with pytest.raises(NotAgreed):
        repudiated.roll_back(None, undo=2)


def test_what_was_ratified_is_not_undone_that_way(registry):
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    registry.put(guardrail("1.0.0", "refund"))
    registry.activate_in_emergency(
        registry.submit(guardrail("1.1.0", "refund", "promise"))
    )
    (number,) = registry.state.open_ratifications
    registry.judge(number, "product")

    with pytest.raises(NotAgreed, match="it protects less"):
        registry.roll_back(None, undo=2)


def test_the_preview_tells_what_was_repudiated_and_what_lies_on_top(repudiated):
    preview = repudiated.preview(None, undo=2)

    assert preview.needs_vote == ()
    assert [(one.seq, one.judged) for one in preview.undoes] == [
        (2, Ratified.REPUDIATED)
    ]
    whole = repudiated.preview(None, seq=1)
    assert [one.seq for one in whole.undoes] == [3, 2]


# Undoing a seq.


def test_undoing_a_seq_puts_back_exactly_what_it_replaced(moved):
    moved.roll_back(None, undo=3)

    live = moved.versions()
    assert live == {BOT: "1.0.0", TONE: "1.0.0", PROMPT: "1.0.0", OTHER: "1.0.0"}
    assert moved.environment().seq == 4


def test_undoing_the_first_seq_deletes_what_it_brought(registry):
    registry.put(make_prompt("1.0.0"))

    registry.roll_back(None, undo=1)

    assert registry.versions() == {}


# What else a preview tells.


def test_the_preview_tells_whose_work_it_undoes(moved):
    (undone,) = moved.preview(BOT, seq=1).undoes

    assert (undone.by, undone.yours) == ("operator", True)


def test_the_preview_tells_what_becomes_stronger(registry):
    registry.put(guardrail("1.0.0", "refund", "promise"))
    registry.put(guardrail("2.0.0", "refund"))

    (stronger,) = registry.preview(GUARDRAIL, seq=1).stronger

    assert stronger.startswith(f"{GUARDRAIL}: rule `r`: what is live now is weaker")


def test_the_preview_tells_terms_that_have_expired_since(registry):
    def glossary(version: str, until: str) -> Document:
        return parse(
            dump(
                {
                    "kind": "glossary",
                    "name": "acme/fares",
                    "version": version,
                    "owner": "product",
                    "description": "Fares.",
                    "tier": "low",
                    "terms": [
                        {"term": "Saver", "definition": "Cheap.", "valid_until": until}
                    ],
                }
            )
        )

    registry.put(glossary("1.0.0", "2026-05-10"))
    registry.put(glossary("2.0.0", "2027-05-10"))
    registry.wait(days=20)

    preview = registry.preview("glossaries/acme/fares", seq=1)

    assert preview.lapsed == (
        "glossaries/acme/fares: the term 'Saver' expired on 2026-05-10",
    )
    assert registry.preview("glossaries/acme/fares", undo=None, seq=1).needs_vote == ()


def test_texts_that_include_it_read_as_they_did(furnished):
    furnished.put(make_fragment("1.1.0", "Be calm."))
    furnished.put(make_prompt("1.1.0", including(text="Be brief.")))

    furnished.roll_back(None, undo=3)

    assert furnished.versions()[PROMPT] == "1.0.0"
