"""What giving or taking a seat comes to, where policies ask for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.cli.policy_checking import as_known

if TYPE_CHECKING:  # slow to import
    from registry.policies import Policy
    from registry.remote import Remote
    from registry.remote.people import Person


def policies_of(remote: "Remote") -> tuple["Policy", ...]:
    """Those in force, as the rules know them."""
    from registry.policy_text import parse_policy

    return tuple(
        parse_policy(one.source.encode()).policy for one in remote.policies.list()
    )


def left_empty(
    policies: tuple["Policy", ...], people: list["Person"], after: "Person"
) -> Iterator[str]:
    """Of each seat that nobody would hold any more: who asks for it, in a sentence."""
    from registry.policy_gaps import holders, named_seats

    before = [as_known(one) for one in people]
    asking: dict[str, list[str]] = {}
    for policy in policies:
        for seat in named_seats(policy):
            last = holders(policy, before, seat) == (after.handle,)
            if last and not holders(policy, [as_known(after)], seat):
                asking.setdefault(seat, []).append(policy.environment)
    for seat, environments in asking.items():
        yield (
            f"Nobody else holds the seat {seat}, for which the policy of "
            f"{', '.join(environments)} asks."
        )


def unasked(
    policies: tuple["Policy", ...], before: "Person", after: "Person"
) -> Iterator[str]:
    """Of each new seat for which no policy asks: that, and which one was meant."""
    from registry.misfits import nearest
    from registry.policy_gaps import named_seats

    known = sorted({seat for policy in policies for seat in named_seats(policy)})
    for seat in after.seats:
        if seat not in {*before.seats, *known}:
            yield f"No policy asks for the seat {seat}. {nearest(seat, known)}"
