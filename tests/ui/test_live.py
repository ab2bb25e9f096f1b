"""What is live: how it stands, what an act would do, and who may do it."""

import pytest

from tests.ui.libraries import Library


@pytest.fixture(scope="module")
def library(world):
    """Two versions in production."""
    return Library(world, "live").lives().says("production", "1.0.1", "Be curt.")


@pytest.fixture(scope="module")
def stopped(world):
    library = Library(world, "stopped").lives()
    world["risk"].environments.stop("production", library.bot, "It <i>sings</i>.")
    return library


def texts(page) -> str:
    bodies = [one.body for one in page.get("html")]
    return " ".join([*bodies, *(one.value for one in page.caption)])


def words(page) -> list[str]:
    return [one.label for one in page.button]


def test_a_bot_says_since_when_it_is_as_it_is_and_who_agreed(world, library):
    with world.page("viewer", "live", env="production", bot=library.bot) as page:
        told = texts(page)

    for seat in ("product", "risk"):
        assert seat in told
    assert "Be curt. (live)" in told
    assert "1.0.1" in told


def test_a_stopped_bot_is_told_loudly_with_who_stopped_it_and_why(world, stopped):
    with world.page("viewer", "live", env="production") as page:
        (said,) = [one.value for one in page.error if stopped.bot in _plain(one.value)]

    assert "risk stopped it" in said
    assert "<i>" not in said.replace("\\<", "")


def _plain(text: str) -> str:
    return text.replace("\\", "")


def test_only_who_may_stop_a_bot_is_offered_that(world, library):
    offered = {}
    for who in ("viewer", "risk"):
        with world.page(who, "live", env="production", bot=library.bot) as page:
            offered[who] = "Stop…" in words(page)
            if who == "viewer":
                assert "It takes the role operator or a seat" in _plain(texts(page))

    assert offered == {"viewer": False, "risk": True}


def test_before_it_is_stopped_one_reads_what_customers_will_read(world, library):
    asked = {"env": "production", "bot": library.bot, "do": "stop"}
    with world.page("risk", "live", **asked) as page:
        told = texts(page)

    assert "Please call us." in told
    assert "You are talking to a machine." in told
    assert f"Stop {library.bot} in production" in [_plain(one) for one in words(page)]


def test_a_stop_without_a_reason_is_refused_and_nothing_is_stopped(world, library):
    asked = {"env": "production", "bot": library.bot, "do": "stop"}
    with world.page("risk", "live", **asked) as page:
        (button,) = [one for one in page.button if one.label.startswith("Stop ")]
        button.click().run()

        assert len(page.error) == 1
    assert world["viewer"].live_bots.get("production", library.bot).stopped is None


def test_who_may_not_propose_that_it_answers_again_reads_who_may(world, stopped):
    asked = {"env": "production", "bot": stopped.bot, "do": "resume"}
    with world.page("risk", "live", **asked) as page:
        assert "the role author" in page.warning[0].value
        assert not [one for one in words(page) if one.startswith("Propose")]


def test_going_back_says_what_it_replaces_and_whose_work_it_undoes(world, library):
    asked = {"env": "production", "bot": library.bot, "do": "back"}
    with world.page("operator", "live", **asked) as page:
        told = texts(page)

    assert library.tone in told
    assert "Be curt. (live)" in told
    assert any(one.startswith("Roll back") for one in words(page))


def test_a_link_to_a_moment_shows_what_going_back_to_it_would_do(world, library):
    seq = world["viewer"].live_bots.get("production", library.bot).since.seq
    asked = {"env": "production", "do": "back", "undo": str(seq)}
    with world.page("author", "live", **asked) as page:
        told = _plain(texts(page))

        assert f"Exactly what seq {seq} replaced" in told
        assert "It takes the role operator" in told
        (button,) = [one for one in words(page) if one.startswith("Propose")]
    assert f"what seq {seq} replaced" in _plain(button)


def test_what_differs_between_environments_says_which_way(world, library):
    asked = {"env": "production", "view": "between", "against": "development"}
    with world.page("viewer", "live", **asked) as page:
        told = texts(page)

    assert library.tone in told
    assert "only in production" in told


def test_an_environment_in_which_nothing_is_live_says_what_to_do(world):
    with world.page("viewer", "live", env="development") as page:
        (said,) = [one.value for one in page.info]

    assert "No bot is live in development yet" in said


def test_what_was_read_before_something_else_went_live_is_not_done(world):
    library = Library(world, "moved").lives().says("production", "1.0.1", "Be calm.")
    asked = {"env": "production", "bot": library.bot, "do": "back"}
    with world.page("operator", "live", **asked) as page:
        library.says("production", "1.0.2", "Be clear.")
        page.text_input(key="reason").set_value("It was too calm.")
        (button,) = [one for one in page.button if one.label.startswith("Roll back")]
        button.click().run()

        assert "has changed since you opened it" in page.warning[0].value
        assert not [one for one in words(page) if one.startswith("Roll back")]
    assert world["viewer"].live_bots.get("production", library.bot).since.title == (
        "Be clear. (moved)"
    )


def test_a_stop_is_no_moment_to_go_back_to(world):
    library = Library(world, "halted").lives()
    world["risk"].environments.stop("production", library.bot, "It yawns.")
    library.says("production", "1.0.1", "Be awake.")
    asked = {"env": "production", "do": "back", "scope": "all"}
    with world.page("operator", "live", **asked) as page:
        offered = " ".join(page.selectbox[0].options)

    assert "Begin halted" in offered
    assert "It yawns" not in offered
