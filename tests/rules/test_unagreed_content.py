"""What was live without agreement comes back by votes: `registry/unagreed_content.py`.

At seq 2 an emergency edits a prompt and a fragment; at seq 3 people agree to others.
"""

from dataclasses import replace

import pytest

from registry.errors import NotAgreed
from registry.people import Role
from registry.policy_rules import EmergencyRule
from registry.ratification import Judgement
from tests.rules.assembly import Registry
from tests.rules.texts import BOT, PROMPT, TONE, including, make_fragment, make_prompt

RULE = EmergencyRule(seats=("incident",), kinds=(), names=(), ratify_hours=24)
OTHER = "prompts/acme/other"


@pytest.fixture
def alarmed(furnished: Registry) -> Registry:
    furnished.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    furnished.govern(emergency=RULE)
    change = furnished.submit(
        make_prompt("1.1.0", including(text="Be brief.")),
        make_fragment("1.1.0", "Be calm."),
    )
    furnished.activate_in_emergency(change)
    return furnished


@pytest.fixture
def replaced(alarmed: Registry) -> Registry:
    alarmed.put(
        make_prompt("1.2.0", including(text="Be warm.")),
        make_fragment("1.2.0", "Be open."),
    )
    return alarmed


def judge(registry: Registry, judgement: Judgement, by: str = "product") -> None:
    (number,) = registry.state.open_ratifications
    registry.judge(number, by, judgement)


def test_what_people_repudiated_does_not_come_back_without_votes(replaced):
    judge(replaced, Judgement.REPUDIATE)

    with pytest.raises(NotAgreed) as refused:
        replaced.roll_back(BOT, seq=2)

    assert str(refused.value) == (
        "this rollback needs votes: "
        f"only seq 2 brought {TONE} like that, which people repudiated; "
        f"only seq 2 brought {PROMPT} like that, which people repudiated"
    )
    assert replaced.preview(BOT, seq=2).needs_vote


def test_nor_once_it_was_undone(alarmed):
    judge(alarmed, Judgement.REPUDIATE)
    alarmed.roll_back(None, undo=2)

    with pytest.raises(NotAgreed, match="which people repudiated"):
        alarmed.roll_back(BOT, seq=2)
    with pytest.raises(NotAgreed, match="which people repudiated"):
        alarmed.roll_back(None, undo=3)


def test_nor_does_what_is_not_decided_yet(replaced):
    with pytest.raises(NotAgreed, match="which nobody has ratified yet"):
        replaced.roll_back(PROMPT, seq=2)


def test_undoing_one_emergency_does_not_bring_another_back(alarmed):
    second = alarmed.submit(make_prompt("1.2.0", including(text="Be warm.")))
    alarmed.activate_in_emergency(second)
    alarmed.judge(alarmed.events[-1].number, "product", Judgement.REPUDIATE)

    with pytest.raises(NotAgreed, match="only seq 2 brought"):
        alarmed.roll_back(None, undo=3)


def test_what_was_ratified_comes_back(replaced):
    judge(replaced, Judgement.RATIFY)

    replaced.roll_back(BOT, seq=2)

    assert replaced.versions()[PROMPT] == "1.1.0"


def test_what_people_agreed_to_since_comes_back(alarmed):
    judge(alarmed, Judgement.REPUDIATE)
    alarmed.roll_back(None, undo=2)
    change = alarmed.roll_back(BOT, by="promoter", seq=2, propose=True).payload.change
    alarmed.activate(alarmed.agree(change))
    alarmed.roll_back(BOT, seq=3)

    alarmed.roll_back(BOT, seq=2)

    assert alarmed.versions()[PROMPT] == "1.1.0"


def test_what_had_been_agreed_to_before_comes_back(furnished):
    """The emergency takes a text live that people agreed to at seq 1."""
    furnished.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    furnished.govern(emergency=RULE)
    furnished.put(make_prompt("1.1.0", including(text="Be brief.")))
    change = furnished.roll_back(PROMPT, by="promoter", seq=1, propose=True)
    furnished.activate_in_emergency(change.payload.change)
    judge(furnished, Judgement.REPUDIATE)
    furnished.roll_back(None, undo=3)

    furnished.roll_back(PROMPT, seq=3)

    assert furnished.versions()[PROMPT] == "1.0.0"


def test_a_rollback_is_no_agreement(replaced):
    """As if an older release had let it come back."""
    judge(replaced, Judgement.REPUDIATE)
    (number,) = replaced.state.ratifications
    judged = replaced.state.ratifications[number]
    ratifications = replaced.state.ratifications
    replaced.state = replace(
        replaced.state, ratifications=ratifications.discard(number)
    )
    replaced.roll_back(BOT, seq=2)
    replaced.roll_back(BOT, seq=3)
    replaced.state = replace(
        replaced.state, ratifications=ratifications.insert(number, judged)
    )

    with pytest.raises(NotAgreed, match="only seq 2 brought"):
        replaced.roll_back(BOT, seq=4)


