"""Proposing: what is told of a text before it is submitted, and what is kept."""

import json
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.documents import MAX_BYTES, parse
from registry.names import Kind
from registry.remote.changes import Proposal
from tests.api import texts
from tests.ui.proposing import goes_live, proposes, votes
from ui.parts.propose import drafts
from ui.parts.propose.drafts import Base, Basket, Draft
from ui.parts.propose.schema_help import members
from ui.parts.propose.templates import template

DEVELOPMENT = "development"
FIELD = "Its text, as YAML"
TITLE = "What you ask for, in one plain sentence"


def live(world, *sources: str, environment: str = DEVELOPMENT) -> None:
    author = world["author"]
    proposal = Proposal(
        title="Put it there", sources=sources, deleted=(), edited_from={}
    )
    change = author.changes.submit(environment, proposal)
    author.changes.activate(change.id, change.review_digest)


def shown(page) -> str:
    return "\n".join(one.body for one in page.main.get("html"))


def said(page) -> str:
    found = (*page.info, *page.error, *page.warning, *page.success, *page.caption)
    return "\n".join(one.value for one in found).replace("\\", "")


def button(page, name: str):
    return next(one for one in page.button if one.label.replace("\\", "") == name)


def field(page):
    return next(one for one in page.text_area if one.label == FIELD)


def titled(page, title: str):
    return next(one for one in page.text_input if one.label == TITLE).set_value(title)


def writes(page, text: str):
    return field(page).set_value(text).run()


def editing(world, name: str, handle: str = "author", **query: str):
    """The page with a document in the field that is live in development."""
    live(world, texts.prompt(name, "1.0.0", "Answer politely."))
    return world.page(
        handle, "propose", env=DEVELOPMENT, document=f"prompts/{name}", **query
    )


def test_a_live_document_is_found_by_a_part_of_its_name_and_edited(world):
    live(world, texts.prompt("propose/found"))

    with world.page("author", "propose", env=DEVELOPMENT) as page:
        find = next(one for one in page.text_input if one.label == "A part of its name")
        find.set_value("propose/found").run()
        assert "prompts/propose/found" in shown(page)
        button(page, "Edit").click().run()

        assert "name: propose/found" in field(page).value
        assert "This is what is live: change something." in said(page)


def test_a_link_to_edit_a_document_goes_where_it_is_live(world):
    live(world, texts.prompt("propose/linked"))

    with world.page("author", "propose", document="prompts/propose/linked") as page:
        assert "name: propose/linked" in field(page).value
        assert page.query_params["env"] in (DEVELOPMENT, [DEVELOPMENT])


def test_a_link_to_edit_what_is_not_there_says_so(world):
    with world.page("author", "propose", document="prompts/propose/none") as page:
        assert "prompts/propose/none is not live in production" in said(page)


def test_an_edit_is_checked_when_it_is_left_and_told_with_the_smallest_version(world):
    with editing(world, "propose/bumped") as page:
        writes(page, field(page).value.replace("politely", "briefly"))

        assert "Smallest version <strong>1.0.1</strong>" in shown(page)
        assert "version too low" in shown(page)
        assert button(page, "Submit for development").disabled

        button(page, "Set version 1.0.1").click().run()

        assert 'version: "1.0.1"' in field(page).value
        assert "briefly" in field(page).value
        assert "No mistake in this text." in said(page)


def test_what_is_wrong_is_told_with_its_line_and_what_stands_there(world):
    with editing(world, "propose/wrong") as page:
        lines = field(page).value.split("\n")
        number = next(n for n, one in enumerate(lines, 1) if one.startswith("tier:"))
        lines[number - 1] = "tier: <b>enormous</b>"
        writes(page, "\n".join(lines))

        assert f">line {number}<" in shown(page)
        assert "tier: &lt;b&gt;enormous&lt;/b&gt;" in shown(page)
        assert "It can be submitted once nothing is wrong" in said(page)


def test_it_is_told_who_has_to_agree_and_what_reads_differently_before_it_is_sent(
    world,
):
    before = len(list(world["viewer"].changes.list()))

    with world.page("author", "propose", env="production") as page:
        next(
            one for one in page.segmented_control if one.label == "Begin from"
        ).set_value("A new document").run()
        next(one for one in page.text_input if one.label == "Name").set_value(
            "propose/outlook"
        )
        button(page, "Begin it").click().run()
        writes(page, texts.prompt("propose/outlook", "1.0.0", "Promise nothing."))
        text = shown(page)

    assert "product could" in text
    assert "risk could" in text
    assert "Promise nothing." in text.partition("What reads differently")[2]
    assert len(list(world["viewer"].changes.list())) == before


