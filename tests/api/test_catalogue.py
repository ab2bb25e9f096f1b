"""The catalogue over HTTP: whose documents are, how they stand, what uses what."""

import pytest

from registry.api.bearer import Scope
from registry.api.views.uses import MAX_EACH_WAY
from tests.api import texts
from tests.api.conftest import JsonObject, Placet

DOCUMENTS = "/v1/documents"
REFUNDS = "prompts/acme/refunds"
TONE = "fragments/acme/tone"
BOT = "bots/acme/support"
LABELLED = "labels: {team: travel, channel: web}\n"


@pytest.fixture
def several(placet: Placet) -> Placet:
    """A bot, its prompt with a fragment in it, and another prompt with labels."""
    prompt = texts.prompt(text=texts.INCLUDES_TONE)
    placet.live(texts.fragment(), prompt, texts.bot())
    placet.live(texts.template() + LABELLED)
    return placet


def read(placet: Placet, path: str, **query: object) -> JsonObject:
    answer = placet.signed_in("viewer").get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(placet: Placet, **query: object) -> list[str]:
    return [one["document"] for one in read(placet, DOCUMENTS, **query)["items"]]


def elsewhere(placet: Placet, *sources: str) -> None:
    change = placet.submit(*sources, environment="staging")
    placet.vote(change, "product")
    placet.activate(change)


def test_a_document_is_listed_with_its_owner_tier_and_review(several: Placet):
    bot = read(several, DOCUMENTS, kind="bot")["items"][0]

    assert bot == {
        "document": BOT,
        "live": {"development": "1.0.0"},
        "owners": ["product"],
        "tier": "medium",
        "review": "certified",
        "review_due": "2027-01-02T00:00:00Z",
    }


def test_where_environments_differ_the_stricter_tier_is_told(several: Placet):
    elsewhere(several, texts.prompt(version="1.1.0", tier="high"))

    found = read(several, DOCUMENTS, q="refunds")["items"][0]

    assert found["tier"] == "high"
    assert found["live"] == {"development": "1.0.0", "staging": "1.1.0"}


def test_what_is_live_nowhere_is_listed_without_tier_and_review(placet: Placet):
    placet.live(texts.prompt())
    placet.activate(placet.submit(deleted=[REFUNDS]))

    (found,) = read(placet, DOCUMENTS)["items"]

    assert found["live"] == {}
    assert (found["owners"], found["tier"], found["review"]) == ([], None, None)


def test_documents_are_listed_by_owner(several: Placet):
    several.live(texts.prompt(name="acme/legal").replace("product", "legal"))

    assert names(several, owner="legal") == ["prompts/acme/legal"]
    assert names(several, owner="nobody") == []


def test_documents_are_listed_by_tier(several: Placet):
    assert names(several, tier="medium") == [BOT, REFUNDS]


def test_documents_are_listed_by_environment(several: Placet):
    elsewhere(several, texts.prompt(name="acme/other"))

    assert names(several, environment="staging") == ["prompts/acme/other"]


def test_all_that_is_asked_for_has_to_hold_in_one_environment(several: Placet):
    elsewhere(several, texts.prompt(version="1.1.0", tier="high"))

    assert names(several, tier="high", environment="development") == []
    assert names(several, tier="high", environment="staging") == [REFUNDS]


def test_documents_are_listed_by_when_they_are_to_be_reviewed(several: Placet):
    assert names(several, due_before="2027-01-01T00:00:00Z") == []
    assert names(several, due_before="2027-01-02T00:00:00Z") == [BOT]


def test_documents_are_listed_by_how_their_review_stands(several: Placet):
    several.clock.forward(days=365)

    assert names(several, review="lapsed") == [BOT]
    assert BOT not in names(several, review="none")


@pytest.mark.parametrize(
    ("label", "fits"),
    [
        ("team", True),
        ("team=travel", True),
        ("team=tra", False),
        ("travel", False),
        ("team=", False),
    ],
)
def test_documents_are_listed_by_label(several: Placet, label: str, fits: bool):
    assert names(several, label=label) == ["prompts/acme/greeting"] * fits


def test_a_label_counts_where_it_is_live(several: Placet):
    elsewhere(several, texts.template(version="1.0.1"))

    assert names(several, label="team", environment="staging") == []


