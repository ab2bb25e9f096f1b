"""What is live: how it stands, what an act would do, and who may do it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from registry.remote.fetches import Client
from registry.remote.rollbacks import Rollback
from tests.ui.libraries import Library
from ui.parts.live import fetched


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
    library = Library(world, "paused").lives()
    world["risk"].environments.stop("production", library.bot, "It yawns.")
    library.says("production", "1.0.1", "Be awake.")
    asked = {"env": "production", "do": "back", "scope": "all"}
    with world.page("operator", "live", **asked) as page:
        offered = " ".join(page.selectbox[0].options)

    assert "Begin paused" in offered
    assert "It yawns" not in offered


def in_address(page, name: str) -> str | None:
    found = page.query_params.get(name)
    return found[0] if isinstance(found, list) else found


def acts(page) -> list[str]:
    return [one for one in words(page) if one.startswith(("Roll", "Propose", "Stop"))]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"env": "stagging", "do": "back"}, "no such environment: stagging"),
        ({"env": "stagging"}, "no such environment: stagging"),
        ({"do": "back", "to": "soon"}, "no such moment: soon"),
        ({"do": "back", "undo": "soon"}, "no such moment: soon"),
        ({"do": "back", "undo": "9" * 5000}, "no such moment: 999"),
        ({"do": "back", "scope": "evrything"}, "no such choice: evrything"),
        ({"do": "promote", "to": "stagging"}, "no such environment: stagging"),
    ],
)
def test_a_link_to_what_is_not_there_is_not_taken_for_another(
    world, library, asked, said
):
    asked = {"env": "production", "bot": library.bot, **asked}
    with world.page("operator", "live", **asked) as page:
        assert f"There is {said}" in _plain(page.warning[0].value)
        assert not acts(page)
        assert all(in_address(page, key) == asked[key] for key in asked)


def test_a_bot_that_is_not_there_is_said_and_nothing_is_offered(world, library):
    asked = {"env": "production", "bot": "nobody/here", "do": "back"}
    with world.page("operator", "live", **asked) as page:
        assert "nobody/here" in _plain(page.error[0].value)
        assert not acts(page)


def test_a_link_to_a_moment_out_of_the_list_goes_back_to_that_moment(world):
    library = Library(world, "older").lives()
    seq = world["viewer"].live_bots.get("production", library.bot).since.seq
    other = Library(world, "between").lives()
    later = world["viewer"].live_bots.get("production", other.bot).since.seq
    library.says("production", "1.0.1", "Be late.")
    asked = {"env": "production", "bot": library.bot, "do": "back", "to": str(later)}
    with world.page("operator", "live", **asked) as page:
        (button,) = acts(page)

        assert page.selectbox[0].value == str(later) != str(seq)
        assert _plain(button).endswith(f"to seq {later}")


def test_what_meant_something_in_one_environment_is_not_asked_of_another(
    world, library
):
    asked = {"env": "production", "view": "between", "against": "staging"}
    with world.page("viewer", "live", **asked) as page:
        page.segmented_control(key="_choice_env").set_value("staging").run()

        assert not [one for one in page.warning if "no such" in one.value]
        assert in_address(page, "env") == "staging"
        assert in_address(page, "against") is None


def test_what_was_read_of_a_promotion_is_what_is_proposed(world):
    library = Library(world, "brought").lives("staging")
    asked = {"env": "staging", "do": "promote", "to": "production"}
    asked |= {"documents": f"bots/{library.bot}"}
    with world.page("author", "live", **asked) as page:
        library.says("staging", "1.0.1", "Be loud.")
        (button,) = [one for one in page.button if one.label.startswith("Propose")]
        button.click().run()

        assert "has changed since you opened it" in page.warning[0].value
        assert not acts(page)
    preview = world["author"].comparisons.preview
    told = preview("staging", "production", (f"bots/{library.bot}",), "Bring it")
    assert told.proposed_by == ()


def test_what_was_read_of_a_resumption_is_what_is_proposed(world):
    library = Library(world, "resting").lives()
    world["risk"].environments.stop("production", library.bot, "It snores.")
    asked = {"env": "production", "bot": library.bot, "do": "resume"}
    with world.page("author", "live", **asked) as page:
        library.says("production", "1.0.1", "Be awake.")
        (button,) = [one for one in page.button if one.label.startswith("Propose")]
        button.click().run()

        assert "has changed since you opened it" in page.warning[0].value
    assert not world["viewer"].live_bots.get("production", library.bot).resumed_by


def test_a_stop_is_of_what_was_read_that_customers_will_read(world):
    library = Library(world, "telling").lives()
    asked = {"env": "production", "bot": library.bot, "do": "stop"}
    with world.page("risk", "live", **asked) as page:
        library.falls_back("production", "1.1.0", "Write to us.")
        page.text_input(key="reason").set_value("It tells tales.")
        (button,) = [one for one in page.button if one.label.startswith("Stop ")]
        button.click().run()

        assert "has changed since you opened it" in page.warning[0].value
        assert "Write to us." in texts(page)
    assert world["viewer"].live_bots.get("production", library.bot).stopped is None


def test_a_preview_shows_a_text_as_it_is_and_as_it_would_be(world, library):
    asked = {"env": "production", "bot": library.bot, "do": "back"}
    with world.page("viewer", "live", **asked) as page:
        assert "curt" not in texts(page).replace("Be curt. (live)", "")
        (box,) = [o for o in page.selectbox if o.label.startswith("Read a text")]
        box.set_value(library.tone).run()
        (told,) = [o.body for o in page.get("html") if "now and afterwards" in o.body]

    assert "curt" in told
    assert "kind" in told


NOTHING = Rollback(
    document=None, all=False, to_seq=None, to_moment=None, to_version=None, reason=""
)
NOW = datetime.now(UTC)
BEHIND = Client(
    document="bots/a/b",
    handle="author",
    via="token:1",
    seq=1,
    first_seen=NOW,
    last_seen=NOW,
    purpose="desk",
    ends=NOW,
    live_seq=2,
    behind_since=NOW,
)


def test_a_list_that_is_cut_says_at_least_and_never_the_last():
    cut, whole = [BEHIND] * 51, [BEHIND] * 50

    assert "at least 50 behind" in fetched.behind(cut)
    assert "One of them is" in fetched.behind(cut)
    assert "The last to ask is" in fetched.behind(whole)
    assert "That is" in fetched.behind([BEHIND])
    assert ">50 behind" in fetched.behind(whole)
    current = replace(BEHIND, behind_since=None)
    assert ">2 behind" in fetched.behind([BEHIND] * 2 + [current] * 49)


def test_a_resumption_says_what_is_told_otherwise_than_before_the_stop(world):
    library = Library(world, "asleep").lives().says("production", "1.0.1", "Be slow.")
    world["risk"].environments.stop("production", library.bot, "It sleeps.")
    asked = {"env": "production", "bot": library.bot, "do": "resume"}
    with world.page("author", "live", **asked) as page:
        alike = texts(page)
    library.says("production", "1.0.2", "Be quick.")
    with world.page("author", "live", **asked) as page:
        (moved,) = [o.body for o in page.get("html") if "Told otherwise" in o.body]

    assert "exactly as it was when it was stopped" in alike
    assert library.tone in moved
    assert "1.0.1" in moved
    assert "1.0.2" in moved
    assert "Be quick. (asleep)" in moved


def test_what_was_put_back_since_the_stop_is_not_told_otherwise(world):
    library = Library(world, "dozing").lives().says("production", "1.0.1", "Be cold.")
    world["risk"].environments.stop("production", library.bot, "It dozes.")
    library.says("production", "1.0.2", "Be warm.")
    back = replace(NOTHING, document=library.tone, to_version="1.0.1", reason="No.")
    world["operator"].environments.roll_back("production", back)
    asked = {"env": "production", "bot": library.bot, "do": "resume"}
    with world.page("author", "live", **asked) as page:
        assert "exactly as it was when it was stopped" in texts(page)


def test_going_back_beneath_a_stopped_bot_says_that_it_stays_stopped(world):
    library = Library(world, "under").lives().says("production", "1.0.1", "Be flat.")
    world["risk"].environments.stop("production", library.bot, "It hums.")
    asked = {"env": "production", "bot": library.bot, "do": "back"}
    with world.page("operator", "live", **asked) as page:
        told = texts(page)

    assert "stays stopped, and customers go on reading its fallback" in told


def test_each_move_leads_to_its_event_and_to_its_change(world, library):
    (newest,) = world["viewer"].environments.history("production", limit=1)
    with world.page("viewer", "live", env="production", view="moves") as page:
        told = texts(page)

    assert f"/ledger?event={newest.number}" in told
    assert any(
        f"/change?id={one.change}" in told
        for one in world["viewer"].environments.history("production", limit=20)
        if one.change is not None
    )


@pytest.mark.slow
def test_a_bot_that_another_model_answers_for_says_so_and_leads_there(demo):
    (raised, *_) = demo["viewer"].alerts.list(environment="production", resolved=False)
    with demo.page("viewer", "live", env="production") as page:
        (row,) = [o.body for o in page.get("html") if raised.got in o.body]
    with demo.page("viewer", "live", env="production", bot=raised.bot) as page:
        one = texts(page)

    assert raised.bot in row
    for told in (row, one):
        assert f"/?alert={raised.id}" in told
        assert raised.expected in told


@pytest.mark.slow
def test_going_back_says_that_it_undoes_an_emergency_that_is_not_decided_yet(demo):
    found = next(
        one
        for one in demo["viewer"].ratifications.list()
        if one.incident and one.environment == "production" and not one.closed_at
    )
    asked = {"env": "production", "do": "back", "undo": str(found.seq)}
    with demo.page("operator", "live", **asked) as page:
        told = texts(page)

    assert "undoes an emergency" in told
    assert found.incident in told
    assert f"/change?ratification={found.id}" in told


@pytest.mark.slow
def test_of_an_emergency_it_is_said_that_nobody_had_agreed(demo):
    found = next(
        one
        for one in demo["viewer"].ratifications.list()
        if one.incident is not None and one.environment == "production"
    )
    asked = {"environment": "production", "seq": str(found.seq), "bot": "*"}
    with demo.page("viewer", "time", **asked) as page:
        assert "nobody beforehand: it was an emergency" in texts(page)
