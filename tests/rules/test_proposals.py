"""What may be put to people: the rules at the top of `registry/proposals.py`."""

import pytest

from registry.changes import ChangeType, Status
from registry.errors import (
    Conflict,
    Invalid,
    NotAgreed,
    NotAllowed,
    NotFound,
    NotOpen,
    RecalledContent,
    Stale,
    VersionTaken,
)
from tests.rules.assembly import (
    BOT,
    PRODUCTION,
    PROMPT,
    TONE,
    Registry,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

OTHER = "prompts/acme/other"
OPEN_POLICY = """\
environment: production
requirements: [{name: nobody is asked, open: true}]
"""


@pytest.fixture
def developed(registry: Registry) -> Registry:
    """In development, and only there, a bot with a prompt and a fragment."""
    registry.put(
        *(make_fragment("1.0.0"), make_prompt("1.0.0", including()), make_bot("1.0.0")),
        to="development",
    )
    return registry


# Versions.


def test_a_version_that_names_other_bytes_cannot_be_proposed(developed):
    with pytest.raises(VersionTaken, match="names other bytes already"):
        developed.submit(make_prompt("1.0.0", "Be brief."))


def test_a_version_stays_claimed_when_the_document_is_deleted(registry):
    registry.put(make_prompt("1.0.0"))
    registry.put(deleted=(PROMPT,))

    with pytest.raises(VersionTaken):
        registry.submit(make_prompt("1.0.0", "Be brief."))


def test_a_version_is_free_until_the_first_activation(registry):
    registry.submit(make_prompt("1.0.0"))

    change = registry.submit(make_prompt("1.0.0", "Be brief."))

    assert registry.status(change) is Status.WAITING


def test_the_same_version_of_another_document_is_free(developed):
    change = developed.submit(make_prompt("1.0.0", "Be brief.", name="acme/other"))

    assert developed.status(change) is Status.WAITING


def test_what_was_live_elsewhere_is_promoted_and_not_proposed_again(developed):
    with pytest.raises(VersionTaken, match="has been live before"):
        developed.submit(make_fragment("1.0.0"))


@pytest.mark.parametrize("version", ["1.0.0", "0.9.0", "1.1.0-rc.1", "1.0.9"])
def test_the_version_of_an_edit_is_above_the_live_one(registry, version):
    registry.put(make_prompt("1.1.0"))

    with pytest.raises(VersionTaken):
        registry.submit(make_prompt(version, "Be brief."))


def test_a_revision_follows_the_same_rules_for_versions(registry):
    registry.put(make_prompt("1.1.0"))
    change = registry.submit(make_prompt("1.2.0", "Be brief."))

    with pytest.raises(VersionTaken, match=r"is not above 1\.1\.0"):
        registry.revise(change, make_prompt("1.0.0", "Be brief."))


# Edits.


def test_proposing_takes_an_author(registry):
    with pytest.raises(NotAllowed, match="operator may not submit a change"):
        registry.submit(make_prompt("1.0.0"), by="operator")


def test_a_token_proposes_only_with_the_role_of_an_author(registry):
    text = make_prompt("1.0.0")

    with pytest.raises(NotAllowed):
        registry.submit(text, via="token:1", roles=())


def test_documents_that_are_live_as_they_are_drop_out(furnished):
    change = furnished.submit(make_fragment("1.0.0"), make_prompt("1.1.0", including()))

    assert [edit.document for edit in furnished.change(change).revision.edits] == [
        PROMPT
    ]


def test_a_document_is_in_a_change_once(registry):
    with pytest.raises(Invalid, match=f"{PROMPT} is in the change twice"):
        registry.submit(make_prompt("1.0.0"), make_prompt("1.1.0"))


def test_a_document_is_not_replaced_and_deleted_at_once(furnished):
    with pytest.raises(Invalid, match="twice"):
        furnished.submit(make_prompt("1.1.0"), deleted=(PROMPT,))


def test_what_somebody_edited_from_has_to_be_live_still(furnished):
    before = furnished.live()[PROMPT]
    furnished.put(make_prompt("1.1.0", "Be brief."))

    with pytest.raises(Stale, match="not live any more as it was"):
        furnished.submit(make_prompt("1.2.0"), edited_from=((PROMPT, before),))


def test_somebody_may_say_that_there_was_nothing(furnished):
    with pytest.raises(Stale):
        furnished.submit(make_prompt("1.1.0"), edited_from=((PROMPT, None),))


def test_an_edit_from_what_is_live_is_taken(furnished):
    change = furnished.submit(
        make_prompt("1.1.0"),
        edited_from=((PROMPT, furnished.live()[PROMPT]), (OTHER, None)),
    )

    assert furnished.status(change) is Status.WAITING


def test_a_change_is_numbered_after_the_one_before(registry):
    numbers = [registry.submit(make_prompt("1.0.0")) for _ in range(3)]

    assert numbers == [1, 2, 3]


@pytest.mark.parametrize("end", ["activate", "withdraw", "expire"])
def test_a_change_that_has_ended_cannot_be_revised(registry, end):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))
    if end == "expire":
        registry.now = registry.change(change).revision.expires
    else:
        getattr(registry, end)(change)

    with pytest.raises(NotOpen):
        registry.revise(change, make_prompt("1.1.0", "Be brief."))


