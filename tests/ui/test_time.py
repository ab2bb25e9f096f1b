"""Time: what was live at a moment, what differs between two, what became of a bot."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.marks import MarkKind
from registry.remote.timelines import Band, Mark, Timeline
from tests.ui.libraries import Library
from ui.parts.time import picture
from ui.parts.time.kinds import LOOKS, look

BEGAN = datetime(2026, 5, 3, 14, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def library(world):
    """Two versions in production."""
    return Library(world, "past").lives().says("production", "1.0.1", "Be curt.")


@pytest.fixture(scope="module")
def seqs(world, library):
    """The seq of each version of the tone, oldest first."""
    found = world["viewer"].environments.history("production", document=library.tone)
    return [one.seq for one in found][::-1]


@pytest.fixture(scope="module")
def stopped(world):
    library = Library(world, "halted").lives()
    world["risk"].environments.stop("production", library.bot, "It <i>sings</i>.")
    return library


def texts(page) -> str:
    bodies = [one.body for one in page.get("html")]
    said = (*page.info, *page.warning, *page.error, *page.caption)
    return _plain(" ".join([*bodies, *(one.value for one in said)]))


def _plain(text: str) -> str:
    return text.replace("\\", "")


def time_page(world, library, **asked):
    asked = {"environment": "production", "bot": library.bot, **asked}
    return world.page("viewer", "time", **asked)


def began(world, seq: int) -> datetime:
    return world["viewer"].timelines.moment("production", seq=seq).at


def test_a_moment_says_what_was_live_then_and_who_agreed(world, library, seqs):
    with time_page(world, library, seq=str(seqs[0])) as page:
        told = texts(page)

    assert f"production was at seq {seqs[0]}" in told
    assert "1.0.1" not in told
    assert f"Begin {library.name}" in told
    assert "product" in told
    assert "risk" in told


def test_without_a_moment_it_is_what_is_live(world, library):
    with time_page(world, library) as page:
        assert "This is what is live now" in texts(page)


def test_a_moment_that_did_not_touch_the_bot_says_so(world, library, seqs, stopped):
    moved = world["viewer"].environments.history(
        "production", document=f"bots/{stopped.bot}"
    )
    with time_page(world, library, seq=str(next(iter(moved)).seq)) as page:
        told = texts(page)

    assert f"{library.bot}</strong> was not touched by that" in told
    assert f"the same since seq {seqs[1]}" in told


def test_a_time_with_its_zone_falls_into_the_moment_that_lasted_then(
    world, library, seqs
):
    at = began(world, seqs[0]).isoformat()
    with time_page(world, library, at=at) as page:
        assert f"production was at seq {seqs[0]}" in texts(page)


def test_the_slider_moves_the_clock_and_the_clock_the_slider(world, library, seqs):
    first, second = seqs
    with time_page(world, library, seq=str(second)) as page:
        before = page.datetime_input[0].value
        page.slider[0].set_value(first).run()

        assert page.query_params["seq"] == str(first)
        assert page.datetime_input[0].value <= before

        later = began(world, second).replace(tzinfo=None) + timedelta(days=300)
        page.datetime_input[0].set_value(later).run()

        assert "seq" not in page.query_params
        assert "is not over yet" in texts(page)


def test_one_earlier_and_now_are_buttons(world, library, seqs):
    with time_page(world, library, seq=str(seqs[1])) as page:
        (earlier,) = [one for one in page.button if one.label == "One earlier"]
        earlier.click().run()
        assert page.query_params["seq"] == str(seqs[1] - 1)

        (now,) = [one for one in page.button if one.label == "Now"]
        now.click().run()
        assert "seq" not in page.query_params


def test_the_future_is_refused_with_words(world, library):
    with time_page(world, library, at="2999-01-01T00:00:00Z") as page:
        (said,) = page.warning

        assert "is not over yet" in said.value
        assert not page.exception


def test_before_the_beginning_it_says_when_that_was(world, library):
    with time_page(world, library, at="1999-01-01T00:00:00Z") as page:
        (said,) = page.info

    assert "so no bot could say anything" in said.value
    assert "seq 1" in said.value


@pytest.mark.parametrize("wrong", [{"at": "yesterday"}, {"at": "2026-05-03T14:07"}])
def test_a_time_that_cannot_be_read_says_how_to_write_it(world, library, wrong):
    with time_page(world, library, **wrong) as page:
        (said,) = page.error

    assert "2026-05-03T14:07:00Z" in _plain(said.value)


def test_a_seq_that_never_was_says_which_there_are(world, library):
    with time_page(world, library, seq="99999") as page:
        assert "It has been at 1 to" in texts(page)


def test_where_nothing_has_gone_live_there_is_no_past(world):
    with world.page("viewer", "time", environment="development") as page:
        (said,) = page.info

    assert "Nothing has gone live in development yet" in said.value


def test_another_environment_is_looked_at_at_the_same_time(world, library, seqs):
    with time_page(world, library, seq=str(seqs[0])) as page:
        page.button_group[0].set_value("development").run()

        assert "seq" not in page.query_params
        assert datetime.fromisoformat(page.query_params["at"]) >= began(world, seqs[0])


def test_a_bot_that_was_stopped_then_says_by_whom_and_why(world, stopped):
    with time_page(world, stopped, words="true") as page:
        (said,) = page.error
        told = texts(page)

    assert "was stopped then" in said.value
    assert "risk had stopped it" in said.value
    assert "<i>" not in said.value.replace("\\<", "")
    assert "Please call us." in told
    assert "&lt;i&gt;sings" in told


def test_a_bot_that_was_not_live_yet_could_say_nothing(world, library, stopped, seqs):
    with time_page(world, stopped, seq=str(seqs[0])) as page:
        assert "so it could say nothing" in texts(page)


def test_the_words_are_opened_on_demand_as_they_were_composed(world, library, seqs):
    with time_page(world, library, seq=str(seqs[0])) as page:
        assert "Be kind." not in texts(page)
        page.toggle[0].set_value(True).run()
        told = texts(page)

    assert "Be kind." in told
    assert "You are talking to a machine." in told


def test_everything_is_every_document_of_the_environment(world, library, stopped):
    with world.page("viewer", "time", environment="production", bot="*") as page:
        told = texts(page)

    assert library.tone in told
    assert stopped.tone in told


def test_two_moments_say_what_differs_with_the_texts(world, library, seqs):
    asked = {"view": "two", "seq": str(seqs[0]), "to_seq": str(seqs[1])}
    with time_page(world, library, **asked) as page:
        told = texts(page)

    assert "another text" in told
    assert "reads differently" in told
    assert "Be curt. (past)" in told
    assert "<del>" in told
    assert "<ins>" in told


def test_whichever_moment_is_earlier_is_before(world, library, seqs):
    asked = {"view": "two", "seq": str(seqs[1]), "to_seq": str(seqs[0])}
    with time_page(world, library, **asked) as page:
        assert f"From seq {seqs[0]}" in texts(page)


def test_one_moment_twice_differs_in_nothing(world, library, seqs):
    asked = {"view": "two", "seq": str(seqs[0]), "to_seq": str(seqs[0])}
    with time_page(world, library, **asked) as page:
        assert "nothing differs" in texts(page)


def test_two_moments_say_in_which_of_them_the_bot_was_stopped(world, stopped):
    now = world["viewer"].timelines.moment("production", bot=stopped.bot)
    seq = now.bot.stopped.seq
    asked = {"view": "two", "seq": str(seq - 1), "to_seq": str(seq)}
    with time_page(world, stopped, **asked) as page:
        (said,) = page.warning

    assert f"At seq {seq}" in said.value
    assert "none of this" in said.value


def test_a_timeline_is_told_in_tables_as_well(world, library):
    with time_page(world, library, view="became") as page:
        told = texts(page)

    assert told.count("went live") >= 2
    assert "approved" in told
    assert "Be curt. (past)" in told
    assert "1.0.1" in told


def test_a_timeline_is_of_one_bot(world, library):
    with time_page(world, library, view="became", bot="*") as page:
        assert "A timeline is of one bot" in texts(page)


def test_every_kind_of_mark_has_words_and_a_look_of_its_own():
    assert set(LOOKS) == {kind.value for kind in MarkKind}
    looks = [(one.happened, one.shape, one.colour) for one in LOOKS.values()]
    assert len(set(looks)) == len(looks)
    assert len({one.word for one in LOOKS.values()}) == len(LOOKS)


def test_a_kind_that_is_new_is_told_by_its_own_word():
    assert look("moved-house").word == "moved house"


def a_timeline(bands=(), marks=()) -> Timeline:
    return Timeline(
        environment="production", bot="a/b", seq=9, bands=tuple(bands), marks=marks
    )


def band(document: str, begins: datetime, ends: datetime | None, version="1.0.0"):
    return Band(
        document=document,
        version=version,
        digest="sha256:" + "0" * 64,
        since=1,
        until=None if ends is None else 2,
        begins=begins,
        ends=ends,
        change=None,
    )


moments = st.datetimes(
    min_value=BEGAN.replace(tzinfo=None) - timedelta(days=90),
    max_value=BEGAN.replace(tzinfo=None) + timedelta(days=90),
).map(lambda at: at.replace(tzinfo=UTC))


@given(st.lists(st.tuples(moments, moments, st.booleans()), max_size=8), st.booleans())
def test_a_picture_draws_whatever_the_period_and_nothing_outside_of_it(spans, dark):
    bands = [
        band(f"prompts/a/{n % 3}", min(one, two), None if still else max(one, two))
        for n, (one, two, still) in enumerate(spans)
    ]
    end = BEGAN + timedelta(days=30)

    drawn = picture.chart(
        a_timeline(bands), begin=BEGAN, end=end, at=BEGAN, dark=dark
    ).to_dict()

    for value in (one for data in drawn["datasets"].values() for one in data):
        if "from" in value:
            assert datetime.fromisoformat(value["from"]) >= BEGAN
            assert datetime.fromisoformat(value["to"]) <= end


def test_a_picture_leaves_out_what_did_not_change_and_says_so():
    end = BEGAN + timedelta(days=30)
    moved = BEGAN + timedelta(days=3)
    told = a_timeline(
        [
            band("bots/a/b", BEGAN, None),
            band("prompts/a/same", BEGAN, None),
            band("prompts/a/other", BEGAN, moved),
            band("prompts/a/other", moved, None, "1.0.1"),
        ]
    )

    drawn = str(
        picture.chart(told, begin=BEGAN, end=end, at=None, dark=False).to_dict()
    )

    assert "prompts/a/other" in drawn
    assert "prompts/a/same" not in drawn
    assert "1 document that did not change" in picture.left_out(told, BEGAN, end)


def test_a_picture_has_a_sentence_for_who_does_not_see_it():
    mark = Mark(
        kind="stopped", at=BEGAN, seq=2, by="risk", change=None, sentence="It sings."
    )
    told = a_timeline([band("bots/a/b", BEGAN, None)], (mark,))

    said = picture.sentence(told, BEGAN, BEGAN + timedelta(days=1))

    assert "a/b in production" in said
    assert "1 times stopped" in said
