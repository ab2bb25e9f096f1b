"""What an edit does, and who is asked because of it: `registry/facts.py`."""

import json
from dataclasses import replace

import pytest

from registry import events
from registry.documents import Document, dump, parse
from registry.errors import NotAgreed
from registry.facts import MAX_TOLD
from registry.names import digest_of
from registry.policies import FactName
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


def test_wording_is_not_all_when_something_else_changes(whole):
    change = whole.submit(
        make_fragment("1.0.1", "Be calm."), edited(FULL_BOT, disclosure="A computer.")
    )

    assert facts_of(whole, change) == {"disclosure-changed": (BOT,)}


def test_a_sentence_tells_a_few_differences_and_counts_the_rest():
    registry = Registry()
    names = [f"acme/p{n}" for n in range(9)]
    registry.put(*(make_prompt("1.0.0", name=name) for name in names))

    change = registry.submit(
        *(make_prompt("1.0.1", name=name, owner="risk") for name in names)
    )

    assert told(registry, change).count("`owner` is somebody else") == MAX_TOLD
    assert told(registry, change).endswith("; and 4 more")


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


# Rollbacks.


def test_a_rollback_to_a_weaker_guardrail_needs_votes(whole):
    whole.put(make_guardrail("1.1.0", make_rule(action="block"), make_rule("more")))

    with pytest.raises(NotAgreed, match="it protects less"):
        whole.roll_back(GUARDRAIL, version="1.0.0")
    assert whole.preview(GUARDRAIL, version="1.0.0").needs_vote


def test_a_rollback_to_a_stronger_guardrail_needs_none(whole):
    whole.put(LOOSE)

    whole.roll_back(GUARDRAIL, version="1.0.0")

    assert whole.versions()[GUARDRAIL] == "1.0.0"


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
