"""What an edit does, and who is asked because of it: `registry/facts.py`."""

import json
from dataclasses import replace

import pytest

from registry import events
from registry.changes import Status
from registry.documents import Document, dump, parse
from registry.errors import NotAgreed, Stale
from registry.facts import MAX_TOLD
from registry.names import digest_of
from registry.policy_rules import FactName
from registry.review_digest import review_digest
from tests.rules.assembly import Registry
from tests.rules.bench import PRODUCTION
from tests.rules.test_bumps_of_guardrails import make_guardrail, make_rule
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

GUARDRAIL = "guardrails/acme/no-promises"
BINDING = "bindings/acme/chat"
INPUTS = {
    "type": "object",
    "properties": {"x": {"type": "string"}},
    "required": ["x"],
    "additionalProperties": False,
}


def edited(document: Document, version: str = "9.0.0", **parts) -> Document:
    value = {**document.value, "version": version, **parts}
    return parse(dump({k: v for k, v in value.items() if v is not None}))


def make_binding(version: str = "1.0.0", **parts) -> Document:
    value = {
        "kind": "binding",
        "name": "acme/chat",
        "version": version,
        "owner": "product",
        "description": "The model that answers.",
        "tier": "low",
        "platform": "openai",
        "model": "gpt-4o-2024-08-06",
        "pin": {"kind": "snapshot", "evidence": "https://example.org/versions"},
        "limits": {"rpm": 60},
        "expect": {"response_model": "gpt-4o-2024-08-06"},
    }
    return parse(dump(value | parts))


def retired_on(day: str) -> dict:
    return {
        "lifecycle": {
            "status": "active",
            "shutdown_on": day,
            "source": "https://example.org/retirements",
            "checked_on": "2026-05-01",
        }
    }


def in_region(region: str, version: str = "9.0.0", **parts) -> Document:
    return edited(make_binding(), version, target={"region": region}, **parts)


FULL_BOT = edited(
    make_bot("1.0.0"),
    "1.0.0",
    guardrails={"promises": "acme/no-promises"},
    bindings={"main": "acme/chat"},
    tools=[{"name": "search", "description": "Finds.", "owner": "product"}],
    sources=[{"name": "fares", "owner": "product", "fresh_within": "1d"}],
)
STRICT = make_guardrail("1.0.0", make_rule(action="block"))
LOOSE = make_guardrail("2.0.0", make_rule(action="flag"))


@pytest.fixture
def whole() -> Registry:
    """A bot in production with everything that a bot can use."""
    registry = Registry()
    registry.put(
        *(make_fragment("1.0.0"), make_prompt("1.0.0", including())),
        *(FULL_BOT, STRICT, make_binding()),
    )
    return registry


def facts_of(registry: Registry, change: int) -> dict[str, tuple[str, ...]]:
    """The documents of each fact, by its name."""
    found = registry.change(change).revision.facts
    return {str(one.name): one.documents for one in found}


def told(registry: Registry, change: int) -> str:
    (fact,) = registry.change(change).revision.facts
    return fact.sentence


@pytest.mark.parametrize(
    ("after", "fact", "where"),
    [
        (LOOSE, "guardrail-weakened", GUARDRAIL),
        (edited(FULL_BOT, guardrails={}), "guardrail-weakened", BOT),
        (edited(make_binding(), model="gpt-4o-2024-11-20"), "model-changed", BINDING),
        (edited(make_binding(), platform="groq"), "model-changed", BINDING),
        (in_region("westeurope"), "model-changed", BINDING),
        (
            edited(make_binding(), target={"deployment": "chat-b"}),
            "model-changed",
            BINDING,
        ),
        (
            edited(make_binding(), target={"endpoint_ref": "other"}),
            "model-changed",
            BINDING,
        ),
        (
            edited(make_binding(), target={"deployment_type": "GlobalStandard"}),
            "model-changed",
            BINDING,
        ),
        (edited(FULL_BOT, bindings={}), "model-changed", BOT),
        (edited(FULL_BOT, tools=[]), "tools-changed", BOT),
        (
            edited(
                FULL_BOT, tools=[{**FULL_BOT.value["tools"][0], "description": "?"}]
            ),
            "tools-changed",
            BOT,
        ),
        (
            edited(FULL_BOT, sources=[{"name": "fares", "owner": "product"}]),
            "sources-changed",
            BOT,
        ),
        (
            edited(make_fragment("1.0.0"), inputs=INPUTS),
            "inputs-changed",
            TONE,
        ),
        (edited(FULL_BOT, disclosure="A computer."), "disclosure-changed", BOT),
        (edited(make_fragment("1.0.0"), owner="risk"), "owner-changed", TONE),
        (edited(FULL_BOT, deputy="risk"), "owner-changed", BOT),
        (
            edited(FULL_BOT, tools=[{**FULL_BOT.value["tools"][0], "owner": "risk"}]),
            "owner-changed",
            BOT,
        ),
        (
            edited(make_binding(), **retired_on("2026-12-31")),
            "retirement-near",
            BINDING,
        ),
        (make_fragment("1.0.1", "Be calm."), "wording-only", TONE),
        (edited(FULL_BOT, description="Another."), "wording-only", BOT),
    ],
)
def test_a_fact_is_told_with_where_it_is_true(whole, after, fact, where):
    more = [edited(make_prompt("1.0.0", including()), inputs=INPUTS)]
    documents = [after, *(more if fact == "inputs-changed" else ())]

    found = facts_of(whole, whole.submit(*documents))

    assert where in found.pop(fact)
    assert found == {}