def test_a_clock_that_is_set_back_opens_nothing_again(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))
    registry.now = registry.change(change).revision.expires
    registry.submit(make_prompt("1.0.0", name="acme/other"))

    registry.wait(days=-1)

    with pytest.raises(NotOpen):
        registry.activate(change)


def test_an_unknown_environment_is_refused(registry):
    with pytest.raises(NotFound, match="no environment 'moon'"):
        registry.submit(make_prompt("1.0.0"), to="moon")


def test_recalled_content_cannot_be_proposed(registry):
    text = make_prompt("1.0.0")
    registry.submit(text)
    registry.recall(text.digest)

    with pytest.raises(RecalledContent):
        registry.submit(text)


# Promotions.


def test_a_promotion_takes_a_bot_with_everything_it_uses(developed):
    developed.bring(BOT)

    assert developed.live() == developed.live("development")


def test_a_promotion_takes_nothing_that_it_does_not_use(developed):
    developed.put(make_prompt("1.0.0", name="acme/other"), to="development")

    developed.bring(BOT)

    assert OTHER not in developed.live()


def test_a_promotion_pins_what_it_takes(developed):
    change = developed.promote(BOT)
    pinned = developed.live("development")
    developed.put(make_fragment("1.1.0", "Be calm."), to="development")

    developed.activate(developed.agree(change))

    assert developed.live() == pinned


def test_a_promotion_takes_nothing_older_than_what_is_there(developed):
    developed.put(make_fragment("1.1.0", "Be calm."), to="development")
    developed.bring(TONE)
    developed.put(make_fragment("1.2.0", "Be warm."), by="author")

    developed.bring(BOT)

    assert developed.versions()[TONE] == "1.2.0"


def test_a_promotion_takes_something_older_that_is_named(developed):
    developed.put(make_fragment("1.2.0", "Be warm."))

    developed.bring(TONE)

    assert developed.versions()[TONE] == "1.0.0"


def test_a_promotion_of_what_is_there_already_is_refused(developed):
    developed.bring(BOT)

    with pytest.raises(Invalid, match="is live in production already"):
        developed.promote(BOT)


def test_a_promotion_needs_two_environments(developed):
    with pytest.raises(Invalid, match="two environments"):
        developed.promote(BOT, target="development")


def test_what_is_not_live_in_the_source_cannot_be_promoted(registry):
    with pytest.raises(NotFound, match="is not live in development"):
        registry.promote(BOT)


def test_a_promotion_follows_the_policy_of_its_target(developed):
    change = developed.promote(BOT)

    with pytest.raises(NotAgreed):
        developed.activate(change)


def test_only_edits_can_be_revised(developed):
    change = developed.promote(BOT)

    with pytest.raises(Conflict, match="a promotion, which cannot be revised"):
        developed.revise(change, make_prompt("1.1.0"))


