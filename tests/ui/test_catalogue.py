"""The catalogue: what is found in it, and what is told of one document."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.remote.bindings import Retirement, Saying
from registry.remote.changes import Proposal
from registry.remote.documents import Listed, Use, UsedDocument, Uses
from ui.parts.catalogue import calendar, export, picture, texts
from ui.parts.choosing import usual_environment

TONE = "fragments/shelf/tone"
BOT = "bots/shelf/support"
REFUNDS = "prompts/shelf/refunds"
FRAGMENT = """\
kind: fragment
name: shelf/tone
version: "{version}"
owner: product
description: How to speak.
tier: low
template: none
text: {text}
"""
PROMPT = """\
kind: prompt
name: shelf/refunds
version: "1.0.0"
owner: legal
description: Answers about money.
tier: high
review_by: "2031-01-01"
labels: {team: travel}
template: none
messages:
  - role: system
    content: Quote the umbrella policy. {{> fragments/shelf/tone }}
"""
SUPPORT = """\
kind: bot
name: shelf/support
version: "1.0.0"
owner: product
description: Answers customers.
tier: medium
purpose: Support
audience: customers
deputy: author
risk_partner: risk
on_call: operator
review_by: "2031-01-01"
disclosure: You talk to a machine.
fallback: Please call us.
prompts: {refunds: shelf/refunds}
steps: [{name: sort, prompt: refunds}, {name: answer, prompt: refunds, after: [sort]}]
"""


@pytest.fixture(scope="module")
def shelf(world):
    """A bot, its prompt and a fragment in it, of which there are two versions."""
    live(world, FRAGMENT.format(version="1.0.0", text="Be kind."), PROMPT, SUPPORT)
    live(world, FRAGMENT.format(version="1.0.1", text="Be kind and brief."))
    return world


def live(world, *sources: str) -> None:
    author = world["author"]
    proposal = Proposal(
        title="Fill the shelf", sources=sources, deleted=(), edited_from={}
    )
    change = author.changes.submit("development", proposal)
    author.changes.activate(change.id, change.review_digest)


def shown(page) -> str:
    """Everything that the page shows in HTML."""
    return "\n".join(one.body for one in page.main.get("html"))


def said(page) -> str:
    """Everything that the page says in messages."""
    return "\n".join(one.value for one in (*page.info, *page.error, *page.caption))


def test_documents_are_listed_with_whose_they_are(shelf):
    with shelf.page("viewer", "catalogue", q="shelf") as page:
        assert page.title[0].value == "Catalogue"
        text = shown(page)

    assert "Shown: 3 documents that fit, by name." in text
    assert text.index(BOT) < text.index(TONE) < text.index(REFUNDS)
    assert "1.0.1" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "bots"}, {BOT}),
        ({"owner": "legal"}, {REFUNDS}),
        ({"tier": "low"}, {TONE}),
        ({"label": "team=travel"}, {REFUNDS}),
        ({"review": "no day named"}, {TONE}),
        ({"live_in": "development"}, {BOT, TONE, REFUNDS}),
    ],
)
def test_what_is_looked_for_stands_in_the_address(shelf, query, found):
    with shelf.page("viewer", "catalogue", q="shelf/", **query) as page:
        listed = shown(page).partition("Texts found")[0]

    assert {one for one in (BOT, TONE, REFUNDS) if f">{one}<" in listed} == found


def test_texts_are_searched_as_well_as_names(shelf):
    with shelf.page("viewer", "catalogue", q="umbrella policy") as page:
        assert "No document's name has" in said(page).replace("\\", "")
        text = shown(page)

    assert REFUNDS in text
    hit = '<mark class="hit">'
    assert f"Quote the {hit}umbrella</mark> {hit}policy</mark>." in text


def test_what_is_to_be_reviewed_within_some_days_is_found(shelf):
    days = {"review": "overdue, or due in 90 days", "due_by": "2031-01-01"}
    with shelf.page("viewer", "catalogue", q="shelf/", **days) as page:
        assert "No document's name has" in said(page).replace("\\", "")
    with shelf.page("viewer", "catalogue", q="shelf/", due_by="2031-01-01") as page:
        listed = shown(page).partition("Texts found")[0]

    assert f">{REFUNDS}<" in listed
    assert f">{TONE}<" not in listed


def test_where_nothing_fits_it_is_said_what_to_do(shelf):
    with shelf.page("viewer", "catalogue", owner="viewer") as page:
        assert "No document fits all these filters" in said(page)


def test_more_are_shown_when_asked_for(shelf, world):
    sources = [
        FRAGMENT.format(version="1.0.0", text="Hello.").replace(
            "shelf/tone", f"crowd/f{number}"
        )
        for number in range(51)
    ]
    live(world, *sources)

    with shelf.page("viewer", "catalogue", q="crowd/") as page:
        assert "the first 50 documents" in shown(page)
        next(one for one in page.button if one.label == "Show more").click().run()
        text = shown(page)

    assert "Shown: 51 documents" in text


def test_a_document_is_told_with_its_people_and_its_review(shelf):
    with shelf.page("viewer", "catalogue", document=BOT) as page:
        assert page.title[0].value == r"shelf/support"
        text = shown(page)

    for part in ("Answers customers.", "author", "risk", "development", "in time"):
        assert part in text


def test_a_document_that_never_was_says_what_to_do(shelf):
    with shelf.page("viewer", "catalogue", document="prompts/shelf/none") as page:
        assert "was never live" in said(page).replace("\\", "")


def test_a_text_is_read_at_the_version_in_the_address(shelf):
    with shelf.page("viewer", "catalogue", document=TONE, version="1.0.0") as page:
        text = shown(page)

    assert "text: Be kind.\n" in text
    assert "and brief" not in text


def test_the_text_that_opens_is_the_one_of_production(shelf):
    document = shelf["viewer"].documents.get(TONE)
    here = document.live["development"]
    live = {"development": here, "production": replace(here, version="1.0.0")}
    versions = [one.version for one in document.versions]

    assert texts.first(document, versions) == versions.index("1.0.1")
    in_both = replace(document, live=live)
    assert texts.first(in_both, versions) == versions.index("1.0.0")


@pytest.mark.parametrize(
    ("names", "usual"),
    [
        (["staging", "production", "development"], "production"),
        (["development", "staging"], "staging"),
    ],
)
def test_people_look_first_at_production_or_else_at_the_last(names, usual):
    assert usual_environment(names) == usual


def test_two_versions_are_compared(shelf):
    with shelf.page("viewer", "catalogue", document=TONE, part="Differences") as page:
        text = shown(page)

    assert 'aria-label="From 1.0.0 to 1.0.1"' in text
    assert "<ins>" in text
    assert "and brief" in text


def test_versions_tell_where_they_are_live_and_by_which_change(shelf):
    with shelf.page("viewer", "catalogue", document=TONE, part="Versions") as page:
        rows = shown(page).partition("Versions, the highest first")[2]

    assert rows.index("1.0.1") < rows.index("1.0.0")
    assert rows.count("development") == 1
    assert 'href="/change?id=' in rows


def test_what_uses_it_is_told_in_words_beside_the_picture(shelf):
    with shelf.page("viewer", "catalogue", document=TONE, part="Uses") as page:
        text = shown(page)

    assert REFUNDS in text
    assert "2 steps away" in text


def test_steps_of_a_chained_bot_are_told_in_order(shelf):
    with shelf.page("viewer", "catalogue", document=BOT, part="Steps") as page:
        text = shown(page)

    assert text.index("1. sort") < text.index("2. answer")
    assert "the beginning" in text


LISTED = Listed(
    document=REFUNDS,
    live={"production": "1.0.0"},
    owners=("legal",),
    tier="high",
    review="due",
    review_due=datetime(2027, 1, 2, tzinfo=UTC),
)


def test_a_list_is_taken_along_as_csv():
    told = export.as_csv([LISTED], ["production", "staging"]).decode("utf-8-sig")

    head, row = csv.reader(io.StringIO(told))
    assert head[-2:] == ["production", "staging"]
    assert row == [REFUNDS, "legal", "high", "due soon", "2027-01-02", "1.0.0", ""]


@given(st.text())
def test_no_cell_is_a_formula(text):
    assert not export.harmless(text).startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1"])
def test_what_a_spreadsheet_would_compute_is_quoted(text):
    assert export.harmless(text) == f"'{text.strip()}"


def uses(*documents: UsedDocument) -> Uses:
    return Uses(
        environment="production",
        document=documents[0].document,
        documents=documents,
        uses=tuple(
            Use(document=documents[0].document, uses=one.document)
            for one in documents[1:]
        ),
        users_left_out=0,
        used_left_out=0,
    )


def used(document: str, steps: int) -> UsedDocument:
    return UsedDocument(
        document=document, version="1.0.0", owner="product", tier="low", steps=steps
    )


def test_no_more_is_drawn_than_somebody_reads():
    many = [used(f"fragments/f{number}", 1) for number in range(60)]

    drawn = picture.dot(uses(used(REFUNDS, 0), *many))

    assert drawn.count("[label=") == picture.MOST_DRAWN
    assert drawn.count("->") == picture.MOST_DRAWN - 1


def test_a_name_stays_a_name_in_the_picture():
    hostile = 'prompts/a"]; x [URL="javascript:1'

    drawn = picture.dot(uses(used(hostile, 0)))

    assert r"\"]; x [URL=\"javascript:1" in drawn
    assert '"]; x' not in drawn.replace(r"\"", "")


def test_who_does_not_see_the_calendar_is_told_what_it_shows():
    retirement = Retirement(
        binding="shelf/chat",
        version="1.0.0",
        platform="openai",
        model="gpt-x",
        model_version=None,
        shutdown_on=date(2031, 5, 1),
        days=10,
        firm=True,
        by="the document",
        replacement=None,
        disputed=False,
        says=(
            Saying(
                source="the document",
                shutdown_on=date(2031, 5, 1),
                firm=True,
                link=None,
                checked_on=None,
                replacement=None,
                of_name=False,
            ),
        ),
        bots=(),
    )

    told = calendar.sentence("production", [retirement])
    spec = calendar.chart([retirement]).to_dict()

    assert "shelf/chat on 1 May 2031" in told
    assert "2031-05-01" in str(spec["datasets"])