def test_a_proposal_is_submitted_with_what_it_was_made_from_and_leads_to_its_change(
    world,
):
    with editing(world, "propose/sent") as page:
        base = world["viewer"].documents.get("prompts/propose/sent")
        writes(page, texts.prompt("propose/sent", "1.0.1", "Answer briefly."))
        assert "once it says, in a sentence, what you ask for" in said(page)
        titled(page, "Answer briefly").run()
        button(page, "Submit for development").click().run()

        (change,) = world["viewer"].changes.list(q="propose/sent", status="approved")
        assert page.title[0].value == "Answer briefly"
        assert "is submitted" in said(page)

    (edit,) = world["viewer"].changes.get(change.id).edits
    assert edit.base.digest == base.live[DEVELOPMENT].digest


def test_what_has_moved_meanwhile_is_told_with_what_changed_and_read_again(world):
    name = "propose/moved"
    with editing(world, name) as page:
        writes(page, texts.prompt(name, "1.0.1", "Answer briefly."))
        live(world, texts.prompt(name, "1.1.0", "Answer in rhymes."))
        button(page, "Check").click().run()

        assert "you began from 1.0.0, and 1.1.0 is live now" in said(page)
        assert "in rhymes</ins>" in shown(page)
        assert button(page, "Submit for development").disabled

        button(page, "Read it again, and keep my text").click().run()

        assert "has moved" not in said(page)
        assert "Answer briefly." in field(page).value
        assert "Smallest version <strong>1.1.1</strong>" in shown(page)


def test_another_open_change_of_the_same_document_is_told_with_a_link(world):
    name = "propose/rivals"
    other = proposes(world, name, title="Say <b>it</b> better", environment=DEVELOPMENT)

    with world.page("author", "propose", revise=str(other.id)) as page:
        assert "Edited elsewhere" not in shown(page)
    with editing(world, name) as page:
        assert "Edited elsewhere" not in shown(page)  # what went live made it stale

    rival = proposes(world, name, "Be brief.", version="1.0.1", environment=DEVELOPMENT)
    with world.page("author", "propose", document=f"prompts/{name}") as page:
        told = shown(page)
    world["author"].changes.withdraw(rival.id, "It was a try.")

    assert f'href="/change?id={rival.id}"' in told
    assert f"by author edits prompts/{name} too" in told


def test_one_may_begin_again_from_what_is_live_now(world):
    name = "propose/again"
    with editing(world, name) as page:
        writes(page, texts.prompt(name, "1.0.1", "Answer briefly."))
        live(world, texts.prompt(name, "1.1.0", "Answer in rhymes."))
        button(page, "Check").click().run()
        button(page, "Read it again, and begin from what is live").click().run()

        assert "Answer in rhymes." in field(page).value


def test_a_refused_proposal_loses_nothing_and_says_what_happened_meanwhile(world):
    name = "propose/refused"
    with editing(world, name) as page:
        writes(page, texts.prompt(name, "1.0.1", "Answer briefly."))
        titled(page, "Answer briefly").run()
        live(world, texts.prompt(name, "1.1.0", "Answer in rhymes."))
        button(page, "Submit for development").click().run()

        assert page.title[0].value == "Propose"
        assert "is not live any more as it was when editing began" in said(page)
        assert "1.1.0 is live now" in said(page)
        assert "Answer briefly." in field(page).value
        assert titled(page, "Answer briefly").value == "Answer briefly"


def test_what_is_typed_while_the_button_is_pressed_is_checked_before_it_is_sent(world):
    name = "propose/typed"
    with editing(world, name) as page:
        writes(page, texts.prompt(name, "1.0.1", "Answer briefly."))
        titled(page, "Answer briefly").run()
        field(page).set_value(texts.prompt(name, "1.0.1", "Answer rudely."))
        button(page, "Submit for development").click().run()

        assert page.title[0].value == "Propose"
        assert "typed since it was checked" in said(page)
        assert "Answer rudely." in field(page).value
    newest = next(iter(world["viewer"].changes.list(q=name)))
    assert newest.title == "Put it there"


def test_the_smallest_version_never_replaces_what_was_typed_meanwhile(world):
    name = "propose/raced"
    with editing(world, name) as page:
        writes(page, texts.prompt(name, "1.0.0", "Answer briefly."))
        field(page).set_value(texts.prompt(name, "1.0.0", "Answer rudely."))
        button(page, "Set version 1.0.1").click().run()

        assert "Answer rudely." in field(page).value