def test_the_filtered_list_comes_in_pages(several: Placet):
    first = read(several, DOCUMENTS, tier="medium", limit=1)
    second = read(several, DOCUMENTS, tier="medium", limit=1, cursor=first["next"])

    assert [one["document"] for one in first["items"]] == [BOT]
    assert [one["document"] for one in second["items"]] == [REFUNDS]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"environment": "mars"}, 404),
        ({"tier": "huge"}, 422),
        ({"review": "late"}, 422),
        ({"label": "=travel"}, 422),
        ({"label": "Team"}, 422),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    several: Placet, query: dict[str, str], status: int
):
    answer = several.signed_in("viewer").get(DOCUMENTS, params=query)

    assert answer.status_code == status


def test_a_limited_token_is_told_of_its_own_environments_only(several: Placet):
    elsewhere(several, texts.prompt(version="1.1.0", tier="high"))
    token = several.machine(Scope.SUBMIT, environments=("development",))

    answer = token.get(DOCUMENTS, params={"q": "refunds"}).json()["items"][0]

    assert answer["live"] == {"development": "1.0.0"}
    assert answer["tier"] == "medium"
    assert token.get(DOCUMENTS, params={"environment": "staging"}).status_code == 403


def test_a_document_tells_whose_it_is_and_what_it_uses(several: Placet):
    several.live(texts.prompt(version="1.1.0", text=texts.INCLUDES_TONE) + LABELLED)

    live = read(several, f"{DOCUMENTS}/{REFUNDS}")["live"]["development"]

    assert (live["owner"], live["tier"]) == ("product", "medium")
    assert live["description"] == "Answers a question."
    assert live["labels"] == {"team": "travel", "channel": "web"}
    assert live["uses"] == [TONE]
    assert live["review"]["answering"]["deputies"] == ["author2"]


def test_a_bot_tells_its_steps_with_the_prompts_that_they_are(several: Placet):
    steps = "steps: [{name: sort, prompt: refunds}]\n"
    several.live(texts.bot(version="1.1.0") + steps)

    live = read(several, f"{DOCUMENTS}/{BOT}")["live"]["development"]

    assert live["steps"] == [{"name": "sort", "prompt": REFUNDS, "after": []}]


def uses(placet: Placet, document: str) -> JsonObject:
    path = "/v1/environments/development/uses"
    return read(placet, path, document=document)


def test_a_document_is_told_among_what_uses_it_and_what_it_uses(several: Placet):
    found = uses(several, REFUNDS)

    steps = [(one["document"], one["steps"]) for one in found["documents"]]
    assert steps == [(BOT, -1), (REFUNDS, 0), (TONE, 1)]
    assert found["uses"] == [
        {"document": BOT, "uses": REFUNDS},
        {"document": REFUNDS, "uses": TONE},
    ]


def test_what_uses_it_through_others_is_told_as_well(several: Placet):
    found = uses(several, TONE)

    steps = [(one["document"], one["steps"]) for one in found["documents"]]
    assert steps == [(BOT, -2), (REFUNDS, -1), (TONE, 0)]


def test_no_more_are_told_than_somebody_reads(placet: Placet):
    count = MAX_EACH_WAY + 3
    users = [
        texts.prompt(name=f"acme/p{number}", text=texts.INCLUDES_TONE)
        for number in range(count)
    ]
    placet.live(texts.fragment(), *users)

    found = uses(placet, TONE)

    assert len(found["documents"]) == MAX_EACH_WAY + 1
    assert found["users_left_out"] == 3
    assert found["used_left_out"] == 0


@pytest.mark.parametrize(
    ("document", "status"), [("prompts/acme/nothing", 404), ("nonsense", 422)]
)
def test_uses_are_of_something_live(several: Placet, document: str, status: int):
    answer = several.signed_in("viewer").get(
        "/v1/environments/development/uses", params={"document": document}
    )

    assert answer.status_code == status


def test_search_looks_at_one_kind_and_one_environment_if_asked(several: Placet):
    elsewhere(several, texts.prompt(version="1.1.0", text="Be kind."))

    kinds = read(several, "/v1/search", q="kind:", kind="bot")["items"]
    there = read(several, "/v1/search", q="be kind", environment="staging")["items"]

    assert [one["document"] for one in kinds] == [BOT]
    assert [(one["document"], one["environment"]) for one in there] == [
        (REFUNDS, "staging")
    ]
