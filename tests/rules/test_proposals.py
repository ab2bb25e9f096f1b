"""What may be put to people: the rules at the top of `registry/proposals.py`."""

import pytest

from registry.changes import Status
from registry.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    NotOpen,
    RecalledContent,
    Stale,
    VersionTaken,
)
from tests.rules.bench import PRODUCTION
from tests.rules.texts import (
    BOT,
    PROMPT,
    including,
    make_fragment,
    make_prompt,
)

OTHER = "prompts/acme/other"


# Versions.


def test_a_version_that_names_other_bytes_cannot_be_proposed(developed):
    with pytest.raises(VersionTaken, match="stands for another text already"):
        developed.submit(make_prompt("1.0.0", "Be brief."))


def test_a_version_that_is_taken_says_by_which_change_and_which_is_free(registry):
    registry.put(make_prompt("1.0.0"))
    registry.put(make_prompt("1.0.1", "Be quick."))
    first = registry.state.changes[2].id
    registry.put(make_prompt("1.0.2", "Be kind."))

    with pytest.raises(VersionTaken) as caught:
        registry.submit(make_prompt("1.0.1", "Be brief."))

    said = str(caught.value)
    assert f"1.0.1 stands for another text already (change {first})" in said
    assert said.endswith("; the next free patch is 1.0.3")
    assert caught.value.hint == "Give it 1.0.3."


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


@pytest.mark.parametrize("by", ["board", "admin"])
def test_nobody_proposes_anything_without_a_role_for_it(furnished, by):
    furnished.put(make_prompt("1.0.1"))
    change = furnished.submit(make_prompt("1.1.0"))
    furnished.stop()

    for propose in (
        lambda: furnished.submit(make_prompt("1.1.0"), by=by),
        lambda: furnished.revise(change, make_prompt("1.2.0"), by=by),
        lambda: furnished.submit_policy(PRODUCTION + "change_days: 7\n", by=by),
        lambda: furnished.promote(BOT, by=by, source="production", target="staging"),
        lambda: furnished.roll_back(BOT, by=by, seq=1, propose=True),
        lambda: furnished.resume(by=by),
    ):
        with pytest.raises(NotAllowed):
            propose()


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
        registry.submit(
            make_fragment("1.0.0"), make_prompt("1.0.0"), make_prompt("2.0.0")
        )


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


def test_revisions_are_numbered_and_each_keeps_its_texts(registry):
    change = registry.submit(make_prompt("1.0.0"))

    registry.revise(change, make_prompt("1.0.0", "Be brief."))
    registry.revise(change, make_prompt("1.0.0", "Be short."))

    assert [one.number for one in registry.change(change).revisions] == [1, 2, 3]
    assert [edit.path for event in registry.events[1:] for edit in event.edits] == [
        f"proposals/000/1/{number}/prompts/acme/refunds.yaml" for number in (1, 2, 3)
    ]


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
