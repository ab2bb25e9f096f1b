"""What comes next for a change that cannot go live as it is."""

import pytest

from registry.changes import ChangeType
from registry.errors import Stale
from registry.ways_on import Next, way_on
from tests.rules.assembly import Registry
from tests.rules.bench import PRODUCTION
from tests.rules.texts import BOT, PROMPT, make_prompt


def of_each_type(registry: Registry) -> dict[ChangeType, int]:
    """A change of every type, of a bot and its prompt that are live."""
    registry.put(make_prompt("1.1.0", "Be brief."))
    registry.put(make_prompt("1.2.0", "Be calm."), to="development")
    registry.stop()
    return {
        ChangeType.EDIT: registry.submit(make_prompt("1.3.0", "Be kind.")),
        ChangeType.PROMOTION: registry.promote(PROMPT),
        ChangeType.ROLLBACK: registry.roll_back(
            PROMPT, seq=1, propose=True
        ).payload.change,
        ChangeType.POLICY: registry.submit_policy(PRODUCTION + "change_days: 7\n"),
        ChangeType.RESUME: registry.resume(),
    }


def test_only_an_edit_is_revised_and_everything_else_is_made_again(
    furnished: Registry,
):
    changes = of_each_type(furnished)

    ways = {kind: way_on(furnished.change(one)) for kind, one in changes.items()}

    assert {kind: way.act for kind, way in ways.items()} == {
        ChangeType.EDIT: Next.REVISE,
        ChangeType.PROMOTION: Next.PROMOTE,
        ChangeType.ROLLBACK: Next.ROLL_BACK,
        ChangeType.POLICY: Next.SUBMIT_POLICY,
        ChangeType.RESUME: Next.RESUME,
    }
    assert "revise it" in ways.pop(ChangeType.EDIT).said
    assert all("withdraw it and make it again" in way.said for way in ways.values())
    assert ways[ChangeType.RESUME].bot == BOT.removeprefix("bots/")


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        (ChangeType.EDIT, "placet submit work/ --change "),
        (ChangeType.PROMOTION, "placet promote"),
        (ChangeType.ROLLBACK, "placet rollback --propose"),
        (ChangeType.RESUME, "placet resume production acme/support"),
    ],
)
def test_what_is_stale_is_refused_with_the_command_that_goes_on(
    furnished: Registry, kind: ChangeType, command: str
):
    change = of_each_type(furnished)[kind]
    furnished.put_policy(PRODUCTION + "change_days: 9\n")

    with pytest.raises(Stale) as refused:
        furnished.activate(change)

    assert command in refused.value.hint
    assert f"placet withdraw {change}`" in refused.value.hint