@pytest.mark.parametrize(
    "after",
    [
        edited(FULL_BOT, budgets={"turns": 5}),
        edited(FULL_BOT, purpose="Everything"),
        edited(make_binding(), limits={"rpm": 5}),
        edited(make_binding(), **retired_on("2027-01-01")),
        edited(STRICT, rules=[make_rule(action="block", severity="critical")]),
        edited(make_fragment("1.0.0"), tier="medium"),
    ],
)
def test_what_is_none_of_them_has_no_fact(whole, after):
    assert facts_of(whole, whole.submit(after)) == {}


def test_a_new_document_is_compared_with_nothing(whole):
    new = make_prompt("1.0.0", name="acme/other")

    assert facts_of(whole, whole.submit(new)) == {}


def test_a_deleted_guardrail_is_weaker(whole):
    bot = edited(FULL_BOT, guardrails={})

    found = facts_of(whole, whole.submit(bot, deleted=(GUARDRAIL,)))

    assert found == {"guardrail-weakened": (BOT, GUARDRAIL)}


def test_a_deleted_bot_that_had_guardrails_is_weaker(whole):
    assert facts_of(whole, whole.submit(deleted=(BOT,))) == {
        "guardrail-weakened": (BOT,)
    }


def test_a_deleted_bot_that_had_no_guardrails_is_not():
    registry = Registry()
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"))

    assert facts_of(registry, registry.submit(deleted=(BOT,))) == {}


def test_a_bot_that_comes_back_is_compared_with_what_was_live_last(whole):
    whole.put(edited(FULL_BOT, "1.1.0", disclosure="A computer."))
    whole.put(deleted=(BOT, GUARDRAIL, BINDING))

    change = whole.submit(edited(make_bot("2.0.0"), "2.0.0"))

    assert set(facts_of(whole, change)) == {
        *("guardrail-weakened", "model-changed", "tools-changed"),
        *("sources-changed", "disclosure-changed"),
    }


def test_a_guardrail_that_comes_back_weaker_is_weaker(whole):
    whole.put(edited(FULL_BOT, guardrails={}), deleted=(GUARDRAIL,))

    change = whole.submit(LOOSE)

    assert facts_of(whole, change) == {"guardrail-weakened": (GUARDRAIL,)}


def test_what_comes_back_as_it_was_but_for_its_wording_is_not_wording(whole):
    whole.put(deleted=(BOT,))

    change = whole.submit(edited(FULL_BOT, "1.0.1", description="Another."))

    assert facts_of(whole, change) == {}


def test_a_promotion_that_brings_a_bot_back_tells_what_it_lost(whole):
    whole.put(deleted=(BOT,))
    bare = edited(FULL_BOT, "2.0.0", guardrails={})
    texts = make_fragment("1.5.0"), make_prompt("1.5.0", including())
    whole.put(*texts, make_binding("1.5.0"), bare, to="development")

    change = whole.promote(BOT)

    assert facts_of(whole, change) == {"guardrail-weakened": (BOT,)}


