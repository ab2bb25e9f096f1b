"""What no policy can lower: in production somebody agrees (`registry/floors.py`)."""

import pytest

from registry.changes import Status, Verdict
from registry.errors import Contributed, NotAgreed
from registry.floors import floor
from registry.people import Limit
from registry.policies import Matched
from tests.rules.assembly import Registry
from tests.rules.texts import BOT, PROMPT, make_bot, make_prompt

OPEN = """\
environment: production
requirements: [{name: nobody is asked, open: true}]
"""
SOMEBODY = "somebody agrees"


@pytest.fixture
def registry() -> Registry:
    """Its policy for production asks nobody."""
    return Registry(production=OPEN)


def test_in_production_somebody_agrees_however_open_the_policy_is(registry):
    change = registry.submit(make_prompt("1.0.0"))

    assert registry.status(change) is Status.WAITING
    with pytest.raises(NotAgreed, match="somebody agrees: The policy asks nobody"):
        registry.activate(change)

    registry.vote(change, "legal")
    assert registry.status(change) is Status.APPROVED
    registry.activate(change)


def test_it_tells_who_could_and_then_who_did(registry):
    change = registry.submit(make_prompt("1.0.0"))

    asked = registry.requirements(change)[SOMEBODY]
    seated = ("board", "legal", "product", "risk", "second-product")
    assert (asked.met, asked.count, asked.seat, asked.by, asked.since) == (
        *(False, 1, None, (), None),
    )
    assert asked.could == seated
    assert asked.because == asked.missing == (PROMPT,)
    assert asked.why == (
        "The policy asks nobody, and here somebody has to agree, in any seat; "
        "board, legal, product, risk, second-product could."
    )

    first = registry.vote(change, "risk")
    registry.vote(change, "legal")
    asked = registry.requirements(change)[SOMEBODY]
    assert (asked.met, asked.by, asked.could, asked.missing) == (
        *(True, ("legal", "risk"), (), ()),
    )
    assert asked.since == first.at
    assert asked.why == "Agreed by legal, risk."


def test_whoever_contributed_is_not_somebody(registry):
    change = registry.submit(make_prompt("1.0.0"), by="product")

    assert "product" not in registry.requirements(change)[SOMEBODY].could
    with pytest.raises(Contributed):
        registry.vote(change, "product")


def test_nobody_in_a_seat_means_that_it_never_goes_live(registry):
    for handle in ("board", "product", "second-product", "risk"):
        registry.set_person(handle, seats=())
    registry.set_person("legal", active=False)
    change = registry.submit(make_prompt("1.0.0"))

    asked = registry.requirements(change)[SOMEBODY]

    assert (asked.met, asked.could) == (False, ())
    assert asked.why.endswith("nobody is free to vote.")


def for_bank(registry: Registry, handle: str = "legal") -> None:
    limit = Limit(held="legal", environments=(), names=("bank/**",))
    registry.set_person(handle, seats=("legal",), limits=(limit,))


def of_two(registry: Registry) -> int:
    prompts = make_prompt("1.0.0"), make_prompt("1.0.0", name="bank/loans")
    return registry.submit(*prompts)


def test_a_limited_seat_agrees_to_what_it_covers_and_to_no_more(registry):
    for_bank(registry)
    change = of_two(registry)

    registry.vote(change, "legal")

    asked = registry.requirements(change)[SOMEBODY]
    assert (asked.met, asked.by, asked.missing) == (False, ("legal",), (PROMPT,))
    assert asked.could == ("board", "product", "risk", "second-product")
    assert f"somebody has to agree to {PROMPT}, in any seat" in asked.why
    with pytest.raises(NotAgreed):
        registry.activate(change)


def test_people_agree_together_each_to_their_documents(registry):
    for_bank(registry)
    change = of_two(registry)
    registry.vote(change, "legal")
    registry.wait(hours=1)

    last = registry.vote(change, "product")

    asked = registry.requirements(change)[SOMEBODY]
    assert (asked.met, asked.since) == (True, last.at)
    registry.activate(change)


def test_a_seat_that_cools_down_is_not_somebody_yet(registry):
    registry.govern(seat_hours=24)
    registry.set_person("viewer", seats=("legal",))
    change = registry.submit(make_prompt("1.0.0"))

    assert "viewer" not in registry.requirements(change)[SOMEBODY].could
    registry.wait(hours=25)
    assert "viewer" in registry.requirements(change)[SOMEBODY].could


def test_somebody_agrees_also_to_what_others_are_not_asked_about():
    """The prompt asks product, and the bot nobody: each would be asked about alone."""
    registry = Registry(
        production=OPEN.replace(
            "open: true}", "open: true, kinds: [bot]}, {name: product agrees, "
            "seat: product, kinds: [prompt]}"
        )
    )  # fmt: skip
    limit = Limit(held="product", environments=(), names=("acme/refunds",))
    registry.set_person("product", roles=(), limits=(limit,))
    change = registry.submit(make_prompt("1.0.0"), make_bot("1.0.0"))
    registry.vote(change, "product")

    asked = registry.requirements(change)

    assert asked["product agrees"].met
    assert asked[SOMEBODY].missing == (BOT,)
    registry.vote(change, "legal")
    assert registry.status(change) is Status.APPROVED


def test_whoever_is_asked_for_one_document_is_somebody_for_the_others():
    registry = Registry(
        production=OPEN.replace(
            "open: true}", "open: true, kinds: [bot]}, {name: product agrees, "
            "seat: product, kinds: [prompt]}"
        )
    )  # fmt: skip
    change = registry.submit(make_prompt("1.0.0"), make_bot("1.0.0"))

    registry.vote(change, "product")

    assert registry.status(change) is Status.APPROVED


def test_asking_for_changes_is_no_agreement(registry):
    change = registry.submit(make_prompt("1.0.0"))

    registry.vote(change, "legal", Verdict.ASK)

    assert not registry.requirements(change)[SOMEBODY].met


def test_it_is_asked_for_every_document_once(registry):
    names = [f"acme/{letter}" for letter in "fbdace"]

    change = registry.submit(*(make_prompt("1.0.0", name=name) for name in names))

    asked = registry.requirements(change)[SOMEBODY]
    assert asked.because == tuple(f"prompts/acme/{letter}" for letter in "abcdef")


def test_it_is_a_requirement_that_somebody_can_meet(registry):
    change = registry.change(registry.submit(make_prompt("1.0.0")))

    least = floor("production", change.revision.requirements)

    assert least == Matched(
        name=SOMEBODY, seat=None, count=1, because=(PROMPT,), covered=True
    )


def test_a_policy_that_asks_somebody_needs_no_floor():
    registry = Registry()

    change = registry.submit(make_prompt("1.0.0"))

    assert SOMEBODY not in registry.requirements(change)


def test_elsewhere_a_policy_may_ask_nobody(registry):
    change = registry.submit(make_prompt("1.0.0"), to="development")

    assert SOMEBODY not in registry.requirements(change)
    assert registry.status(change) is Status.APPROVED


def test_one_yes_does_not_stand_for_what_no_requirement_covers():
    """The floor adds to a policy, and fills no hole of it."""
    bots_only = OPEN.replace("open: true", "open: true, kinds: [bot]")
    registry = Registry(production=bots_only)
    change = registry.submit(make_prompt("1.0.0"), make_bot("1.0.0"))

    registry.vote(change, "legal")

    assert list(registry.requirements(change)) == [
        *("nobody is asked", "covered by the policy"),
    ]
    assert registry.status(change) is Status.WAITING
