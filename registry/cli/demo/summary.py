"""What there is to see in a demonstration, counted at its end."""

from collections import Counter
from collections.abc import Iterator

from registry.changes import Status
from registry.cli.demo.building import Built
from registry.ratification import status_of
from registry.standing import status


def summary(built: Built) -> Iterator[str]:
    """Lines of text; the last ones say which changes to look at."""
    state, now = built.state, built.now
    found = Counter(status(state, one, now) for one in state.changes.values())
    told = ", ".join(f"{found[one]} {one}" for one in Status if found[one])
    yield f"{state.head.number} events, {len(state.changes)} changes: {told}."
    places = sorted(state.environments.items())
    yield ", ".join(f"{name} is at seq {one.seq}" for name, one in places) + "."
    judged = Counter(status_of(one, now) for one in state.ratifications.values())
    if judged:
        counted = (f"{count} {one}" for one, count in sorted(judged.items()))
        yield f"To be agreed to afterwards: {', '.join(counted)}."
    if built.story.look:
        yield "Worth a look with `placet show`:"
    for name, why in built.story.look:
        yield f"  {built.changes[name]:>3}  {why}"