def test_a_bot_that_uses_a_weaker_guardrail_instead_is_weaker(whole):
    other = edited(LOOSE, "1.0.0", name="acme/other")
    bot = edited(FULL_BOT, guardrails={"promises": "acme/other"})

    change = whole.submit(bot, other)

    assert facts_of(whole, change) == {"guardrail-weakened": (BOT,)}
    assert "guardrails/acme/other takes the place of" in told(whole, change)


def test_a_bot_that_uses_an_equal_guardrail_instead_is_not_weaker(whole):
    other = edited(STRICT, "1.0.0", name="acme/other")
    bot = edited(FULL_BOT, guardrails={"promises": "acme/other"})

    assert facts_of(whole, whole.submit(bot, other)) == {}


def test_a_bot_that_uses_another_binding_of_the_same_model_has_the_same_model(whole):
    other = make_binding(name="acme/other")

    found = whole.submit(edited(FULL_BOT, bindings={"main": "acme/other"}), other)

    assert facts_of(whole, found) == {}


def test_a_bot_that_uses_the_same_model_in_another_region_has_another_one(whole):
    other = in_region("westeurope", "1.0.0", name="acme/other")

    found = whole.submit(edited(FULL_BOT, bindings={"main": "acme/other"}), other)

    assert facts_of(whole, found) == {"model-changed": (BOT,)}


def test_a_bot_that_uses_a_model_with_another_fallback_has_another_one(whole):
    spare = make_binding(name="acme/spare", model="gpt-4o-2024-11-20")
    fallbacks = [{"name": "acme/spare", "when": ["error"]}]
    other = make_binding(name="acme/other", fallbacks=fallbacks)

    found = whole.submit(
        edited(FULL_BOT, bindings={"main": "acme/other"}), other, spare
    )

    assert facts_of(whole, found) == {"model-changed": (BOT,)}


def test_a_bot_that_gives_a_role_to_a_prompt_of_other_inputs_asks_for_others(whole):
    other = edited(
        make_prompt("1.0.0", name="acme/other"),
        inputs=INPUTS,
        messages=[{"role": "system", "content": "{{ x }}"}],
        template="simple",
    )
    whole.put(other)

    change = whole.submit(edited(FULL_BOT, prompts={"role-0": "acme/other"}))

    assert facts_of(whole, change) == {"inputs-changed": (BOT,)}
    assert "the role `role-0`" in told(whole, change)


def test_a_bot_that_gives_a_role_to_a_prompt_of_the_same_inputs_asks_for_no_others(
    whole,
):
    whole.put(make_prompt("1.0.0", name="acme/other"))

    change = whole.submit(edited(FULL_BOT, prompts={"role-0": "acme/other"}))

    assert facts_of(whole, change) == {}


def test_a_case_of_a_guardrail_that_is_gone_is_no_wording(whole):
    case = {**STRICT.value["cases"][0], "text": "We promise it."}
    whole.put(edited(STRICT, "1.1.0", cases=[*STRICT.value["cases"], case]))

    change = whole.submit(edited(STRICT, "2.0.0"))

    assert facts_of(whole, change) == {"guardrail-weakened": (GUARDRAIL,)}


def test_a_case_that_a_guardrail_gets_is_no_wording(whole):
    case = {**STRICT.value["cases"][0], "text": "We promise it."}

    change = whole.submit(edited(STRICT, cases=[*STRICT.value["cases"], case]))

    assert facts_of(whole, change) == {}


def test_wording_is_never_told_beside_something_else(whole):
    whole.put(edited(make_binding(), "1.1.0", **retired_on("2026-12-31")))

    change = whole.submit(edited(FULL_BOT, description="Another."))

    assert facts_of(whole, change) == {"retirement-near": (BOT,)}


def test_wording_is_not_all_when_something_else_changes(whole):
    change = whole.submit(
        make_fragment("1.0.1", "Be calm."), edited(FULL_BOT, disclosure="A computer.")
    )

    assert facts_of(whole, change) == {"disclosure-changed": (BOT,)}


def test_a_sentence_tells_every_difference():
    registry = Registry()
    names = [f"acme/p{n}" for n in range(9)]
    registry.put(*(make_prompt("1.0.0", name=name) for name in names))

    change = registry.submit(
        *(make_prompt("1.0.1", name=name, owner="risk") for name in names)
    )

    assert told(registry, change).count("`owner` is somebody else") == len(names)
    assert "more" not in told(registry, change)


