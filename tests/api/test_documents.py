"""Documents over HTTP: versions, texts, search, recalls."""

import pytest

from registry.names import digest_of
from tests.api import texts
from tests.api.conftest import JsonObject, Placet

REFUNDS = "prompts/acme/refunds"
PATH = f"/v1/documents/{REFUNDS}"


@pytest.fixture
def several(placet: Placet) -> Placet:
    """Two versions of a prompt, its bot, a fragment and another prompt."""
    prompt = texts.prompt(version="1.9.0", text=texts.INCLUDES_TONE)
    placet.live(texts.fragment(), prompt, texts.bot())
    placet.live(texts.prompt(version="1.10.0", text="Say less about Fares."))
    placet.live(texts.template())
    return placet


def read(placet: Placet, path: str, **query: object) -> JsonObject:
    answer = placet.signed_in("viewer").get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_documents_are_listed_with_where_they_are_live(several: Placet):
    items = read(several, "/v1/documents")["items"]

    assert [(one["document"], one["live"]) for one in items] == [
        ("bots/acme/support", {"development": "1.0.0"}),
        ("fragments/acme/tone", {"development": "1.0.0"}),
        ("prompts/acme/greeting", {"development": "1.0.0"}),
        (REFUNDS, {"development": "1.10.0"}),
    ]


def test_documents_are_listed_by_kind_and_by_part_of_the_name(several: Placet):
    prompts = read(several, "/v1/documents", kind="prompt")["items"]
    refunds = read(several, "/v1/documents", q="Refund")["items"]

    assert len(prompts) == 2
    assert [one["document"] for one in refunds] == [REFUNDS]


def test_the_list_comes_in_pages(several: Placet):
    first = read(several, "/v1/documents", limit=3)
    second = read(several, "/v1/documents", limit=3, cursor=first["next"])

    assert len(first["items"]) == 3
    assert [one["document"] for one in second["items"]] == [REFUNDS]
    assert second["next"] is None


def test_the_cases_of_a_version_are_read_as_values(placet: Placet):
    case = '{name: ada, inputs: {customer: "007"}, expect: {excludes: [7up]}}'
    placet.live(texts.template() + f"cases:\n  - {case}\n")
    placet.live(texts.template(version="1.0.1"))
    path = "/v1/documents/prompts/acme/greeting/versions"

    found = read(placet, f"{path}/1.0.0/cases")

    (one,) = found["cases"]
    assert (one["name"], one["inputs"]) == ("ada", {"customer": "007"})
    assert one["expect"] == {"excludes": ["7up"]}
    assert read(placet, f"{path}/1.0.1/cases")["cases"] == []


def test_a_document_has_its_versions_highest_first(several: Placet):
    found = read(several, PATH)

    assert [one["version"] for one in found["versions"]] == ["1.10.0", "1.9.0"]
    assert found["live"]["development"]["version"] == "1.10.0"
    assert found["live"]["development"]["since"] == 2
    assert found["used_by"] == {"development": ["bots/acme/support"]}


def test_a_deleted_document_keeps_its_versions(placet: Placet):
    placet.live(texts.prompt())
    placet.activate(placet.submit(deleted=[REFUNDS]))

    found = read(placet, PATH)

    assert len(found["versions"]) == 1
    assert found["live"] == {}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/documents/prompts/acme/nothing",
        f"{PATH}/versions/3.0.0",
        f"{PATH}/versions/latest",
    ],
)
def test_what_was_never_live_is_not_found(several: Placet, path: str):
    assert several.signed_in("viewer").get(path).status_code == 404


def test_what_was_only_proposed_is_not_a_version(placet: Placet):
    placet.submit(texts.prompt())

    assert placet.signed_in("viewer").get(PATH).status_code == 404


