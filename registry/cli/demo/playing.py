"""Playing the story: act by act, each when its time has come."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from registry.api import observing
from registry.cli.demo import acts
from registry.cli.demo.commanding import command_of
from registry.cli.demo.operating import operate
from registry.cli.demo.stage import Stage


def play(stage: Stage, story: Sequence[acts.Act], tell: Callable[[int], None]) -> None:
    """Args:
    tell: Is told how many acts are done.
    """
    with _quiet():
        for number, act in enumerate(story, start=1):
            stage.clock.at = act.at.moment(stage.now)
            if isinstance(act.does, acts.Ungoverned):
                operate(act.does, stage, act.who)
            else:
                _govern(act, stage)
            tell(number)


@contextmanager
def _quiet() -> Iterator[None]:
    """Alerts of the story are not logged as if they happened now."""
    log = logging.getLogger(observing.__name__)
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False


def _govern(act: acts.Act, stage: Stage) -> None:
    event = stage.write(command_of(act.does, stage), act.who)
    match act.does:
        case (
            acts.Start(name=name)
            | acts.Propose(name=name)
            | acts.Promote(name=name)
            | acts.ProposePolicy(name=name)
            | acts.Resume(name=name)
        ):
            stage.call_change(name)
        case (
            acts.Activate(change=name)
            | acts.Emergency(change=name)
            | acts.RollBack(name=name)
        ):
            stage.call_live(name, event)
        case _:
            pass
