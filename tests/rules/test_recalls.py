"""Recalling a digest: the rules at the top of `registry/recalls.py`.

That a recalled digest does not go live, come back or resume is tested where
these are: `test_activations.py`, `test_rollbacks.py`, `test_stops.py`.
"""

import pytest

from registry import commands
from registry.errors import Conflict, Invalid, NotAllowed, NotFound
from registry.names import digest_of
from registry.people import Limit, Role
from registry.policy_rules import EmergencyRule
from registry.recalls import LiveUse, live_uses, served_for
from tests.rules.texts import BOT, PROMPT, TONE, make_bot, make_fragment, make_prompt


@pytest.mark.parametrize("by", ["operator", "product", "risk", "legal", "board"])
def test_operators_and_seat_holders_recall(furnished, by):
    digest = furnished.live()[TONE]

    furnished.recall(digest, by=by)

    assert furnished.state.recalled[digest] == "Harmful."


@pytest.mark.parametrize("by", ["author", "admin", "viewer"])
def test_nobody_else_recalls(furnished, by):
    with pytest.raises(NotAllowed, match=f"{by} may not recall a digest"):
        furnished.recall(furnished.live()[TONE], by=by)


def test_a_token_recalls_only_for_an_operator(furnished):
    digest = furnished.live()[TONE]

    with pytest.raises(NotAllowed):
        furnished.recall(digest, by="risk", via="token:1", roles=(Role.AUTHOR,))
    furnished.recall(digest, via="token:1", roles=(Role.OPERATOR,))

    assert digest in furnished.state.recalled


@pytest.mark.parametrize(
    ("where", "covered"),
    [
        ({"names": ("acme/**",)}, True),
        ({"names": ("bank/**",)}, False),
        ({"names": ("acme/**",), "environments": ("production",)}, False),
    ],
    ids=["its name", "another name", "one environment"],
)
@pytest.mark.parametrize(("by", "held"), [("operator", "operator"), ("risk", "risk")])
def test_a_limit_has_to_cover_every_document_everywhere(
    furnished, by, held, where, covered
):
    limit = Limit(held=held, **({"names": (), "environments": ()} | where))
    furnished.set_person(by, limits=(limit,))
    digest = furnished.live()[TONE]

    if covered:
        furnished.recall(digest, by=by)
    else:
        with pytest.raises(NotAllowed, match="may not recall a digest in"):
            furnished.recall(digest, by=by)

    assert (digest in furnished.state.recalled) == covered


@pytest.mark.parametrize("reason", ["", "\x1b[31m"])
def test_a_recall_needs_a_reason(furnished, reason):
    command = commands.Recall(digest=furnished.live()[TONE], reason=reason)

    with pytest.raises(Invalid, match="a recall's reason"):
        furnished.act("operator", command)


def test_what_a_document_reads_like_can_be_recalled(furnished):
    digest = furnished.environment().live[PROMPT].document.composed

    furnished.recall(digest)

    assert digest in furnished.state.recalled


def test_what_was_only_proposed_can_be_recalled(registry):
    text = make_prompt("1.0.0")
    registry.submit(text)

    registry.recall(text.digest)

    assert text.digest in registry.state.recalled


def test_what_has_not_been_live_for_long_can_be_recalled(furnished):
    digest = furnished.environment().live[PROMPT].document.composed
    furnished.put(make_prompt("1.1.0", "Be brief."))
    furnished.wait(days=300)

    furnished.recall(digest)

    assert digest in furnished.state.recalled


def test_what_nobody_ever_proposed_is_not_recalled(furnished):
    with pytest.raises(NotFound, match="was ever proposed or live"):
        furnished.recall(digest_of(b"never seen"))


def test_a_digest_is_recalled_once(furnished):
    furnished.recall(furnished.live()[TONE])

    with pytest.raises(Conflict, match="was recalled already"):
        furnished.recall(furnished.live()[TONE])


def test_a_recall_takes_nothing_away(furnished):
    before = furnished.environment()

    furnished.recall(furnished.live()[TONE])

    assert furnished.environment() is before


def test_the_uses_of_a_recalled_digest_name_environments_and_bots(furnished):
    furnished.bring(BOT, source="production", target="staging")
    furnished.put(make_bot("1.0.0", name="acme/second"))
    digest = furnished.live()[TONE]

    found = live_uses(furnished.state, digest)

    assert found == (
        LiveUse(
            environment="production",
            document=TONE,
            bots=("acme/second", "acme/support"),
            answering=("acme/second", "acme/support"),
            back_to=1,
        ),
        LiveUse(
            environment="staging",
            document=TONE,
            bots=("acme/support",),
            answering=("acme/support",),
            back_to=None,
        ),
    )


def test_a_use_says_which_bots_still_answer_and_what_to_go_back_to(furnished):
    furnished.put(make_fragment("1.1.0", "Be calm."))
    furnished.put(make_prompt("1.0.0", name="acme/other"))
    digest = furnished.live()[TONE]
    furnished.recall(digest)
    furnished.stop()

    (use,) = live_uses(furnished.state, digest)

    assert (use.bots, use.answering) == (("acme/support",), ())
    assert use.back_to == 1
    furnished.roll_back(TONE, seq=use.back_to)
    assert live_uses(furnished.state, digest) == ()


def test_what_was_never_anything_else_takes_an_edit(furnished):
    digest = furnished.live()[TONE]
    furnished.recall(digest)

    (use,) = live_uses(furnished.state, digest)

    assert use.back_to is None


def test_a_digest_that_is_live_nowhere_has_no_uses(furnished):
    digest = furnished.live()[PROMPT]
    furnished.put(make_prompt("1.1.0", "Be brief."))

    assert live_uses(furnished.state, digest) == ()


def test_nobody_is_told_to_go_back_to_what_nobody_agreed_to(furnished):
    rule = EmergencyRule(seats=("incident",), kinds=(), names=(), ratify_hours=24)
    furnished.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    furnished.govern(emergency=rule)
    furnished.activate_in_emergency(
        furnished.submit(make_fragment("1.1.0", "Be calm."))
    )
    furnished.put(make_fragment("1.2.0", "Be open."))
    digest = furnished.live()[TONE]
    furnished.recall(digest)

    (use,) = live_uses(furnished.state, digest)

    assert use.back_to == 1


# Which kind of digest it is.


def test_a_text_as_it_was_served_says_which_document_it_is_of(furnished):
    live = furnished.state.environment("production").live[PROMPT].document
    assert live.composed != live.digest
    environments = furnished.state.environments.values()

    (served,) = served_for(environments, furnished.state, live.composed)

    assert (served.document, served.version) == (PROMPT, live.version)
    assert served.digest == live.digest


def test_a_documents_own_text_is_not_one_as_served(furnished):
    environments = furnished.state.environments.values()

    assert served_for(environments, furnished.state, furnished.live()[PROMPT]) == ()
