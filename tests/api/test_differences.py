"""What a change changes, as texts and as chatbots would read it."""

from tests.api import texts
from tests.api.conftest import JsonObject, Placet
from tests.conftest import PRODUCTION

REFUNDS = "prompts/acme/refunds"
TONE = "fragments/acme/tone"


def difference(placet: Placet, change: JsonObject) -> JsonObject:
    answer = placet.signed_in("viewer").get(f"/v1/changes/{change['id']}/difference")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_new_document_has_nothing_before(placet: Placet):
    change = placet.submit(texts.prompt())

    shown = difference(placet, change)

    assert shown["documents"] == [
        {
            "document": REFUNDS,
            "before": None,
            "after": {
                "version": "1.0.0",
                "source": texts.prompt(),
                "review_by": None,
            },
            "rules": [],
        }
    ]
    assert shown["effect"] == [
        {
            "document": REFUNDS,
            "tier": "medium",
            "owners": ["product"],
            "before": None,
            "after": "[system]\nAnswer politely.\n",
        }
    ]


def test_a_fragments_edit_shows_what_every_prompt_with_it_reads_like(placet: Placet):
    prompt = texts.prompt(text=texts.INCLUDES_TONE)
    placet.live(texts.fragment(), prompt)

    change = placet.submit(texts.fragment("1.1.0", "Be brief."))

    shown = difference(placet, change)
    assert [one["document"] for one in shown["documents"]] == [TONE]
    assert {
        one["document"]: (one["before"], one["after"]) for one in shown["effect"]
    } == {
        TONE: ("Be kind.", "Be brief."),
        REFUNDS: ("[system]\nBe kind.\n", "[system]\nBe brief.\n"),
    }


def test_a_placeholder_shows_where_the_chat_goes(placet: Placet):
    change = placet.submit(texts.template())

    after = difference(placet, change)["effect"][0]["after"]

    assert after == "[user]\nHello {{ customer }}!\n\n[the messages of history]"


def test_a_bot_shows_as_text(placet: Placet):
    change = placet.submit(texts.prompt(), texts.bot())

    effect = {one["document"]: one for one in difference(placet, change)["effect"]}

    assert "fallback: Please call us." in effect["bots/acme/support"]["after"]


def test_a_deleted_document_has_nothing_after(placet: Placet):
    placet.live(texts.prompt())

    shown = difference(placet, placet.submit(deleted=[REFUNDS]))

    assert shown["documents"][0]["after"] is None
    assert shown["effect"][0]["after"] is None
    assert shown["effect"][0]["before"] == "[system]\nAnswer politely.\n"


def test_a_difference_stays_what_was_read_when_something_else_goes_live(placet: Placet):
    placet.live(texts.fragment(), texts.prompt(text=texts.INCLUDES_TONE))
    change = placet.submit(texts.prompt(version="1.1.0", text="No more tone."))
    before = difference(placet, change)
    placet.live(texts.fragment("1.1.0", "Be brief."))

    after = difference(placet, change)

    assert after == before
    assert after["effect"][0]["before"] == "[system]\nBe kind.\n"


def test_a_difference_stays_what_it_was_after_its_activation(placet: Placet):
    placet.live(texts.prompt())
    change = placet.submit(texts.prompt(version="1.1.0", text="Say less."))
    before = difference(placet, change)
    placet.activate(change)

    assert difference(placet, change) == before


def test_a_second_revision_is_compared_with_what_was_live_then(placet: Placet):
    placet.live(texts.prompt())
    change = placet.submit(texts.prompt(version="2.0.0", text="Far ahead."))
    placet.live(texts.prompt(version="1.1.0", text="In between."))
    placet.signed_in("author").post(
        f"/v1/changes/{change['id']}/revisions",
        json={
            "title": "Again",
            "documents": [{"source": texts.prompt(version="2.0.0", text="Further.")}],
        },
    )

    shown = difference(placet, change)

    assert shown["documents"][0]["before"]["version"] == "1.1.0"
    assert shown["effect"][0]["before"] == "[system]\nIn between.\n"
    assert shown["effect"][0]["after"] == "[system]\nFurther.\n"


def test_a_policys_difference_is_its_text(placet: Placet):
    source = PRODUCTION.decode() + "change_days: 7\n"
    change = (
        placet.signed_in("author")
        .post("/v1/policies/production", json={"title": "A week", "source": source})
        .json()
    )

    shown = difference(placet, change)

    [document] = shown["documents"]
    assert document["document"] == "policy/production"
    assert document["before"]["source"] == PRODUCTION.decode()
    assert document["after"]["source"] == source
    assert shown["effect"] == []


def test_what_is_worth_a_look_is_told_beside_the_change(placet: Placet):
    placet.live(texts.prompt())
    change = placet.submit(texts.bot())

    warnings = difference(placet, change)["warnings"]

    assert {
        "document": "bots/acme/support",
        "line": 0,
        "message": "no guardrail looks at what the bot answers",
        "hint": "Add one under `guardrails` that has a rule with the stage `output`.",
    } in warnings