def test_each_environment_keeps_its_own_drafts(world):
    with editing(world, "propose/kept") as page:
        writes(page, texts.prompt("propose/kept", "1.0.1", "Answer briefly."))
        where = next(
            one for one in page.segmented_control if one.label == "Environment"
        )
        where.set_value("production").run()
        assert not page.text_area

        where = next(
            one for one in page.segmented_control if one.label == "Environment"
        )
        where.set_value(DEVELOPMENT).run()
        assert "Answer briefly." in field(page).value


def test_several_documents_are_one_proposal_also_one_that_goes(world):
    live(world, texts.prompt("propose/goes"))
    with editing(world, "propose/stays") as page:
        writes(page, texts.prompt("propose/stays", "1.0.1", "Answer briefly."))
        find = next(one for one in page.text_input if one.label == "A part of its name")
        find.set_value("propose/goes").run()
        button(page, "Delete").click().run()
        assert "is deleted from development when this goes live" in said(page)
        titled(page, "Keep one").run()
        button(page, "Submit for development").click().run()

    change = next(iter(world["viewer"].changes.list(q="propose/goes")))
    edits = world["viewer"].changes.get(change.id).edits
    assert {one.document: one.version for one in edits} == {
        "prompts/propose/goes": None,
        "prompts/propose/stays": "1.0.1",
    }


def test_an_open_change_is_revised_from_what_it_says(world):
    name = "propose/revised"
    change = proposes(world, name, "Answer politely.", title="Say it better")

    with world.page("author", "propose", revise=str(change.id)) as page:
        assert page.title[0].value == f"Revise change {change.id}"
        assert "Answer politely." in field(page).value
        assert titled(page, "Say it better").value == "Say it better"
        writes(page, texts.prompt(name, "1.0.0", "Answer politely and briefly."))
        titled(page, "Say it best").run()
        button(page, "Submit revision").click().run()
        assert "has revision 2" in said(page)

    revised = world["viewer"].changes.get(change.id)
    assert (revised.revision, revised.title) == (2, "Say it best")


def test_a_revision_begins_with_why_it_was_held_back_and_takes_a_difference(world):
    change = proposes(world, "propose/held-back", "Answer politely.")
    votes(world, change, "product", "ask-for-changes", reason="Say to *whom*.")

    with world.page("author", "propose", revise=str(change.id)) as page:
        assert "product</strong> asks for changes: Say to *whom*." in shown(page)
        assert "once something differs from what was proposed last" in said(page)
        assert button(page, "Submit revision").disabled


def test_the_moment_that_was_asked_for_is_kept_by_a_revision(world):
    name = "propose/timed"
    at = datetime.now(UTC).replace(microsecond=0, second=0) + timedelta(days=3)
    proposal = Proposal(
        title="In three days",
        sources=[texts.prompt(name)],
        deleted=[],
        edited_from={},
        earliest=at,
    )
    change = world["author"].changes.submit("production", proposal)

    with world.page("author", "propose", revise=str(change.id)) as page:
        assert not page.exception
        assert not page.warning
        titled(page, "Exactly then").run()
        button(page, "Submit revision").click().run()

    revised = world["viewer"].changes.get(change.id)
    assert (revised.revision, revised.earliest) == (2, at)


def test_a_revision_knows_that_what_the_change_was_made_on_has_moved(world):
    name = "propose/overtaken"
    goes_live(world, proposes(world, name))
    change = proposes(world, name, "Answer briefly.", version="1.0.1")
    goes_live(world, proposes(world, name, "Answer at length.", version="1.0.2"))

    with world.page("author", "propose", revise=str(change.id)) as page:
        assert "you began from 1.0.0, and 1.0.2 is live now" in said(page)


def test_who_may_not_propose_sees_everything_and_is_told_who_can(world):
    with editing(world, "propose/viewed", handle="viewer") as page:
        assert "which you do not have. Who has it: author" in said(page)
        writes(page, texts.prompt("propose/viewed", "1.0.1", "Answer briefly."))
        titled(page, "Answer briefly").run()

        assert "Who has to agree" in shown(page)
        assert "viewer may not submit a change in development" in said(page)
        assert button(page, "Submit for development").disabled


def test_the_schema_helps_with_the_members_of_the_kind(world):
    with editing(world, "propose/helped") as page:
        beside = next(
            one for one in page.segmented_control if one.label == "Beside the text"
        )
        beside.set_value("What it may say").run()
        text = shown(page)

    assert "How much harm a wrong text could do" in text
    assert "<code>low</code>, <code>medium</code>, <code>high</code>" in text
    assert "What is in messages" in text


