"""What is told of a moment, while something happens."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from registry.api.app import create_app, routes_of
from registry.writer import Open
from tests.api import texts
from tests.api.conftest import Placet
from tests.conftest import NOON, SettableClock


class Interrupted:
    """A clock that lets something happen before it is read the next times."""

    def __init__(self, clock: SettableClock) -> None:
        self._clock = clock
        self.acts: list[Callable[[], object]] = []

    def __call__(self) -> datetime:
        if self.acts:
            self.acts.pop(0)()
        return self._clock()


@pytest.mark.parametrize("reads", range(4))
def test_a_moment_that_is_over_has_everything_that_happened_in_it(
    placet: Placet, registry: Open, operations: Engine, clock: SettableClock, reads: int
):
    placet.live(texts.prompt())
    change = placet.submit(texts.prompt(version="1.1.0", text="Say less."))
    interrupted = Interrupted(clock)
    app = create_app(registry, operations, interrupted)
    client = Placet(app=app, parts=routes_of(app).state.parts, clock=clock).signed_in(
        "viewer"
    )

    def happen() -> None:
        placet.activate(change)
        clock.forward(minutes=10)

    interrupted.acts = [lambda: None] * reads + [happen]
    at = (NOON + timedelta(minutes=5)).isoformat()
    answer = client.get("/v1/environments/development/live", params={"at": at})

    assert answer.status_code == 409 or answer.json()["seq"] == 2