def test_a_versions_text_is_read_byte_for_byte_and_for_ever(several: Placet):
    source = texts.prompt(version="1.10.0", text="Say less about Fares.")

    answer = several.signed_in("viewer").get(f"{PATH}/versions/1.10.0")

    assert answer.content == source.encode()
    assert answer.headers["content-type"] == "text/yaml; charset=utf-8"
    assert answer.headers["etag"] == f'"{digest_of(source.encode())}"'
    assert "immutable" in answer.headers["cache-control"]


def test_search_finds_words_whatever_their_case(several: Placet):
    items = read(several, "/v1/search", q="LESS fares")["items"]

    assert items == [
        {
            "document": REFUNDS,
            "environment": "development",
            "where": "line 11",
            "snippet": "Say less about Fares.",
            "lines": [{"number": 11, "text": "Say less about Fares."}],
            "more_lines": 0,
        }
    ]


def test_search_tells_the_lines_with_most_of_the_words_and_counts_the_rest(placet):
    said = ("Fares change.", "A fare.", "Fare, tariff.", "A tariff.")
    placet.live(texts.prompt(name="acme/fare", text="\n      ".join(said)))

    (found,) = read(placet, "/v1/search", q="TARIFF fare")["items"]

    assert found["snippet"] == "Fare, tariff."
    told = [one["text"] for one in found["lines"]]
    assert told == ["Fare, tariff.", "Fares change.", "A fare."]
    assert found["more_lines"] == 2  # the name of the document is one of them


def test_search_tells_of_a_long_line_the_part_with_the_words(placet):
    placet.live(texts.prompt(text=f"{'before ' * 80}umbrella{' after' * 80}"))

    (found,) = read(placet, "/v1/search", q="Umbrella")["items"]

    assert " umbrella " in found["snippet"]
    assert found["snippet"].startswith("…")
    assert found["snippet"].endswith("…")
    assert len(found["snippet"]) < 210


def test_search_tells_that_part_also_behind_letters_that_fold_to_several(placet):
    placet.live(texts.prompt(text=f"{'ß' * 400} Straße umbrella {'ß' * 400}"))

    (found,) = read(placet, "/v1/search", q="STRASSE")["items"]

    assert " Straße umbrella " in found["snippet"]


def test_search_finds_names(several: Placet):
    items = read(several, "/v1/search", q="acme/refunds")["items"]

    assert [one["document"] for one in items] == ["bots/acme/support", REFUNDS]


def test_search_wants_all_the_words(several: Placet):
    assert read(several, "/v1/search", q="less kindness")["items"] == []


def test_search_looks_at_what_is_live_and_not_at_what_was(several: Placet):
    assert read(several, "/v1/search", q="INCLUDES")["items"] == []
    assert read(several, "/v1/search", q="{{>")["items"] == []


def test_a_recall_says_where_the_digest_is_still_live(several: Placet):
    digest = read(several, PATH)["versions"][0]["digest"]

    made = several.signed_in("risk").post(
        "/v1/recalls", json={"digest": digest, "reason": "promises money"}
    )

    live = [
        {
            "environment": "development",
            "document": REFUNDS,
            "bots": ["acme/support"],
            "answering": ["acme/support"],
            "back_to": 1,
        }
    ]
    assert made.status_code == 201
    assert made.json() == {
        "digest": digest,
        "reason": "promises money",
        "live": live,
        "served_for": [],
    }
    assert read(several, "/v1/recalls")["items"] == [made.json()]


def test_recalled_content_is_never_activated_again(several: Placet):
    digest = read(several, PATH)["versions"][1]["digest"]
    several.signed_in("risk").post(
        "/v1/recalls", json={"digest": digest, "reason": "promises money"}
    )

    answer = several.signed_in("operator").post(
        "/v1/environments/development/rollbacks",
        json={"document": REFUNDS, "to_version": "1.9.0", "reason": "back"},
    )

    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("digest", "status"), [("sha256:" + "0" * 64, 404), ("md5:0", 422)]
)
def test_only_what_is_known_is_recalled(placet: Placet, digest: str, status: int):
    answer = placet.signed_in("risk").post(
        "/v1/recalls", json={"digest": digest, "reason": "why not"}
    )

    assert answer.status_code == status
