"""The ledger's page: events in sentences, one opened, verifying, evidence."""

import io
import re
import time
import zipfile

import pytest

from registry.payloads import TYPES as LEDGER_TYPES
from registry.remote.changes import Proposal
from registry.remote.ledger import Act
from ui.parts.ledger import fields, words

PROMPT = """\
kind: prompt
name: told/refunds
version: "1.0.0"
owner: product
description: Answers about money.
tier: low
template: none
messages:
  - role: system
    content: Answer politely.
"""
TITLE = "Tell of <b>refunds</b>"
PATIENCE_S = 60


@pytest.fixture(scope="module")
def told(world):
    """A change that went live and was talked about; its number."""
    author = world["author"]
    proposal = Proposal(title=TITLE, sources=[PROMPT], deleted=(), edited_from={})
    change = author.changes.submit("development", proposal)
    author.changes.comment(change.id, "Because *people* asked.")
    author.changes.activate(change.id, change.review_digest)
    return change.id


def shown(page) -> str:
    """Everything that the page shows in HTML."""
    return "\n".join(one.body for one in page.main.get("html"))


def said(page) -> str:
    """Everything that the page says in messages."""
    parts = (*page.info, *page.error, *page.success, *page.caption, *page.markdown)
    return "\n".join(one.value for one in parts).replace("\\", "")


def button(page, name):
    return next(one for one in page.button if one.label == name)


def test_events_are_told_in_sentences_newest_first(world, told):
    with world.page("viewer", "ledger", change=str(told)) as page:
        assert page.title[0].value == "Ledger"
        text = shown(page)

    activated = text.index(f"author activated change {told} in development")
    commented = text.index(f"author commented on change {told} in development")
    submitted = text.index(f"author submitted change {told} in development")
    assert activated < commented < submitted
    assert "“Because *people* asked.”" in text


def test_what_people_wrote_stays_text(world, told):
    with world.page("viewer", "ledger", change=str(told)) as page:
        text = shown(page)

    assert "Tell of &lt;b&gt;refunds&lt;/b&gt;" in text
    assert TITLE not in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"type": "commented"}, 1),
        ({"type": "commented", "who": "author", "env": "development"}, 1),
        ({"type": "went live or back"}, 1),
        ({"who": "author"}, 3),
    ],
)
def test_what_is_looked_for_stands_in_the_address(world, told, query, count):
    with world.page("viewer", "ledger", change=str(told), **query) as page:
        assert shown(page).count('<th scope="row">') == count


def test_days_are_those_of_the_person(world, told):
    query = {"change": str(told), "since": "2031-01-01"}
    with world.page("viewer", "ledger", **query) as page:
        assert "No event fits all these filters" in said(page)


def number_of(world, change: int) -> int:
    from registry.remote.ledger import Wanted

    wanted = Wanted(change=change, type="commented")
    return next(world["viewer"].ledger.acts(wanted)).event


def test_an_event_is_opened_with_everything_in_it(world, told):
    number = number_of(world, told)

    with world.page("viewer", "ledger", event=str(number)) as page:
        assert page.title[0].value == f"Event {number}"
        text = shown(page)

    assert "with their password" in text
    assert "role author" in text
    assert "<dt>revision</dt><dd>1</dd>" in text


def test_an_event_tells_how_it_hangs_together_with_the_others(world, told):
    number = number_of(world, told)
    events = world["viewer"].ledger.events(after=number - 2, limit=3)
    before, this, after = events

    with world.page("viewer", "ledger", event=str(number)) as page:
        text = shown(page)
        chain = text.partition("The chain")[2]

    assert this["number"] == before["number"] + 1
    assert chain.count(after["previous"][7:19]) == 2
    assert this["previous"][7:19] in chain


def test_a_text_that_an_event_brought_is_read(world, told):
    from registry.remote.ledger import Wanted

    wanted = Wanted(change=told, type="submitted")
    number = next(world["viewer"].ledger.acts(wanted)).event

    with world.page("viewer", "ledger", event=str(number)) as page:
        box = next(one for one in page.selectbox if one.label == "Text")
        box.select_index(0).run()
        assert "content: Answer politely." in shown(page)


@pytest.mark.parametrize("number", ["99999999", "0x1", "-1", "1" * 30])
def test_what_is_no_event_says_what_to_do(world, number):
    with world.page("viewer", "ledger", event=number) as page:
        assert len(page.error) == 1
        assert page.title[0].value.startswith("Event")


