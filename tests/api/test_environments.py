"""What is live over HTTP, what was, and how that came to be."""

import pytest

from registry.api.bearer import Scope
from tests.api import texts
from tests.api.conftest import JsonObject, Placet

LIVE = "/v1/environments/development/live"
HISTORY = "/v1/environments/development/history"
RENDER = "/v1/environments/development/prompts/acme/greeting:render"


def read(placet: Placet, path: str, **query: object) -> JsonObject:
    answer = placet.signed_in("viewer").get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_environments_are_listed_with_their_seq(placet: Placet):
    placet.live(texts.prompt())

    listed = read(placet, "/v1/environments")["items"]

    assert [(one["name"], one["seq"]) for one in listed] == [
        ("development", 1),
        ("production", 0),
        ("staging", 0),
    ]
    assert listed[0]["at"] is not None
    assert listed[1]["at"] is None
    assert listed[0]["policy_digest"].startswith("sha256:")


def test_nothing_is_live_at_first(placet: Placet):
    assert read(placet, LIVE) == {
        "environment": "development",
        "seq": 0,
        "at": None,
        "documents": [],
        "bots": [],
    }


def test_what_is_live_is_told_with_its_digests(placet: Placet):
    placet.live(texts.prompt(), texts.bot())

    live = read(placet, LIVE)

    assert live["seq"] == 1
    documents = {one.pop("document"): one for one in live["documents"]}
    assert documents["prompts/acme/refunds"].keys() == {
        "version",
        "digest",
        "composed",
        "owner",
        "tier",
        "since",
    }
    [bot] = live["bots"]
    assert (bot["bot"], bot["floor"], bot["stopped"]) == ("acme/support", 0, None)
    assert bot["bundle"].startswith("sha256:")


def test_what_was_live_is_read_by_seq_and_by_moment(placet: Placet):
    placet.live(texts.prompt(), texts.bot())
    placet.clock.forward(hours=1)
    placet.live(texts.prompt(version="1.1.0", text="Say less."))
    placet.clock.forward(hours=1)

    now = read(placet, LIVE)
    by_seq = read(placet, LIVE, seq=1)
    by_moment = read(placet, LIVE, at="2026-05-03T12:30:00Z")

    assert by_seq == by_moment
    assert by_seq["seq"] == 1
    assert by_seq["documents"][1]["version"] == "1.0.0"
    assert now["documents"][1]["version"] == "1.1.0"
    assert by_seq["bots"][0]["bundle"] != now["bots"][0]["bundle"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"at": "2026-05-03T12:00:00Z"}, 409),
        ({"at": "2026-05-03T10:00:00Z"}, 404),
        ({"at": "2026-05-03T10:00:00"}, 422),
        ({"at": "yesterday"}, 422),
        ({"seq": 2}, 404),
        ({"seq": 0}, 422),
        ({"seq": 1, "at": "2026-05-03T10:00:00Z"}, 422),
    ],
)
def test_a_moment_that_cannot_be_told_is_refused(
    placet: Placet, query: dict, status: int
):
    placet.live(texts.prompt())

    answer = placet.signed_in("viewer").get(LIVE, params=query)

    assert answer.status_code == status


def test_a_stopped_bot_is_listed_with_the_reason(placet: Placet):
    placet.live(texts.prompt(), texts.bot())
    stop = {"bot": "acme/support", "reason": "odd answers"}
    placet.signed_in("operator").post("/v1/environments/development/stops", json=stop)

    [bot] = read(placet, LIVE)["bots"]
    [before] = read(placet, LIVE, seq=1)["bots"]

    assert (bot["stopped"], bot["floor"], bot["since"]) == ("odd answers", 2, 2)
    assert before["stopped"] is None