def test_the_largest_size_is_told_beforehand_and_is_the_registry_s():
    assert drafts.MAX_KIB * 1024 == MAX_BYTES


def test_nothing_is_in_the_way_of_what_is_not_changed_yet(world):
    with editing(world, "propose/untouched") as page:
        assert "In the way" not in shown(page)
        writes(page, texts.prompt("propose/untouched", "1.0.1", "Answer briefly."))
        titled(page, "Say \u202e it").run()
        assert "In the way" in shown(page)


def test_whoever_writes_is_told_before_the_session_ends(world):
    with (
        world.long_signed_in("auditor", left=timedelta(minutes=3)),
        editing(world, "propose/late", handle="auditor") as page,
    ):
        (told,) = page.toast
    assert "Your session ends in" in told.value

    with editing(world, "propose/early", handle="auditor") as page:
        assert not page.toast


def test_drafts_can_be_downloaded_once_the_session_has_ended(world):
    with editing(world, "propose/ended", handle="auditor") as page:
        writes(page, texts.prompt("propose/ended", "1.0.1", "Answer briefly."))
        world.signs_out("auditor")
        page.run()

        assert page.title[0].value == "You are signed out"
        (download,) = page.main.get("download_button")
        assert download.label == "Download drafts"


KINDS = [str(kind) for kind in Kind]


def schema(kind: str):
    return json.loads(
        resources.files("registry.schemas").joinpath(f"{kind}.json").read_text("utf-8")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_document_begins_without_a_mistake(kind):
    given = {"name": "acme-air/new", "owner": "author", "description": "What for."}

    found = parse(template(schema(kind), given | {"version": "1.0.0"}).encode())

    assert found.ref == f"{Kind(kind).plural}/acme-air/new"
    assert set(schema(kind)["required"]) <= set(found.value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_member_of_a_kind_is_explained(kind):
    told = members(schema(kind))

    for name in schema(kind)["properties"]:
        assert f'<code class="member">{name}</code>' in told


LINES = st.text("abc: -#'\"{}\n\u200b", min_size=1).map(
    lambda text: "\n".join(f" {line}" for line in text.split("\n"))
)
BASES = st.one_of(
    st.just(Base(document="prompts/a/b", version=None, digest=None)),
    st.just(Base(document="prompts/a/b", version="1.0.0", digest="sha256:" + "0" * 64)),
)


@given(st.lists(st.tuples(st.none() | LINES.filter(str.strip), BASES), min_size=1))
def test_what_is_downloaded_goes_on_where_it_was(told):
    kept = [
        Draft(id=number, name=base.document, text=text, base=base)
        for number, (text, base) in enumerate(told)
    ]

    found = list(drafts.read(drafts.written(kept), "draft.yaml"))

    assert [(name, base) for name, _, base in found] == [
        (one.name, one.base) for one in kept
    ]
    for (_, text, _), one in zip(found, kept, strict=True):
        assert text == (
            one.text if one.text is None or one.text.endswith("\n") else one.text + "\n"
        )


def test_a_file_may_hold_several_documents():
    found = list(drafts.read("kind: prompt\n---\nkind: bot\n", "two.yaml"))

    assert found == [
        ("two.yaml (1)", "kind: prompt\n", None),
        ("two.yaml (2)", "kind: bot\n", None),
    ]


def test_a_document_is_in_a_proposal_once():
    kept = Basket(environment=DEVELOPMENT)
    base = Base(document="prompts/a/b", version="1.0.0", digest="sha256:" + "0" * 64)

    kept.add("prompts/a/b", "mine", base)
    kept.add("prompts/a/c", "other", None)
    again = kept.add("prompts/a/b", "uploaded", base)

    assert kept.open_one() == again
    assert [one.text for one in kept.drafts.values()] == ["other", "uploaded"]


def test_what_is_in_the_proposal_is_opened_to_edit_and_replaced_to_delete(world):
    with editing(world, "propose/twice") as page:
        writes(page, texts.prompt("propose/twice", "1.0.1", "Answer briefly."))
        find = next(one for one in page.text_input if one.label == "A part of its name")
        find.set_value("propose/twice").run()
        button(page, "Edit").click().run()
        assert "your draft of it is open below" in said(page).replace("\\", "")
        assert "Answer briefly." in field(page).value
        find = next(one for one in page.text_input if one.label == "A part of its name")
        find.set_value("propose/twice").run()
        button(page, "Delete").click().run()
        assert "is deleted from development when this goes live" in said(page)