def test_recalled_content_cannot_be_promoted(developed):
    developed.recall(developed.live("development")[TONE])

    with pytest.raises(RecalledContent):
        developed.promote(BOT)


# Policies.


def test_a_policy_change_asks_for_what_the_old_policy_asks_for(registry):
    change = registry.submit_policy(OPEN_POLICY)

    assert list(registry.requirements(change)) == [
        *("product agrees", "the board agrees", "nobody is asked"),
    ]


def test_a_policy_change_asks_for_what_the_new_policy_asks_for(registry):
    stricter = PRODUCTION.replace("seat: board", "seat: board, count: 2").replace(
        "the board agrees", "two of the board agree"
    )
    change = registry.agree(registry.submit_policy(stricter), "product", "board")

    assert not registry.requirements(change)["two of the board agree"].met
    with pytest.raises(NotAgreed):
        registry.activate(change)


def test_a_policy_that_nobody_could_change_again_is_not_agreed_to(registry):
    blind = (
        "environment: production\nrequirements: [{name: a, seat: risk, kinds: [bot]}]"
    )
    change = registry.agree(registry.submit_policy(blind), "product", "board")

    with pytest.raises(NotAgreed, match="No requirement of the policy covers it"):
        registry.activate(change)


def test_a_policy_is_in_force_once_it_is_activated(registry):
    registry.put_policy(OPEN_POLICY)

    change = registry.submit(make_prompt("1.0.0"))

    assert registry.status(change) is Status.APPROVED


def test_until_then_the_old_policy_is_in_force(registry):
    registry.agree(registry.submit_policy(OPEN_POLICY))

    change = registry.submit(make_prompt("1.0.0"))

    assert registry.status(change) is Status.WAITING


def test_a_policy_takes_the_environment_to_no_new_seq(furnished):
    furnished.put_policy(OPEN_POLICY)

    assert furnished.environment().seq == 1


def test_the_policy_in_force_is_not_proposed_again(registry):
    with pytest.raises(Conflict, match="that is the policy of production already"):
        registry.submit_policy(PRODUCTION)


def test_the_author_of_a_policy_does_not_vote_for_it(registry):
    registry.set_person("board", roles=("author",))
    change = registry.submit_policy(OPEN_POLICY, by="board")

    assert registry.requirements(change)["the board agrees"].could == ()


def test_a_recalled_policy_does_not_come_into_force(registry):
    change = registry.agree(registry.submit_policy(OPEN_POLICY))
    proposed = registry.change(change).revision.proposed_policy
    registry.recall(proposed.digest)

    with pytest.raises(RecalledContent):
        registry.activate(change)


def test_nobody_is_exempt_from_the_policy(registry):
    registry.set_person("operator", roles=("admin", "author", "operator"))
    change = registry.submit(make_prompt("1.0.0"), by="operator")

    with pytest.raises(NotAgreed):
        registry.activate(change)


# Resuming.


def test_resuming_is_a_change_that_asks_for_everything_the_bot_uses(registry):
    registry.put(
        *(make_fragment("1.0.0"), make_bot("1.0.0")),
        make_prompt("1.0.0", including(), tier="high"),
    )
    registry.stop()

    change = registry.resume()

    asked = registry.requirements(change)
    assert registry.change(change).type is ChangeType.RESUME
    assert asked["product agrees"].because == (BOT, TONE, PROMPT)
    assert asked["risk agrees"].because == (PROMPT,)


def test_a_bot_that_is_not_stopped_is_not_resumed(furnished):
    with pytest.raises(Conflict, match="is not stopped in production"):
        furnished.resume()


def test_a_bot_that_is_not_live_is_not_resumed(furnished):
    furnished.stop()
    furnished.put(deleted=(BOT,))

    with pytest.raises(NotFound):
        furnished.resume()


def test_a_bot_that_uses_recalled_content_is_not_resumed(furnished):
    furnished.stop()
    furnished.recall(furnished.live()[TONE])

    with pytest.raises(RecalledContent):
        furnished.resume()


def test_resuming_takes_an_author(furnished):
    furnished.stop()

    with pytest.raises(NotAllowed):
        furnished.resume(by="board")