def test_a_text_that_only_reads_like_it_because_of_it_does_not_come_back(alarmed):
    """The prompt is the agreed one, and the fragment in it is not."""
    alarmed.put(make_prompt("1.2.0", including(text="Be warm.")))
    alarmed.put(make_fragment("1.2.0", "Be open."))

    with pytest.raises(NotAgreed, match=f"only seq 2 brought {TONE} like that"):
        alarmed.roll_back(BOT, seq=3)


def test_agreed_texts_do_not_come_back_as_nobody_agreed_to_them_together(furnished):
    """The emergency puts an older fragment into a newer prompt."""
    furnished.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    furnished.govern(emergency=RULE)
    furnished.put(make_fragment("1.1.0", "Be calm."))
    furnished.put(make_prompt("1.1.0", including(text="Be brief.")))
    back = furnished.roll_back(TONE, by="promoter", seq=1, propose=True)
    furnished.activate_in_emergency(back.payload.change)
    judge(furnished, Judgement.REPUDIATE)
    furnished.roll_back(None, undo=4)

    with pytest.raises(NotAgreed) as refused:
        furnished.roll_back(TONE, seq=4)

    assert str(refused.value).endswith(
        f": only seq 4 brought {PROMPT} like that, which people repudiated"
    )


def test_a_document_is_not_deleted_again_by_a_rollback(registry):
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    registry.put(make_prompt("1.0.0", name="acme/other"))
    registry.activate_in_emergency(registry.submit(deleted=(OTHER,)))
    judge(registry, Judgement.REPUDIATE)
    registry.roll_back(None, undo=2)

    with pytest.raises(NotAgreed, match=f"only seq 2 brought {OTHER} like that"):
        registry.roll_back(OTHER, seq=2)


def test_what_was_never_here_before_is_deleted_by_a_rollback(alarmed):
    judge(alarmed, Judgement.REPUDIATE)
    alarmed.put(make_prompt("1.0.0", name="acme/other"))

    alarmed.roll_back(OTHER, seq=2)

    assert OTHER not in alarmed.versions()


def test_elsewhere_it_says_nothing(alarmed):
    """Seq 2 of production brought what seq 2 of staging brings: that is another one."""
    judge(alarmed, Judgement.REPUDIATE)
    there = {"source": "production", "target": "staging"}
    alarmed.put(make_prompt("1.0.0", name="acme/other"), to="staging")
    alarmed.bring(PROMPT, **there)
    alarmed.put(make_prompt("1.2.0", including(text="Be warm.")))
    alarmed.bring(PROMPT, **there)

    alarmed.roll_back(PROMPT, seq=2, environment="staging")

    assert alarmed.versions("staging")[PROMPT] == "1.1.0"


def test_no_emergency_brings_back_what_people_repudiated(replaced):
    judge(replaced, Judgement.REPUDIATE)
    change = replaced.roll_back(BOT, by="promoter", seq=2, propose=True).payload.change

    with pytest.raises(NotAgreed, match="brings back what people have said no to"):
        replaced.activate_in_emergency(change)

    replaced.activate(replaced.agree(change))


def test_an_emergency_may_bring_back_what_is_not_decided(replaced):
    """It is asked about afterwards, like any emergency."""
    change = replaced.roll_back(BOT, by="promoter", seq=2, propose=True).payload.change

    replaced.activate_in_emergency(change)

    assert len(replaced.state.open_ratifications) == 2


def test_what_people_said_no_to_once_is_repudiated_however_often_it_was_here(replaced):
    change = replaced.roll_back(BOT, by="promoter", seq=2, propose=True).payload.change
    replaced.activate_in_emergency(change)
    _, second = sorted(replaced.state.open_ratifications)
    replaced.judge(second, "product", Judgement.REPUDIATE)
    replaced.roll_back(BOT, seq=3)
    again = replaced.roll_back(BOT, by="promoter", seq=4, propose=True).payload.change

    with pytest.raises(NotAgreed, match="only seq 4 brought"):
        replaced.activate_in_emergency(again)


def test_the_first_thing_here_may_be_an_emergency(registry):
    registry.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    registry.govern(emergency=RULE)
    registry.activate_in_emergency(registry.submit(make_prompt("1.0.0")))
    registry.put(make_prompt("1.0.0", name="acme/other"))

    registry.roll_back(OTHER, seq=1)

    assert registry.versions() == {PROMPT: "1.0.0"}