def test_a_sentence_tells_the_gravest_first_and_counts_what_is_too_much():
    registry = Registry()
    rules = [make_rule(f"r{n}", severity="low") for n in range(MAX_TOLD + 3)]
    grave = make_rule("credentials", severity="critical")
    registry.put(make_guardrail("1.0.0", *rules, grave))

    change = registry.submit(make_guardrail("2.0.0", make_rule("other")))

    sentence = told(registry, change)
    assert sentence.startswith(f"{GUARDRAIL}: rule `credentials`: it is removed; ")
    assert sentence.count("it is removed") == MAX_TOLD
    assert sentence.endswith("; and 4 more")


def test_facts_are_in_the_event_and_not_in_the_review_digest(whole):
    change = whole.submit(edited(FULL_BOT, disclosure="A computer."))
    payload = json.loads(events.dump(whole.events[-1]))["payload"]
    revision = whole.change(change).revision

    assert [one["name"] for one in payload["revision"]["facts"]] == [
        "disclosure-changed"
    ]
    bare = replace(revision, facts=())
    assert review_digest("tested", "production", change, bare) == revision.review_digest


def test_an_event_from_before_there_were_facts_has_none(whole):
    whole.submit(edited(FULL_BOT, disclosure="A computer."))
    old = json.loads(events.dump(whole.events[-1]))
    del old["payload"]["revision"]["facts"]

    event = events.parse(json.dumps(old).encode())

    assert event.payload.revision.facts == ()


def test_a_policy_from_before_there_were_facts_asks_about_none(registry):
    old = json.loads(events.dump(registry.events[0]))
    for environment in old["payload"]["environments"]:
        for requirement in environment["policy"]["requirements"]:
            del requirement["facts"]

    event = events.parse(json.dumps(old).encode())

    assert event.payload == registry.events[0].payload
    assert digest_of(events.dump(event)) == digest_of(events.dump(registry.events[0]))


# Who is asked.

ASKING = PRODUCTION + (
    "  - {name: the board sees it, seat: board, facts: [guardrail-weakened]}\n"
    "  - {name: legal sees bots, seat: legal, kinds: [bot], facts: [model-changed]}\n"
)


@pytest.fixture
def asking() -> Registry:
    registry = Registry(production=ASKING)
    registry.put(
        *(make_fragment("1.0.0"), make_prompt("1.0.0", including())),
        *(FULL_BOT, STRICT, make_binding()),
    )
    return registry


def test_a_requirement_of_a_fact_is_asked_where_the_fact_is_true(asking):
    asked = asking.requirements(asking.submit(LOOSE))

    assert asked["the board sees it"].because == (BOT, GUARDRAIL)


def test_a_requirement_of_a_fact_is_not_asked_elsewhere(asking):
    assert "the board sees it" not in asking.requirements(
        asking.submit(make_fragment("1.0.1", "Be calm."))
    )


def test_a_requirement_of_a_fact_covers_what_uses_the_changed(asking):
    change = asking.submit(edited(make_binding(), platform="groq"))

    assert asking.requirements(change)["legal sees bots"].because == (BOT,)


def test_a_requirement_of_a_fact_covers_what_begins_to_use_the_changed(asking):
    second = edited(FULL_BOT, "1.0.0", name="acme/second")

    change = asking.submit(edited(make_binding(), platform="groq"), second)

    asked = asking.requirements(change)["legal sees bots"]
    assert asked.because == ("bots/acme/second", BOT)


def test_a_promotion_asks_by_what_it_does_here(asking):
    asking.put(LOOSE, to="development")

    change = asking.promote(GUARDRAIL)

    assert "the board sees it" in asking.requirements(change)


def test_a_revision_finds_its_own_facts(asking):
    change = asking.submit(LOOSE)
    asking.revise(change, make_guardrail("1.0.1", make_rule(action="block", title="A")))

    assert facts_of(asking, change) == {}
    assert "the board sees it" not in asking.requirements(change)


def test_a_change_without_its_facts_requirement_cannot_go_live(asking):
    change = asking.submit(LOOSE)
    asking.vote(change, "product")

    with pytest.raises(NotAgreed, match="the board sees it"):
        asking.activate(change)


# What is outside the edit.

