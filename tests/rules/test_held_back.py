"""What keeps an agreed change back: the rules of `registry/held_back.py`."""

from datetime import timedelta

import pytest

from registry.documents import Document
from registry.errors import Conflict
from registry.freezes import Freeze
from registry.held_back import held_back
from registry.names import Ref
from registry.people import Role
from registry.required_checks import check_standings
from tests.rules.assembly import Registry
from tests.rules.bench import PRODUCTION
from tests.rules.checking import attach, required
from tests.rules.keeping import BLOCKING, reviewed_by
from tests.rules.texts import (
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

QUIET = Freeze(
    name="quiet", zone="UTC", start="2026-05-01 00:00", end="2026-06-01 00:00", names=()
)


OTHER = make_prompt("1.0.0", name="acme/other")
BOTH = ("acme/refunds", "acme/other")


def held(registry: Registry, change: int) -> tuple[str, ...]:
    state, documents, now = registry.state, registry.documents, registry.now
    return held_back(
        state,
        registry.change(change),
        documents,
        lambda one: check_standings(state, one, documents, now),
        now,
    )


def agreed(registry: Registry, *documents: Document, **how) -> int:
    return registry.agree(registry.submit(*documents or (make_prompt("1.0.0"),), **how))


def test_what_nothing_keeps_back_goes_live(registry):
    change = agreed(registry)

    assert held(registry, change) == ()
    registry.activate(change)


def checked(registry: Registry) -> int:
    registry.govern(checks=(required("answers"),))
    return agreed(registry)


def frozen(registry: Registry) -> int:
    registry.govern(freezes=(QUIET,))
    return agreed(registry)


def recalled(registry: Registry) -> int:
    change = agreed(registry)
    registry.recall(registry.change(change).revision.edits[0].digest)
    return change


def claimed(registry: Registry) -> int:
    change = agreed(registry)
    registry.put(make_prompt("1.0.0", "Be brief."), to="staging")
    return change


def recalled_as_it_reads(registry: Registry) -> int:
    """A fragment goes back, and what includes it reads as what was recalled since."""
    registry.put(make_fragment("1.0.0"), make_prompt("1.0.0", including()))
    reading = registry.environment().live[Ref(PROMPT)].document.composed
    registry.put(make_fragment("1.1.0", "Be calm."))
    event = registry.roll_back(TONE, by="promoter", seq=1, propose=True)
    change = registry.agree(event.payload.change)
    registry.recall(reading)
    return change


def newly_used(registry: Registry) -> int:
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"), OTHER)
    change = agreed(registry, make_bot("1.1.0", BOTH))
    registry.recall(OTHER.digest)
    return change


def resumed(registry: Registry) -> int:
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"))
    registry.stop()
    change = registry.agree(registry.resume())
    registry.recall(registry.live()[Ref(PROMPT)])
    return change


def proposed_policy(registry: Registry) -> int:
    change = registry.agree(registry.submit_policy(PRODUCTION + "vote_days: 29\n"))
    proposed = registry.change(change).revision.proposed_policy
    assert proposed is not None
    registry.recall(proposed.digest)
    registry.wait(hours=25)
    return change


def overdue(registry: Registry) -> int:
    registry.govern(reviews=(BLOCKING,))
    change = agreed(registry, reviewed_by("2026-05-06", make_prompt("1.0.0")))
    registry.wait(days=5)
    return change


def cooling(registry: Registry) -> int:
    registry.govern(policy_hours=24)
    text = PRODUCTION + "policy_hours: 24\nchange_days: 20\n"
    return registry.agree(registry.submit_policy(text))


@pytest.mark.parametrize(
    ("kept_back", "told"),
    [
        (checked, "the check answers"),
        (frozen, "the freeze quiet to end, 2026-06-01 00:00 UTC"),
        (recalled, "a revision: prompts/acme/refunds 1.0.0 was recalled: Harmful"),
        (
            recalled_as_it_reads,
            "another change: what is served for prompts/acme/refunds 1.0.0 was",
        ),
        (newly_used, "a revision: prompts/acme/other 1.0.0 was recalled: Harmful"),
        (resumed, "another change: prompts/acme/refunds 1.0.0 was recalled: Harmful"),
        (proposed_policy, "another change: this policy of production was recalled"),
        (claimed, "a revision: prompts/acme/refunds 1.0.0 is another text by now"),
        (overdue, "a review: prompts/acme/refunds 1.0.0: its review is overdue since"),
        (cooling, "its cool-down to end, 2026-05-04 12:00 UTC"),
    ],
)
def test_what_an_activation_refuses_is_told_before(registry, kept_back, told):
    change = kept_back(registry)

    (found,) = held(registry, change)

    assert found.startswith(told)
    with pytest.raises(Conflict):
        registry.activate(change)


def test_a_recalled_text_that_stays_where_it_is_keeps_nothing_back(registry):
    registry.put(OTHER, make_prompt("1.0.0"), make_bot("1.0.0", BOTH))
    change = agreed(registry, make_bot("1.1.0", BOTH, purpose="Everything"))

    registry.recall(OTHER.digest)

    assert held(registry, change) == ()
    registry.activate(change)


def test_a_recalled_text_that_is_deleted_keeps_nothing_back(registry):
    registry.put(OTHER, make_prompt("1.0.0"))
    change = registry.agree(registry.submit(deleted=(OTHER.ref,)))

    registry.recall(OTHER.digest)

    assert held(registry, change) == ()
    registry.activate(change)


def test_a_check_that_has_passed_keeps_nothing_back(registry):
    registry.set_person("evaluator", roles=(Role.EVALUATOR,))
    change = checked(registry)

    attach(registry, change)

    assert held(registry, change) == ()


def test_of_a_schedule_the_freeze_at_its_moment_counts(registry):
    registry.govern(freezes=(QUIET,), change_days=60)
    after = agreed(registry, earliest=registry.now + timedelta(days=40))

    assert held(registry, after) == ()
