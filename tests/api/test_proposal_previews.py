"""What a proposal would meet, before it is submitted."""

import pytest

from registry.api.bearer import Scope
from tests.api import texts
from tests.api.conftest import JsonObject, Placet

REFUNDS = "prompts/acme/refunds"
PREVIEW = "/v1/changes/preview"


def body(*sources: str, **more: object) -> JsonObject:
    said = {
        "environment": "development",
        "title": "Say it better",
        "documents": [{"source": source} for source in sources],
    }
    return said | more


def preview(
    placet: Placet, *sources: str, handle: str = "author", **more: object
) -> JsonObject:
    answer = placet.signed_in(handle).post(PREVIEW, json=body(*sources, **more))
    assert answer.status_code == 200, answer.text
    return answer.json()


def messages(told: JsonObject) -> list[str]:
    return [one["message"] for one in told["findings"]]


@pytest.fixture
def live(placet: Placet) -> Placet:
    placet.live(texts.prompt(), texts.bot())
    return placet


@pytest.mark.parametrize("environment", ["development", "production"])
def test_a_preview_says_what_the_change_says_once_it_is_submitted(
    live: Placet, environment: str
):
    source = texts.prompt(version="1.1.0", text="Say less.")

    before = preview(live, source, environment=environment)

    change = live.submit(source, environment=environment)["id"]
    client = live.signed_in("author")
    assert before["change"] == client.get(f"/v1/changes/{change}").json()
    difference = client.get(f"/v1/changes/{change}/difference").json()
    assert before["difference"] == difference
    assert before["obstacles"] == []
    assert before["you"] == {"why_not": None}


def test_a_preview_writes_nothing(live: Placet):
    head = live.parts.opened.writer.state.head

    preview(live, texts.prompt(version="1.1.0", text="Say less."))

    assert live.parts.opened.writer.state.head == head
    assert live.signed_in("viewer").get("/v1/changes/2").status_code == 404


@pytest.mark.parametrize("version", ["1.0.0", "0.9.0"])
def test_a_version_that_is_not_raised_is_a_finding_and_the_rest_is_told(
    live: Placet, version: str
):
    source = texts.prompt(version=version, text="Say less.")

    told = preview(live, source)

    (one,) = told["documents"]
    assert (one["live"], one["version"], one["smallest"]) == ("1.0.0", version, "1.0.1")
    assert one["bump"] == "patch"
    assert one["reasons"] != []
    assert one["proposed_text"] == source.replace(version, "1.0.1")
    (finding,) = one["findings"]
    assert (finding["line"], finding["hint"]) == (3, "Give it 1.0.1.")
    assert told["change"]["edits"][0]["version"] == "1.0.1"
    assert told["change"]["effect"][0]["document"] == "bots/acme/support"
    assert told["difference"]["documents"][0]["after"]["version"] == "1.0.1"


def test_a_version_that_says_too_little_is_told_with_the_smallest_and_why(
    live: Placet,
):
    source = texts.bot(version="1.0.1").replace("{refunds:", "{money:")

    (one,) = preview(live, source)["documents"]

    assert (one["bump"], one["smallest"]) == ("major", "2.0.0")
    assert any("`refunds` was removed" in reason for reason in one["reasons"])
    assert "is too small a step from 1.0.0" in messages(one)[0]
    assert 'version: "2.0.0"' in one["proposed_text"]


def test_the_text_that_is_offered_meets_nothing_any_more(live: Placet):
    (one,) = preview(live, texts.prompt(text="Say less."))["documents"]

    again = preview(live, one["proposed_text"])

    assert again["documents"][0]["findings"] == []
    assert again["documents"][0]["proposed_text"] is None
    live.submit(one["proposed_text"])


def test_a_version_that_says_enough_keeps_what_is_the_smallest(live: Placet):
    (one,) = preview(live, texts.prompt(version="3.0.0", text="No."))["documents"]

    assert (one["smallest"], one["proposed_text"]) == ("1.0.1", None)
    assert one["findings"] == []


def test_a_first_version_may_be_any(placet: Placet):
    (one,) = preview(placet, texts.prompt(version="0.3.0"))["documents"]

    assert (one["live"], one["smallest"], one["reasons"]) == (None, None, [])
    assert one["findings"] == []


def test_every_mistake_of_every_text_is_told_at_once(live: Placet):
    first = texts.prompt().replace("owner: product\n", "").replace("medium", "huge")
    second = texts.fragment().replace("template: none", "template: moustache")

    told = preview(live, first, second, texts.prompt(name="acme/good"))

    lines = [[f["line"] for f in one["findings"]] for one in told["documents"]]
    assert [len(found) for found in lines] == [2, 1, 0]
    assert 5 in lines[0]
    assert all(f["hint"] for one in told["documents"] for f in one["findings"])
    assert [one["document"] for one in told["documents"]] == [
        REFUNDS, "fragments/acme/tone", "prompts/acme/good",
    ]  # fmt: skip
    assert told["documents"][0]["live"] == "1.0.0"
    assert (told["change"], told["difference"]) == (None, None)