EQUAL = edited(STRICT, "1.0.0", name="acme/equal")
EQUAL_ONE = "guardrails/acme/equal"


@pytest.fixture
def moving(asking) -> tuple[Registry, int]:
    """A bot that is to use an equal guardrail, and everybody asked agrees."""
    asking.put(EQUAL)
    bot = edited(FULL_BOT, guardrails={"promises": "acme/equal"})
    return asking, asking.agree(asking.submit(bot))


def test_a_change_is_stale_when_the_guardrail_that_it_brings_in_becomes_weaker(moving):
    registry, change = moving
    weaker = edited(LOOSE, "2.0.0", name="acme/equal")
    assert registry.status(change) is Status.APPROVED

    registry.put(weaker)

    assert registry.status(change) is Status.STALE
    assert registry.stale_because(change) == (
        f"{EQUAL_ONE}, which it was compared with, was replaced since"
    )
    with pytest.raises(Stale):
        registry.activate(change)


def test_it_is_stale_when_the_guardrail_that_it_takes_out_became_stronger(moving):
    registry, change = moving

    registry.put(make_guardrail("1.1.0", make_rule(action="block"), make_rule("more")))

    assert registry.status(change) is Status.STALE


def test_it_stays_stale_when_the_guardrail_comes_back(moving):
    registry, change = moving
    registry.put(edited(EQUAL, "1.1.0", description="Another."))

    registry.roll_back(EQUAL_ONE, version="1.0.0")

    assert registry.status(change) is Status.STALE


def test_it_goes_live_when_something_else_moves(moving):
    registry, change = moving

    registry.put(make_fragment("1.0.1", "Be calm."))
    registry.activate(change)

    assert registry.versions()[BOT] == "9.0.0"


def test_a_change_is_stale_when_a_fallback_of_the_model_that_it_brings_in_moves(asking):
    fallbacks = [{"name": "acme/spare", "when": ["error"]}]
    spare = make_binding(name="acme/spare")
    asking.put(spare, make_binding(name="acme/other", fallbacks=fallbacks))
    bot = edited(FULL_BOT, bindings={"main": "acme/other"})
    change = asking.submit(bot)

    asking.put(edited(spare, "1.0.1", description="Another."))

    assert asking.status(change) is Status.STALE


def test_what_edits_are_compared_with_is_bound_in_every_tier(moving):
    registry, change = moving
    revision = registry.change(change).revision
    bare = replace(revision, compared=())

    assert not revision.strict
    assert [one.document for one in revision.compared] == [EQUAL_ONE, GUARDRAIL]
    assert review_digest("tested", "production", change, bare) != revision.review_digest


@pytest.mark.parametrize("of", ["facts", "requirements"])
def test_a_change_that_does_or_asks_something_else_by_now_is_stale(asking, of):
    """As one of another release, which knew less, or of documents not bound."""
    change = asking.submit(LOOSE)
    asking.agree(change)
    revision = asking.change(change).revision
    kept = [one for one in revision.requirements if one.seat == "product"]
    asking.pretend(change, facts=(), requirements=tuple(kept))
    if of == "requirements":
        asking.pretend(change, facts=revision.facts)

    with pytest.raises(Stale, match=r"guardrail-weakened|the board sees it"):
        asking.activate(change)


def test_a_model_that_retires_earlier_by_now_makes_a_change_stale(asking):
    asking.put(edited(make_binding(), "1.0.1", **retired_on("2027-03-01")))
    bot = asking.agree(asking.submit(edited(FULL_BOT, review_by="2027-02-01")))
    asking.put(edited(make_binding(), "1.0.2", **retired_on("2027-01-15")))

    with pytest.raises(Stale, match="retirement-near of bots/acme/support"):
        asking.activate(bot)


def test_waiting_makes_no_change_stale(asking):
    """What a model's days say is compared with each other, not with the clock."""
    bot = edited(FULL_BOT, review_by="2026-06-01")
    dates = edited(make_binding(), **retired_on("2026-06-02"))
    change = asking.agree(asking.submit(bot, dates))

    asking.wait(days=29)
    asking.activate(change)

    assert asking.versions()[BOT] == "9.0.0"


# Rollbacks.


def test_a_rollback_to_before_a_bot_was_there_needs_no_votes(whole):
    whole.put(edited(FULL_BOT, "1.0.0", name="acme/second"))

    whole.roll_back("bots/acme/second", seq=1)

    assert "bots/acme/second" not in whole.versions()


