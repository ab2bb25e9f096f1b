"""What keeps an agreed change back: the rules of `registry/held_back.py`."""

from datetime import timedelta

import pytest

from registry.documents import Document
from registry.errors import Conflict
from registry.freezes import Freeze
from registry.held_back import held_back
from registry.people import Role
from registry.required_checks import standings
from tests.rules.assembly import Registry
from tests.rules.bench import PRODUCTION
from tests.rules.checking import attach, required
from tests.rules.keeping import BLOCKING, reviewed_by
from tests.rules.texts import make_prompt

QUIET = Freeze(
    name="quiet", zone="UTC", start="2026-05-01 00:00", end="2026-06-01 00:00", names=()
)


def held(registry: Registry, change: int) -> tuple[str, ...]:
    state, documents, now = registry.state, registry.documents, registry.now
    return held_back(
        state,
        registry.change(change),
        documents,
        lambda one: standings(state, one, documents, now),
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
        (recalled, "a revision: prompts/acme/refunds was recalled"),
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


def test_a_check_that_has_passed_keeps_nothing_back(registry):
    registry.set_person("evaluator", roles=(Role.EVALUATOR,))
    change = checked(registry)

    attach(registry, change)

    assert held(registry, change) == ()


def test_of_a_schedule_the_freeze_at_its_moment_counts(registry):
    registry.govern(freezes=(QUIET,), change_days=60)
    after = agreed(registry, earliest=registry.now + timedelta(days=40))

    assert held(registry, after) == ()