def test_a_text_that_does_not_say_what_it_is_has_no_name(placet: Placet):
    told = preview(placet, "", "kind: prompt\n")

    assert [one["document"] for one in told["documents"]] == [None, None]
    assert all(one["findings"] for one in told["documents"])


def test_a_text_that_is_too_large_is_a_finding(placet: Placet):
    (one,) = preview(placet, "#" * (2**18 + 1))["documents"]

    assert "bytes" in messages(one)[0]


def test_texts_that_do_not_hold_together_are_told_all_at_once(placet: Placet):
    wrong = texts.prompt(text="{{> fragments/acme/tone }}")
    also = texts.prompt(name="acme/other", text="{{> fragments/acme/style }}")

    told = preview(placet, wrong, also)

    assert all("fragments/acme" in messages(one)[0] for one in told["documents"])
    assert told["change"] is None


def test_a_live_document_that_would_break_is_an_obstacle(placet: Placet):
    placet.live(texts.fragment(), texts.prompt(text=texts.INCLUDES_TONE))
    source = texts.fragment("2.0.0").replace("template: none", "template: simple")

    told = preview(placet, source)

    (obstacle,) = told["obstacles"]
    assert (obstacle["document"], obstacle["line"]) == (REFUNDS, 11)
    assert obstacle["hint"]
    assert told["documents"][0]["findings"] == []


def test_a_version_and_what_else_is_wrong_are_told_together(placet: Placet):
    tool = (
        'tools:\n  - {{name: look_up, version: "1.0.0", owner: product, '
        "description: Finds an order., schema_digest: {digest}}}\n"
    )
    placet.live(texts.prompt(), texts.bot() + tool.format(digest="sha256:" + "0" * 64))
    source = texts.bot() + tool.format(digest="sha256:" + "1" * 64)

    told = preview(placet, source)

    assert len(told["documents"][0]["findings"]) == 2
    assert told["change"] is None


def test_what_was_live_before_is_promoted_and_gets_no_other_version(live: Placet):
    live.live(texts.prompt(version="1.1.0", text="Say less."))

    told = preview(live, texts.prompt())

    (one,) = told["documents"]
    assert one["proposed_text"] is None
    assert "has been live before" in messages(one)[0]
    assert "Promote it" in one["findings"][0]["hint"]
    assert told["change"] is None


def test_a_recalled_text_is_a_finding(live: Placet):
    source = texts.prompt(version="1.1.0", text="Say less.")
    live.live(source)
    digest = live.signed_in("viewer").get("/v1/environments/development/live").json()
    named = next(d["digest"] for d in digest["documents"] if d["document"] == REFUNDS)
    recalled = live.signed_in("operator").post(
        "/v1/recalls", json={"digest": named, "reason": "harmful"}
    )
    assert recalled.is_success, recalled.text
    live.live(texts.prompt(version="1.2.0", text="Be brief."))

    (one,) = preview(live, source)["documents"]

    assert "was recalled" in messages(one)[0]


def test_a_text_that_is_live_already_differs_in_nothing(live: Placet):
    told = preview(live, texts.prompt())

    (one,) = told["documents"]
    assert (one["differs"], one["live"], one["smallest"]) == (False, "1.0.0", None)
    assert "live in development already" in told["obstacles"][0]["message"]
    assert told["change"] is None


def test_a_title_that_is_missing_hides_nothing_else(live: Placet):
    told = preview(live, texts.prompt(version="1.1.0", text="Say less."), title="")

    assert "title" in told["obstacles"][0]["message"]
    assert told["change"]["effect"] != []


def test_what_was_edited_meanwhile_is_an_obstacle(live: Placet):
    told = preview(
        live,
        texts.prompt(version="1.1.0", text="Say less."),
        edited_from={REFUNDS: "sha256:" + "0" * 64},
    )

    (obstacle,) = told["obstacles"]
    assert "is not live any more" in obstacle["message"]
    assert obstacle["document"] is None


def test_a_deletion_that_leaves_something_dangling_is_an_obstacle(live: Placet):
    told = preview(live, deleted=[REFUNDS])

    assert "still refers" in told["obstacles"][0]["message"]


def test_a_deletion_is_previewed(live: Placet):
    told = preview(live, deleted=["bots/acme/support"])

    assert told["change"]["edits"][0]["digest"] is None
    assert told["difference"]["documents"][0]["after"] is None


