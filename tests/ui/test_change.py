"""The page of changes: the list, one to decide on, and a ratification to judge."""

import pytest

from registry.remote import Remote
from registry.remote.differences import Difference, EffectDifference
from registry.remote.rollbacks import Rollback
from tests.ui.libraries import Library
from tests.ui.proposing import PRODUCTION, goes_live, proposes, revises, votes
from tests.ui.world import World
from ui.parts.proposals.wording import wordings
from ui.parts.session import REMOTE


def text(page) -> str:
    """Everything that stands on the page as HTML, and in its notes."""
    notes = (*page.info, *page.warning, *page.error, *page.success)
    html = (one.body for one in page.main.get("html"))
    return "\n".join([*html, *(one.value for one in notes)])


def opens(world: World, handle: str, change):
    return world.page(handle, "change", id=str(change.id))


def button(page, label: str):
    return next(one for one in page.button if label in one.label)


def effect(document: str, before: str | None, after: str | None):
    return EffectDifference(
        document=document, tier="low", owners=(), before=before, after=after
    )


def test_the_same_words_in_several_prompts_are_shown_once_and_prompts_first():
    found = Difference(
        documents=(),
        effect=(
            effect("fragments/a", "Be kind.\nEnd", "Be calm.\nEnd"),
            effect("prompts/b", "One\nBe kind.\nEnd\nTwo", "One\nBe calm.\nEnd\nTwo"),
            effect("prompts/c", "Be kind.", "Be calm."),
            effect("prompts/d", "Be kind.", "Be quick."),
            effect("prompts/g", "One\nTwo", "One\nNew\nTwo"),
            effect("prompts/h", "Three\nFour", "Three\nNew\nFour"),
            effect("bots/e", "same", "same"),
            effect("prompts/f", None, "New"),
        ),
        warnings=(),
    )

    documents = [one.documents for one in wordings(found)]

    assert documents == [
        ("prompts/b", "prompts/c", "fragments/a"),
        ("prompts/d",),
        ("prompts/f",),
        ("prompts/g", "prompts/h"),
    ]


def test_the_list_tells_state_tier_age_and_who_it_waits_for(world):
    change = proposes(world, "listed/one", title="Listed once")

    with world.page("risk", "change", text="Listed once") as page:
        html = text(page)

    assert f"{change.id} · Listed once" in html
    assert "medium tier" in html
    assert "product, risk" in html


def test_a_list_that_nothing_fits_says_what_to_do(world):
    with world.page("risk", "change", text="nothing is called so") as page:
        assert "No change fits" in text(page)


def test_every_state_is_a_filter_and_the_open_ones_stand_first(world):
    proposes(world, "listed/two", title="Listed twice")

    with world.page("risk", "change", text="Listed twice", status="activated") as page:
        assert "No change fits" in text(page)
        page.selectbox(key="_choice_status").select("waiting").run()
        assert "Listed twice" in text(page)


def test_a_filter_that_names_nobody_is_said_and_shows_nobody_elses_changes(world):
    change = proposes(world, "listed/three", title="Listed for its author")

    with world.page("risk", "change", author="gone") as page:
        assert "There is no such person" in page.warning[0].value
        assert "Listed for its author" not in text(page)
    with world.page("risk", "change", author=change.author) as page:
        assert "Listed for its author" in text(page)


def test_who_contributed_is_told_why_they_cannot_vote(world):
    change = proposes(world, "decided/author")

    with opens(world, "author", change) as page:
        assert "You have contributed to it." in text(page)
        assert not any("Approve" in one.label for one in page.button)
        assert any("Withdraw change" in one.label for one in page.button)


def test_a_no_needs_a_reason_and_nothing_is_sent_without(world):
    change = proposes(world, "decided/reason")

    with opens(world, "risk", change) as page:
        page.segmented_control(key=f"verdict-{change.id}").set_value("veto").run()
        button(page, "Veto as risk").click().run()

        assert "Write a reason" in text(page)
    assert world["viewer"].changes.get(change.id).votes == ()


def test_what_goes_live_beneath_a_stopped_bot_says_that_it_stays_stopped(world):
    library = Library(world, "decided-stopped").lives()
    world["risk"].environments.stop("production", library.bot, "It sings.")
    change = library.agree(library.proposes("production", "1.0.1", "Be mute."))

    with opens(world, "operator", change) as page:
        told = text(page)

    assert "stays stopped, and customers go on reading its fallback" in told


def test_an_approval_of_tier_high_needs_a_reason(world):
    change = proposes(world, "decided/high", tier="high")

    with opens(world, "risk", change) as page:
        button(page, "Approve as risk").click().run()

        assert "Write a reason" in text(page)


