"""The inbox: what waits for whom, and what is done right there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from registry.remote.conditions import Condition
from registry.remote.people import Limit, Person
from tests.ui.libraries import Library
from ui.parts.times import day


@pytest.fixture(scope="module")
def library(world):
    """Live in staging; its bot is to be reviewed within the month."""
    soon = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    return Library(world, "inbox", review_by=soon).lives("staging")


@pytest.fixture(scope="module")
def proposed(world, library):
    """A change in staging that waits for votes."""
    return library.proposes("staging", "1.1.0", "Be <b>bold</b>.")


def texts(page) -> str:
    bodies = [one.body for one in page.get("html")]
    return " ".join([*bodies, *(one.value for one in page.caption)])


def test_what_waits_for_somebody_stands_there_with_why_and_until_when(world, proposed):
    with world.page("product") as page:
        told = texts(page)

    assert "Be &lt;b&gt;bold&lt;/b&gt;." in told
    assert f"change {proposed.id} in staging" in told
    assert "Needs 1 more" in told
    assert ", due <time" in told


def test_what_waits_for_others_says_for_whom(world, proposed):
    with world.page("viewer", view="others") as page:
        told = texts(page)

    assert "Be &lt;b&gt;bold&lt;/b&gt;." in told
    assert f"/change?id={proposed.id}" in told
    assert "product" in told


@pytest.mark.parametrize("who", ["viewer", "auditor"])
def test_who_is_asked_for_nothing_is_told_where_to_look(world, library, who):
    with world.page(who) as page:
        told = texts(page)

    assert (
        f"As a{'n' if who == 'auditor' else ''} {who} you are asked for nothing" in told
    )
    assert [one.value for one in page.info] == ["Nothing waits for you."]


def test_a_review_is_certified_right_there_with_its_text_before_one(world, library):
    document = f"bots/{library.bot}"
    with world.page("product", review=f"staging/{document}") as page:
        assert "You are talking to a machine." in texts(page)
        page.text_area(key="reason").set_value("Read against the tariff.")
        until = page.date_input(key="until").value
        button_of(page, "Certify").click().run()

        said = page.success[0].value.replace("\\", "")
        assert f"is certified until {day(until)}" in said
    (review,) = world["viewer"].reviews.list("staging", document=document)
    assert (review.status, review.certified.by) == ("certified", "product")


def test_whoever_finds_it_wrong_is_led_to_a_proposal_or_to_its_owner(world, library):
    document = f"staging/prompts/{library.name}/fares"
    with world.page("author", review=document, say="wrong") as page:
        written = " ".join(one.value for one in page.markdown)
        assert "Propose what it should say instead" in written
        assert not [one for one in page.button if one.label.startswith("Certify")]
    with world.page("legal", review=document, say="wrong") as page:
        written = " ".join(one.value for one in page.markdown)

    assert "Tell product, who owns it" in written


def button_of(page, word):
    (found,) = [one for one in page.button if one.label.startswith(word)]
    return found


def test_who_does_not_answer_for_a_document_reads_it_and_who_does(world, library):
    with world.page("legal", review=f"staging/prompts/{library.name}/fares") as page:
        told = texts(page)
        words = [one.label for one in page.button]

    assert "product, author can certify it" in told.replace("risk, ", "")
    assert not [one for one in words if one.startswith("Certify")]


def test_a_second_administrator_confirms_what_another_one_asked_for(world):
    wanted = Person(handle="clerk", roles=("viewer",), seats=("clerk",), active=True)
    world["admin"].people.set(wanted)
    with world.page("admin2", person="clerk") as page:
        assert "viewer, clerk (seat)" in texts(page)
        button_of(page, "Confirm").click().run()

        assert page.success[0].value.startswith("Confirmed")
    people = {one.handle: one for one in world["viewer"].people.list()}
    assert people["clerk"].seats == ("clerk",)


@pytest.mark.parametrize("who", ["admin", "viewer"])
def test_who_cannot_confirm_is_not_offered_it_and_told_who_can(world, who):
    wanted = Person(handle="other", roles=("viewer",), seats=("clerk",), active=True)
    world["admin"].people.set(wanted)
    with world.page(who, person="other") as page:
        told = texts(page)
        words = [one.label for one in page.button]

    assert "Who can confirm it: admin2" in told.replace("\\", "")
    assert not [one for one in words if one.startswith("Confirm")]
    assert ("Take it back" in words) == (who == "admin")


def test_a_condition_is_met_by_whoever_answers_for_it(world, library):
    change = library.proposes("staging", "1.2.0", "Be short.")
    world["product"].changes.vote(
        change.id,
        review_digest=change.review_digest,
        verdict="approve",
        seat="product",
        reason="If the case is added.",
        condition=Condition(
            text="Add the case of lost luggage.",
            owner="author",
            due=datetime.now(UTC) + timedelta(days=3),
        ),
    )
    with world.page("author", condition=f"{change.id}/product") as page:
        assert "Add the case of lost luggage." in texts(page)
        page.text_area(key=f"note-{change.id}-product").set_value(
            "It is in version 1.2.0."
        )
        button_of(page, "Say that the condition").click().run()

        assert "is met" in page.success[0].value
    (condition,) = world["viewer"].changes.get(change.id).conditions
    assert condition.met.note == "It is in version 1.2.0."


def test_a_refusal_is_shown_and_what_was_written_stays(world, library):
    with world.page("product", review=f"staging/prompts/{library.name}/fares") as page:
        button_of(page, "Certify").click().run()

        assert len(page.error) == 1
        assert button_of(page, "Certify")


def test_numbers_above_count_what_waits_for_oneself_and_for_others(world, proposed):
    with world.page("viewer") as page:
        (counts,) = [o.body for o in page.get("html") if 'class="counts"' in o.body]

    waiting = len(list(world["viewer"].reviews.waiting(limit=51)))
    assert "<b>0</b> waiting for you" in counts
    assert f"<b>{waiting}</b> waiting for others" in counts
    stalled = len(list(world["viewer"].reviews.waiting(stalled=True, limit=51)))
    assert f"<b>{stalled}</b> stalled" in counts


def test_a_second_administrator_reads_to_what_somebody_is_limited_today(world):
    here = (Limit(held="clerk", environments=("staging",), names=()),)
    wanted = Person(handle="near", roles=("viewer",), seats=(), active=True)
    world["admin"].people.set(replace(wanted, seats=("clerk",), limits=here))
    world["admin2"].people.confirm("near", asked_for(world, "near"))
    world["admin"].people.set(replace(wanted, seats=("clerk",)))
    with world.page("admin2", person="near") as page:
        (told,) = [o.body for o in page.get("html") if "Limited to" in o.body]

    now, then = told.partition("Limited to")[2].split("<td")[1:3]
    assert "clerk: staging" in now
    assert "no limit: everywhere" in then


def asked_for(world, handle) -> int:
    people = {one.handle: one for one in world["viewer"].people.list()}
    return people[handle].asked_for.number


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1"])
def test_an_address_with_no_number_names_no_condition(world, number):
    with world.page("author", condition=f"{number}/product") as page:
        assert page.warning[0].value == "This address names no condition."


def waiting_rows() -> None:
    """Two of every kind of thing that waits, which differ in one part each."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from registry.remote.reviews import Waiting
    from ui.parts.inbox import rows

    one = Waiting(
        kind="vote",
        environment="production",
        subject="Another fare",
        tier="high",
        since=datetime.now(UTC),
        due=None,
        is_late=False,
        change=1,
        ratification=None,
        document=None,
        voter=None,
        person=None,
        alert=None,
        bot=None,
        why="It waits.",
        asked=(),
        is_stalled=False,
    )
    of_change = ("vote", "appointment", "revision", "check", "activation", "schedule")
    for kind in of_change:
        for number in (1, 2):
            rows.show(replace(one, kind=kind, change=number))
    for kind in ("veto", "condition"):
        for voter in ("legal", "risk"):
            rows.show(replace(one, kind=kind, voter=voter))
    for number in (1, 2):
        rows.show(replace(one, kind="ratification", ratification=number))
        alert = replace(one, kind="alert", change=None, alert=number)
        rows.show(replace(alert, bot="acme/support"))
        review = replace(one, kind="review", change=None)
        rows.show(replace(review, document=f"prompts/acme/{number}"))
        rows.show(replace(review, document="prompts/acme/0", environment=f"e{number}"))
        asked = replace(one, kind="confirmation", environment=None, change=None)
        rows.show(replace(asked, person=f"person-{number}"))


def test_the_inbox_shows_several_of_every_kind_that_lead_to_the_same_page():
    test = AppTest.from_function(waiting_rows).run()

    assert not test.exception
    assert len(test.button) == 26


def test_two_changes_that_are_stalled_in_one_environment_both_wait(world, library):
    seats = world["admin"].people.list()
    held = {one.handle: one for one in seats}["product"]
    for number in (3, 4):
        library.proposes("staging", f"1.{number}.0", f"Wait {number} minutes.")
    world["admin"].people.set(replace(held, seats=()))
    try:
        with world.page("admin") as page:
            assert not page.exception
            found = [one for one in page.button if one.label == "See who is missing"]
    finally:
        world["admin"].people.set(replace(held, seats=held.seats))
        world["admin2"].people.confirm("product", asked_for(world, "product"))

    assert len(found) >= 2
