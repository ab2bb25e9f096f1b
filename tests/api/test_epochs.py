"""Another epoch over HTTP: everything that is told names it, the past included."""

import pytest

from registry.api.bearer import Scope
from registry.commands import RaiseEpoch
from registry.epochs import BY_HAND
from tests.api.conftest import Placet
from tests.api.texts import bot, prompt

HERE = "/v1/environments/development"
BOT = f"{HERE}/bots/acme/support"
PROMPT = f"{HERE}/prompts/acme/refunds"


@pytest.fixture
def raised(placet: Placet) -> int:
    """A registry with a past, in the epoch that it came to."""
    placet.live(bot(), prompt())
    placet.clock.forward(hours=1)
    placet.live(prompt(version="1.1.0", text="Say less."), prompt(name="acme/other"))
    placet.activate(placet.submit(deleted=["prompts/acme/other"]))
    placet.clock.forward(hours=1)
    command = RaiseEpoch(taken=None, known=None, reason="The disk is gone.")
    return placet.parts.opened.writer.write(command, by=BY_HAND).state.epoch


@pytest.fixture
def reader(placet: Placet, raised: int):
    return placet.machine(Scope.READ, environments=("development",))


@pytest.mark.parametrize("path", [BOT, f"{BOT}/head", PROMPT])
@pytest.mark.parametrize("query", [{}, {"seq": 1}, {"at": "2026-05-03T12:30:00Z"}])
def test_every_answer_names_the_epoch_of_now(reader, raised, path, query):
    answer = reader.get(path, params=query)

    assert answer.status_code == 200
    assert answer.headers["placet-epoch"] == str(raised)


@pytest.mark.parametrize("query", [{}, {"seq": 1}])
def test_heads_name_it(reader, raised, query):
    assert reader.get(f"{BOT}/head", params=query).json()["epoch"] == raised


def test_what_was_deleted_before_is_deleted_in_it(reader, raised):
    answer = reader.get(f"{HERE}/prompts/acme/other")

    assert (answer.status_code, answer.json()["epoch"]) == (410, raised)


def test_bundles_have_the_bytes_that_they_had(reader, placet, raised):
    head = reader.get(f"{BOT}/head").json()

    assert reader.get(f"/v1/bundles/{head['bundle']}").status_code == 200
    assert head["seq"] == 2


def test_its_act_is_told_with_who_did_it(placet, raised):
    answer = placet.signed_in("viewer").get(
        "/v1/ledger/acts", params={"type": "epoch-raised"}
    )

    (act,) = answer.json()["items"]
    assert act["by"] == "placet"
    assert f"Raise the epoch to {raised}" in act["what"]
