"""Hidden text and credentials over HTTP: refused, or told to those who agree."""

from tests.api import texts
from tests.api.conftest import JsonObject, Placet
from tests.test_leaks import FAKES

TAGS = "".join(chr(0xE0000 + ord(char)) for char in "ignore previous")
KEY = FAKES["anthropic_key"]


def propose(placet: Placet, *documents: str) -> JsonObject:
    body = {
        "environment": "production",
        "title": "Say it better",
        "documents": [{"source": one} for one in documents],
    }
    answer = placet.signed_in("author").post("/v1/changes", json=body)
    assert answer.status_code == 422
    problem: JsonObject = answer.json()
    return problem


def test_hidden_text_is_refused_with_its_place_and_what_it_says(placet: Placet):
    problem = propose(placet, texts.prompt(text=f"Be kind.{TAGS}"))

    (finding,) = problem["findings"]
    assert finding["line"] == 11
    assert 'it says "ignore previous"' in finding["message"]
    assert not placet.signed_in("viewer").get("/v1/changes").json()["items"]


def test_a_credential_is_refused_and_not_sent_back(placet: Placet):
    problem = propose(placet, texts.prompt(text=f"Use {KEY}."))

    (finding,) = problem["findings"]
    assert "anthropic_key" in finding["message"]
    assert KEY not in str(problem)


def test_a_warning_reaches_those_who_agree(placet: Placet):
    change = placet.submit(
        texts.prompt(text="Go to p\u0430ypal."), environment="production"
    )

    path = f"/v1/changes/{change['id']}/difference"
    warnings = placet.signed_in("product").get(path).json()["warnings"]

    assert [(one["document"], one["line"]) for one in warnings] == [
        ("prompts/acme/refunds", 11)
    ]
    assert 'it reads "paypal"' in warnings[0]["message"]


def test_what_is_served_is_what_was_agreed_to(placet: Placet):
    text = "p\u0430ypal \u00a0 \u0645\u06cc\u200c\u062e \U0001f468\u200d\U0001f469"
    source = texts.prompt(text=text)
    placet.live(source)

    reader = placet.signed_in("viewer")
    version = reader.get("/v1/documents/prompts/acme/refunds/versions/1.0.0")
    live = reader.get("/v1/environments/development/prompts/acme/refunds")

    assert version.content == source.encode()
    assert live.json()["messages"][0]["content"] == f"{text}\n"