def test_a_rollback_that_brings_back_a_bot_with_fewer_guardrails_needs_votes(whole):
    whole.put(edited(FULL_BOT, "2.0.0", guardrails={}))
    whole.put(edited(FULL_BOT, "2.1.0"))
    whole.put(deleted=(BOT,))

    with pytest.raises(NotAgreed, match="no longer uses"):
        whole.roll_back(BOT, seq=2)


def test_a_rollback_to_a_weaker_guardrail_needs_votes(whole):
    whole.put(make_guardrail("1.1.0", make_rule(action="block"), make_rule("more")))

    with pytest.raises(NotAgreed, match="it protects less"):
        whole.roll_back(GUARDRAIL, version="1.0.0")
    assert whole.preview(GUARDRAIL, version="1.0.0").needs_vote


def test_a_rollback_to_a_stronger_guardrail_needs_none(whole):
    whole.put(LOOSE)

    whole.roll_back(GUARDRAIL, version="1.0.0")

    assert whole.versions()[GUARDRAIL] == "1.0.0"


def test_a_rollback_to_before_a_case_was_written_needs_none(whole):
    one = make_guardrail("1.1.0", make_rule(action="flag"))
    case = {**one.value["cases"][0], "text": "We promise it."}
    whole.put(edited(one, "2.0.0", cases=[*one.value["cases"], case]))

    preview = whole.preview(GUARDRAIL, version="1.0.0")
    whole.roll_back(GUARDRAIL, version="1.0.0")

    assert (preview.needs_vote, preview.facts) == ((), ())
    assert whole.versions()[GUARDRAIL] == "1.0.0"


def test_a_rollback_to_rules_that_do_less_about_a_case_needs_votes(whole):
    finds_more = make_rule(
        action="block", check={"type": "keyword", "terms": ["promise", "vow"]}
    )
    one = make_guardrail("1.1.0", finds_more)
    case = {**one.value["cases"][0], "text": "I vow."}
    whole.put(edited(one, "1.1.0", cases=[*one.value["cases"], case]))

    with pytest.raises(NotAgreed, match=r'no longer triggers on "I vow\."'):
        whole.roll_back(GUARDRAIL, version="1.0.0")


def test_an_edit_that_takes_a_case_away_is_weaker_all_the_same(whole):
    case = {**STRICT.value["cases"][0], "text": "We promise it."}
    whole.put(edited(STRICT, "1.1.0", cases=[*STRICT.value["cases"], case]))

    change = whole.submit(edited(STRICT, "2.0.0"))

    assert facts_of(whole, change)["guardrail-weakened"] == (GUARDRAIL,)


def test_a_rollback_of_a_bot_to_before_its_guardrail_needs_votes(whole):
    whole.put(edited(FULL_BOT, "2.0.0", guardrails={}))
    whole.put(edited(FULL_BOT, "2.1.0"))

    with pytest.raises(NotAgreed, match="no longer uses"):
        whole.roll_back(BOT, version="2.0.0")


def test_a_preview_tells_that_a_model_or_a_disclosure_changes(whole):
    whole.put(
        edited(make_binding(), "1.1.0", model="gpt-4o-2024-11-20"),
        edited(FULL_BOT, "1.1.0", disclosure="A computer."),
    )

    preview = whole.preview(BOT, seq=1)

    assert [one.name for one in preview.facts] == [
        FactName.MODEL_CHANGED,
        FactName.DISCLOSURE_CHANGED,
    ]
    assert preview.needs_vote == ()


def test_a_rollback_can_be_proposed_and_tells_its_facts(whole):
    whole.put(make_guardrail("1.1.0", make_rule(action="block"), make_rule("more")))

    event = whole.roll_back(GUARDRAIL, by="author", version="1.0.0", propose=True)

    assert facts_of(whole, event.payload.change) == {"guardrail-weakened": (GUARDRAIL,)}


def test_the_prompt_in_an_effect_is_unchanged_by_what_it_includes(whole):
    change = whole.submit(make_fragment("1.0.1", "Be calm."))

    assert facts_of(whole, change) == {"wording-only": (TONE,)}
    assert PROMPT in {one.document for one in whole.change(change).revision.effect}