def test_an_approval_of_tier_high_asks_for_a_new_sign_in_and_a_no_does_not(world):
    change = proposes(world, "decided/again", tier="high")

    with world.long_signed_in("risk"), opens(world, "risk", change) as page:
        asked = text(page).replace("\\", "")
        (link,) = page.main.get("link_button")
        approving = button(page, "Approve as risk").disabled
        page.segmented_control(key=f"verdict-{change.id}").set_value("veto").run()
        objecting = button(page, "Veto as risk").disabled

    assert "This takes a sign-in of the last 15 minutes." in asked
    back_to = f"again=true&next=%2Fchange%3Fid%3D{change.id}"
    assert link.proto.url == f"{world.url}/sign-in?{back_to}"
    assert (approving, objecting) == (True, False)


def test_what_was_typed_stays_when_the_sign_in_grows_too_old_meanwhile(world):
    change = proposes(world, "decided/meanwhile", tier="high")

    with opens(world, "risk", change) as page:
        page.text_area(key=f"reason-{change.id}-0").set_value("Read it all.")
        page.session_state[REMOTE].close()
        with world.long_signed_in("risk"):
            page.session_state[REMOTE] = Remote(world.url, world.secret("risk"))
            button(page, "Approve as risk").click().run()

        asked = text(page).replace("\\", "")
        assert "This takes a sign-in of the last 15 minutes." in asked
        assert page.text_area(key=f"reason-{change.id}-0").value == "Read it all."
    assert world["viewer"].changes.get(change.id).votes == ()


def test_a_vote_names_what_was_read_and_the_page_says_what_came_of_it(world):
    change = proposes(world, "decided/vote")

    with opens(world, "risk", change) as page:
        assert change.review_digest.removeprefix("sha256:")[:4] in text(page)
        button(page, "Approve as risk").click().run()

        assert f"You approved change {change.id} as risk" in text(page).replace(
            "\\", ""
        )
        assert "1 of 2" in text(page)
    (vote,) = world["viewer"].changes.get(change.id).votes
    assert (vote.seat, vote.review_digest) == ("risk", change.review_digest)


def test_what_was_revised_since_takes_no_vote_before_it_is_read(world):
    change = proposes(world, "decided/revised")

    with opens(world, "risk", change) as page:
        revises(world, change, "decided/revised", "Answer otherwise.")
        button(page, "Approve as risk").click().run()

        assert "another content than when you opened it" in text(page)
        assert "changed since you opened it. Read it again" in text(page)
        assert "Of exactly revision" not in text(page)
        assert not any("Approve" in one.label for one in page.button)
        assert world["viewer"].changes.get(change.id).votes == ()
        button(page, "I read revision 2").click().run()
        button(page, "Approve as risk").click().run()
    assert len(world["viewer"].changes.get(change.id).votes) == 1


def test_an_approval_on_a_condition_names_an_owner_and_a_day(world):
    change = proposes(world, "decided/condition")

    with opens(world, "product", change) as page:
        page.checkbox(key=f"conditional-{change.id}").check().run()
        page.text_input(key=f"to-do-{change.id}").set_value("Add a case.")
        button(page, "Approve as product").click().run()
    (one,) = world["viewer"].changes.get(change.id).conditions
    assert (one.text, one.owner, one.status) == ("Add a case.", "author", "open")

    with opens(world, "author", change) as page:
        assert any("condition of product" in one.label for one in page.expander)


def test_a_veto_is_cleared_by_who_gave_it(world):
    change = proposes(world, "decided/veto")
    votes(world, change, "legal", "veto")

    with opens(world, "legal", change) as page:
        assert not any("Approve" in one.label for one in page.button)
        clear = next(f for f in page.text_area if f.label == "Why it is settled")
        clear.set_value("Settled.")
        button(page, "Clear the veto of legal").click().run()
    assert world["viewer"].changes.get(change.id).blocks == ()


def test_what_was_not_tried_is_said_to_be_unknown(world):
    change = proposes(world, "decided/untried")

    with opens(world, "risk", change) as page:
        assert "No answers were tested." in text(page)


def test_answers_that_became_worse_stand_first(world):
    change = proposes(world, "decided/answers")
    good = {"input": "Good?", "before": "A", "after": "B", "verdict": "pass"}
    bad = {"input": "Bad?", "before": "A", "after": "<b>C</b>", "verdict": "fail"}
    world["evaluator"].checks.attach(
        change.id,
        {
            "name": "answers",
            "content": change.content,
            "passed": False,
            "total": 2,
            "failed": 1,
            "examples": [{**one, "source": "curated"} for one in (good, bad)],
        },
    )

    with opens(world, "risk", change) as page:
        html = text(page)

    assert html.index("Bad?") < html.index("Good?")
    assert "<b>C</b>" not in html