def verified(page):
    """The page once the registry has answered."""
    button(page, "Verify now").click().run()
    until = time.monotonic() + PATIENCE_S
    while not (page.success or page.error) and time.monotonic() < until:
        time.sleep(0.2)
        page.run()
    return page


def test_who_may_verify_is_told_what_was_found(world, told):
    with world.page("auditor", "ledger", view="Verify") as page:
        verified(page)

        assert "Everything is as the ledger says." in said(page)
        assert "Rows compared" in shown(page)


def test_a_verification_says_when_it_was_and_up_to_which_event(world, told):
    with world.page("auditor", "ledger", view="Verify") as page:
        verified(page)
        of = re.search(r"everything up to event ([\d,]+)\.", shown(page))

        assert re.search(r"Verified <time[^>]*>\w+ \d+ \w+ \d{4}, ", shown(page))

    last = next(iter(world["auditor"].ledger.events(limit=1, newest_first=True)))
    assert of is not None
    assert int(of[1].replace(",", "")) <= last["number"]


def test_who_may_not_verify_is_told_who_can(world):
    with world.page("viewer", "ledger", view="Verify") as page:
        told = "Whoever has the role admin or auditor or operator verifies"
        assert told in said(page)
        assert "auditor (auditor)" in said(page)
        assert "Verify now" not in [one.label for one in page.button]


def test_a_checkpoint_is_taken_along_with_how_to_verify_it(world, told):
    with world.page("viewer", "ledger", view="Verify") as page:
        text = shown(page)

    assert world["viewer"].ledger.checkpoint().decode().splitlines()[0] in text
    assert "placet verify --ledger placet.git" in text


def test_evidence_of_a_change_is_made(world, told):
    with world.page("viewer", "ledger", view="Evidence") as page:
        page.number_input[0].set_value(told)
        button(page, "Make it").click().run()
        (download,) = page.main.get("download_button")
        _, made = page.session_state["_pack_made"]

    assert "Download the evidence" in download.proto.label
    assert made.name == f"evidence-change-{told}"
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert any(name.endswith("verify.py") for name in archive.namelist())


def test_evidence_of_nothing_says_what_is_missing(world):
    with world.page("viewer", "ledger", view="Evidence") as page:
        button(page, "Make it").click().run()

        assert "No change is named. Write its number." in said(page)


@pytest.mark.parametrize("of", ["A moment", "A period"])
def test_evidence_of_what_was_before_there_was_anything_is_refused(world, told, of):
    with world.page("viewer", "ledger", view="Evidence", of=of) as page:
        button(page, "Make it").click().run()

        assert len(page.error) + len(page.main.get("download_button")) == 1


def test_every_type_of_event_has_words():
    assert sorted(words.TYPES.values()) == sorted(LEDGER_TYPES)


def act(what: str) -> Act:
    return Act(
        event=1,
        event_digest="sha256:0",
        type="voted",
        at=None,  # type: ignore[arg-type]
        by="risk",
        via="session",
        roles=(),
        seats=(),
        limits=(),
        password_reset_at=None,
        environment=None,
        change=None,
        seq=None,
        what=what,
        answers=None,
        reason="",
    )


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("Approve change 3 in staging for risk", "risk approved change 3 in"),
        ("Put the policy of change 1 in force", "risk put the policy of"),
        ("Do without hidden-text for change 4", "risk did without hidden-text"),
        ("Begin the registry", "risk began the registry"),
        ("Juggle change 3", "risk: Juggle change 3"),
    ],
)
def test_an_order_becomes_what_somebody_did(what, sentence):
    assert words.sentence(act(what)).startswith(sentence)


@pytest.mark.parametrize("payload", ["<script>x</script>", "a\u202eb"])
def test_what_an_event_says_is_shown_as_text(payload):
    told = fields.told({payload: [payload, {"in": payload}]})

    assert "<script" not in told
    assert "\u202e" not in told


@pytest.mark.parametrize(
    ("around", "tag"), [(lambda one: [one], "<ol>"), (lambda one: {"x": one}, "<dl>")]
)
def test_what_goes_too_deep_is_shown_as_it_stands(around, tag):
    deep: object = "<b>end</b>"
    for _ in range(40):
        deep = around(deep)

    told = fields.told(deep)

    assert told.count(tag) == fields.MAX_DEPTH
    assert "<b>" not in told


@pytest.mark.parametrize(
    ("note", "size"), [(b"origin\n227\nroot\n", 227), (b"", 0), (b"origin\nx\n", 0)]
)
def test_a_checkpoint_says_how_many_events_it_is_of(note, size):
    assert fields.signed_size(note) == size