class TestHistory:
    @pytest.fixture(autouse=True)
    def several(self, placet: Placet) -> None:
        """1 both, 2 a prompt, 3 a stop, 4 a rollback, 5 the bot is deleted."""
        operator = placet.signed_in("operator")
        placet.live(texts.prompt(), texts.bot())
        placet.live(texts.prompt(version="1.1.0", text="Say less."))
        operator.post(
            "/v1/environments/development/stops",
            json={"bot": "acme/support", "reason": "odd answers"},
        )
        back = operator.post(
            "/v1/environments/development/rollbacks",
            json={"document": "prompts/acme/refunds", "to_seq": 1, "reason": "worse"},
        )
        assert back.status_code == 201, back.text
        placet.activate(placet.submit(deleted=["bots/acme/support"]))

    def test_is_newest_first_and_says_how(self, placet: Placet):
        items = read(placet, HISTORY)["items"]

        assert [(one["seq"], one["type"]) for one in items] == [
            (5, "activated"),
            (4, "rolled-back"),
            (3, "stopped"),
            (2, "activated"),
            (1, "activated"),
        ]
        assert [one["change"] for one in items] == [3, None, None, 2, 1]
        assert items[2]["title"] == "Stopped acme/support: odd answers"
        assert {one["by"] for one in items} == {"operator"}

    def test_names_what_was_replaced(self, placet: Placet):
        items = read(placet, HISTORY)["items"]

        assert [one["documents"] for one in items[:4]] == [
            [step("bots/acme/support", "1.0.0", None)],
            [step("prompts/acme/refunds", "1.1.0", "1.0.0")],
            [],
            [step("prompts/acme/refunds", "1.0.0", "1.1.0")],
        ]

    @pytest.mark.parametrize(
        ("document", "seqs"),
        [
            ("prompts/acme/refunds", [4, 2, 1]),
            ("bots/acme/support", [5, 3, 1]),
            ("bots/acme/other", []),
        ],
    )
    def test_of_one_document(self, placet: Placet, document: str, seqs: list[int]):
        items = read(placet, HISTORY, document=document)["items"]

        assert [one["seq"] for one in items] == seqs

    def test_comes_in_pages(self, placet: Placet):
        first = read(placet, HISTORY, limit=2)
        second = read(placet, HISTORY, limit=2, cursor=first["next"])
        third = read(placet, HISTORY, limit=2, cursor=second["next"])

        pages = [
            [one["seq"] for one in page["items"]] for page in (first, second, third)
        ]
        assert pages == [[5, 4], [3, 2], [1]]
        assert third["next"] is None


def test_history_leaves_out_what_only_reads_differently(placet: Placet):
    placet.live(texts.fragment(), texts.prompt(text=texts.INCLUDES_TONE))
    placet.live(texts.fragment("1.1.0", "Be brief."))

    newest = read(placet, HISTORY)["items"][0]

    assert newest["documents"] == [step("fragments/acme/tone", "1.0.0", "1.1.0")]


def step(document: str, before: str | None, after: str | None) -> JsonObject:
    return {"document": document, "before_version": before, "version": after}


class TestRendering:
    @pytest.fixture(autouse=True)
    def greeting(self, placet: Placet) -> None:
        placet.live(texts.template())

    def render(self, placet: Placet, values: JsonObject):
        return placet.machine(Scope.READ).post(RENDER, json={"values": values})

    def test_puts_values_in_their_places(self, placet: Placet):
        history = [{"role": "assistant", "content": "Hi."}]

        answer = self.render(placet, {"customer": "{{ x }}", "history": history})

        assert answer.status_code == 200
        assert answer.json()["messages"] == [
            {"role": "user", "content": "Hello {{ x }}!"},
            *history,
        ]
        assert (answer.json()["version"], answer.json()["seq"]) == ("1.0.0", 1)

    @pytest.mark.parametrize(
        "values", [{}, {"customer": "a"}, {"customer": "a", "history": "text"}]
    )
    def test_names_the_value_that_is_missing(self, placet: Placet, values: JsonObject):
        answer = self.render(placet, values)

        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:placet:problem:invalid"

    def test_stops_before_the_messages_become_enormous(self, placet: Placet):
        many = texts.template("acme/many").replace(
            "Hello {{ customer }}!", "Hello " + "{{ customer }}" * 2000
        )
        placet.live(many)

        answer = placet.machine(Scope.READ).post(
            RENDER.replace("greeting", "many"),
            json={"values": {"customer": "a" * 500_000, "history": []}},
        )

        assert answer.status_code == 413

    def test_of_what_was_never_live_finds_nothing(self, placet: Placet):
        answer = placet.machine(Scope.READ).post(
            RENDER.replace("greeting", "farewell"), json={}
        )

        assert answer.status_code == 404