def test_what_everybody_agrees_to_is_made_live_by_an_operator(world):
    change = proposes(world, "decided/live")
    for handle in ("product", "risk"):
        votes(world, change, handle)

    with opens(world, "operator", change) as page:
        assert "What becomes live" in text(page)
        button(page, f"Make change {change.id} live").click().run()
        assert "is live in production" in text(page)
    assert world["viewer"].changes.get(change.id).status == "activated"


def test_who_is_no_operator_is_offered_no_activation(world):
    change = proposes(world, "decided/agreed")
    for handle in ("product", "risk"):
        votes(world, change, handle)

    with opens(world, "product", change) as page:
        assert not any("live" in one.label for one in page.button)


def test_a_stale_change_says_why_and_what_to_do(world):
    goes_live(world, proposes(world, "decided/stale"))
    change = proposes(world, "decided/stale", "Otherwise.", version="1.0.1")
    goes_live(world, proposes(world, "decided/stale", "Again.", version="1.0.2"))

    with opens(world, "product", change) as page:
        assert "This change is stale" in text(page)
        assert not any("Approve" in one.label for one in page.button)


def test_a_comment_has_no_markup_of_its_own(world):
    change = proposes(world, "decided/comment")
    world["author"].changes.comment(change.id, "<img src=x> :green-badge[Approved]")

    with opens(world, "risk", change) as page:
        assert "&lt;img src=x&gt; :green-badge[Approved]" in text(page)


@pytest.mark.parametrize(
    ("tab", "told"),
    [
        ("Cases", "nothing shows what it comes to"),
        ("Safety net", "Way back"),
        ("History", "first change of these documents"),
        ("Owners", "not live here yet"),
    ],
)
def test_what_stands_around_a_change_is_told_when_it_is_opened(world, tab, told):
    change = proposes(world, f"around/{tab.split()[0].lower()}")

    with opens(world, "risk", change) as page:
        assert told not in text(page)
        page.session_state[f"around-{change.id}"] = tab
        page.run()
        assert told in text(page).replace("\\", "")


def test_a_change_that_is_not_there_is_told_so(world):
    with world.page("risk", "change", id="99999") as page:
        assert [one.value for one in page.title] == ["Not there"]
        assert page.error


@pytest.fixture(scope="module")
def put_back(world) -> int:
    """The ratification of a rollback of something of tier high."""
    name = "judged/refunds"
    seats = ("product", "risk", "legal")
    goes_live(world, proposes(world, name, "One.", tier="high"), *seats)
    begun = next(iter(world["viewer"].environments.history(PRODUCTION))).seq
    goes_live(
        world, proposes(world, name, "Two.", version="1.0.1", tier="high"), *seats
    )
    done = world["operator"].environments.roll_back(
        PRODUCTION,
        Rollback(
            document=f"prompts/{name}",
            all=False,
            to_seq=begun,
            to_moment=None,
            to_version=None,
            reason="Two was wrong.",
        ),
    )
    assert done.ratification is not None
    return done.ratification


def judging(world: World, handle: str, number: int):
    return world.page(handle, "change", ratification=str(number))


def test_what_went_live_without_agreement_shows_what_it_replaced(world, put_back):
    with judging(world, "risk", put_back) as page:
        html = text(page)

    assert "<del>Two</del>" in html
    assert "<ins>One</ins>" in html


def test_who_activated_it_is_told_why_they_cannot_judge(world, put_back):
    with judging(world, "operator", put_back) as page:
        assert "You cannot judge it." in text(page).replace("\\", "")


def test_repudiating_needs_a_reason_and_is_said_with_it(world, put_back):
    with judging(world, "risk", put_back) as page:
        page.segmented_control(key=f"judgement-{put_back}").set_value("repudiate").run()
        button(page, "Repudiate as risk").click().run()
        assert page.error

        page.text_area(key=f"judge-reason-{put_back}-0").set_value("One was worse.")
        button(page, "Repudiate as risk").click().run()
        told = text(page).replace("\\", "")
        assert "You repudiated it as risk" in told
        assert "<strong>repudiated</strong> it as risk" in told
        assert page.main.get("download_button")
        assert not any("Repudiate as risk" in one.label for one in page.button)
        assert "Repudiated: people do not agree to it." in told
    (vote,) = world["viewer"].ratifications.get(put_back).votes
    assert (vote.judgement, vote.reason) == ("repudiate", "One was worse.")