def test_who_may_not_propose_is_told_why_and_sees_what_would_be(live: Placet):
    source = texts.prompt(version="1.1.0", text="Say less.")

    told = preview(live, source, handle="viewer")

    assert "viewer may not submit a change in development" in told["you"]["why_not"]
    assert "the role author" in told["you"]["why_not"]
    assert told["change"]["effect"] != []


def test_a_token_that_cannot_propose_is_told_so(live: Placet):
    client = live.machine(Scope.CHECK, handle="author")

    told = client.post(PREVIEW, json=body(texts.prompt(version="1.1.0", text="No.")))

    assert "scope check" in told.json()["you"]["why_not"]


def test_there_is_nothing_to_preview_in_an_environment_that_is_not_there(
    placet: Placet,
):
    answer = placet.signed_in("author").post(
        PREVIEW, json=body(texts.prompt(), environment="moon")
    )

    assert answer.status_code == 404


def test_a_preview_says_what_was_looked_at_and_who_could_agree(placet: Placet):
    told = preview(placet, texts.prompt(), environment="production")

    change = told["change"]
    assert [one["name"] for one in change["requirements"]] == [
        "product agrees", "risk agrees",
    ]  # fmt: skip
    assert all(one["could"] for one in change["requirements"] if not one["met"])
    assert change["checks"] != []


def revision_of(change: int) -> str:
    return f"/v1/changes/{change}/revisions/preview"


def revised(*sources: str) -> JsonObject:
    said = body(*sources, title="Say even less")
    del said["environment"]
    return said


def test_the_preview_of_a_revision_says_what_the_change_says_once_it_is_revised(
    live: Placet,
):
    source = texts.prompt(version="1.1.0", text="Say less.")
    change = live.submit(source, environment="production")["id"]
    client = live.signed_in("author")
    other = revised(texts.prompt(version="1.1.0", text="Say even less."))

    before = client.post(revision_of(change), json=other).json()

    answer = client.post(f"/v1/changes/{change}/revisions", json=other)
    assert answer.status_code == 201, answer.text
    assert before["environment"] == "production"
    assert before["change"] == client.get(f"/v1/changes/{change}").json()
    assert before["change"]["revision"] == 2
    difference = client.get(f"/v1/changes/{change}/difference").json()
    assert before["difference"] == difference


def test_the_preview_of_a_revision_writes_nothing(live: Placet):
    source = texts.prompt(version="1.1.0", text="Say less.")
    change = live.submit(source, environment="production")["id"]
    head = live.parts.opened.writer.state.head

    other = revised(texts.prompt(version="1.1.0", text="Say even less."))
    live.signed_in("author").post(revision_of(change), json=other)

    assert live.parts.opened.writer.state.head == head


def test_what_cannot_be_revised_any_more_is_an_obstacle(live: Placet):
    source = texts.prompt(version="1.1.0", text="Say less.")
    change = live.submit(source, environment="production")["id"]
    client = live.signed_in("author")
    client.post(f"/v1/changes/{change}/withdrawal", json={"reason": "No."})

    told = client.post(revision_of(change), json=revised(source)).json()

    (one,) = told["obstacles"]
    assert one["message"] == f"change {change} was withdrawn already"
    assert told["change"] is None


def test_who_may_not_revise_is_told_why_and_sees_what_would_come_of_it(live: Placet):
    source = texts.prompt(version="1.1.0", text="Say less.")
    change = live.submit(source, environment="production")["id"]

    client = live.signed_in("viewer")
    told = client.post(revision_of(change), json=revised(source)).json()

    assert "may not revise a change" in told["you"]["why_not"]
    assert told["change"]["revision"] == 2


def test_a_change_that_never_was_has_no_revision(live: Placet):
    answer = live.signed_in("author").post(revision_of(99), json=revised())

    assert answer.status_code == 404


def test_open_changes_that_edit_the_same_document_are_told(live: Placet):
    other = live.submit(texts.prompt(version="1.1.0", text="Say more."))
    live.submit(texts.prompt("acme/other"))
    live.submit(texts.prompt(version="1.1.0", text="No."), environment="production")

    told = preview(live, texts.prompt(version="1.1.0", text="Say less."))
    revised = live.signed_in("author").post(
        f"/v1/changes/{other['id']}/revisions/preview",
        json={"title": "Again", "documents": [{"source": texts.prompt()}]},
    )

    assert told["rivals"] == [
        {
            "change": other["id"],
            "title": other["title"],
            "author": "author",
            "documents": [REFUNDS],
        }
    ]
    assert revised.json()["rivals"] == []


def test_open_changes_are_told_for_a_text_with_mistakes_too(live: Placet):
    other = live.submit(deleted=["bots/acme/support"])

    told = preview(live, texts.bot(version="1.0.1").replace("tier:", "teir:"))

    assert [one["change"] for one in told["rivals"]] == [other["id"]]
